"""Room: planned from what is asked, refused with the numbers, and enough when it is used."""

import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.decoding.branches import BranchContext
from runtime.judge.decoding.room import (
    BESIDE,
    SEQUENCES,
    Needs,
    bytes_of,
    free_memory,
    kv_bytes,
    plan,
)
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.engine import Model
from tests.runtime.judge.decoders import some_ids
from tests.tiny_decoders import HEAD, KV_HEADS, LAYERS, POSITIONS

CLASS = Needs(shared=400, longest=100, answers=30, reply=60)


def test_a_cell_takes_keys_and_values_of_every_layer(model: Model) -> None:
    assert kv_bytes(model) == LAYERS * KV_HEADS * (HEAD + HEAD) * 2


def test_a_class_fits_at_once_where_there_is_memory(model: Model) -> None:
    limits = plan(model, CLASS, 10**9)
    assert limits.sequences == SEQUENCES == 30 + BESIDE
    assert limits.tokens >= 400 + 30 * (100 + 60)
    assert bytes_of(model, limits) <= 10**9


def test_more_answers_than_sequences_take_turns(model: Model) -> None:
    assert plan(model, CLASS._replace(answers=500), 10**9) == plan(model, CLASS, 10**9)


@pytest.mark.parametrize("answers", [0, 1, 4])
def test_a_few_answers_take_no_more_than_they_need(model: Model, answers: int) -> None:
    limits = plan(model, CLASS._replace(answers=answers), 10**9)
    assert limits.sequences == max(1, answers) + BESIDE
    assert limits.tokens < plan(model, CLASS, 10**9).tokens


def test_less_memory_makes_smaller_batches(model: Model) -> None:
    one = bytes_of(model, plan(model, CLASS._replace(answers=1), 10**9))
    whole = bytes_of(model, plan(model, CLASS, 10**9))
    sizes = []
    for memory in range(one, whole, (whole - one) // 7):
        limits = plan(model, CLASS, memory)
        assert bytes_of(model, limits) <= memory
        sizes.append(limits.sequences)
    assert sizes == sorted(sizes)
    assert sizes[0] == 1 + BESIDE < sizes[-1] < SEQUENCES


def test_too_little_memory_for_one_says_the_numbers(model: Model) -> None:
    with pytest.raises(ModelError, match=r"takes \d+ MB for one answer of 560 .* and 0 MB") as told:
        plan(model, CLASS, 1000)
    assert told.value.remedy


def test_more_than_the_model_knows_says_the_numbers(model: Model) -> None:
    with pytest.raises(ModelError, match=f"5060 tokens .* knows {POSITIONS} positions") as told:
        plan(model, Needs(shared=4900, longest=100, answers=1, reply=60))
    assert told.value.remedy


def test_without_a_limit_it_is_what_is_free(model: Model) -> None:
    memory = free_memory()
    assert memory is None or memory > 10**6
    assert plan(model, CLASS) == plan(model, CLASS, memory)


@pytest.mark.parametrize("needs", [CLASS, Needs(0, 3, 1, 0), Needs(10, 1, 30, 0)])
def test_what_was_planned_is_enough(model: Model, needs: Needs) -> None:
    shared = some_ids(needs.shared)
    with BranchContext(model, plan(model, needs)) as context, Sequences(context) as sequences:
        prompts = [
            Prompt(np.array(shared + some_ids(needs.longest, seed=i), np.int32))
            for i in range(needs.answers)
        ]
        held = sequences.hold(prompts)
        if needs.reply:
            held = [sequences.grow(one, some_ids(needs.reply)) for one in held]
        assert len(held) == needs.answers
