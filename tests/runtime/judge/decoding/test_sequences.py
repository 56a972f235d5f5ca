"""Sequences: the logits of each prompt as if it were alone, whatever it shares and with whom."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from runtime.errors import ModelError
from runtime.judge.batches import Piece
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.decoding.admission import STORED_FROM
from runtime.judge.decoding.branches import (
    BranchContext,
    BranchLimits,
    OutOfRoomError,
    StoppedError,
)
from runtime.judge.decoding.prefix_store import PrefixStore
from runtime.judge.decoding.sequences import Held, Prompt, Sequences
from runtime.judge.engine import Model
from runtime.judge.lora import LoraAdapter
from runtime.judge.tokens import Ids
from tests.runtime.judge.decoders import NEAR, Files, some_ids
from tests.runtime.judge.decoding.windowed import WINDOW, write_windowed
from tests.tiny_decoders import POSITIONS, VOCABULARY, added, forward

LIMITS = BranchLimits(512, 8, step=64, threads=1, exact=True)
CLASS = some_ids(40, seed=1)
WINDOWED_NEAR = 5e-3
"""llama.cpp looks Gemma's GELU up in a table of 16-bit numbers: a neighbour is this far away."""


def prompt(*parts: list[int], public: int = 0) -> Prompt:
    return Prompt(np.concatenate(parts).astype(np.int32), public)


def answers(count: int, public: int = 0) -> list[Prompt]:
    return [prompt(CLASS, some_ids(5 + 3 * i, seed=10 + i), public=public) for i in range(count)]


@contextmanager
def opened(model: Model, limits: BranchLimits = LIMITS) -> Iterator[Sequences]:
    with BranchContext(model, limits) as context, Sequences(context) as sequences:
        yield sequences


@pytest.fixture
def sequences(model: Model) -> Iterator[Sequences]:
    with opened(model) as found:
        yield found


def assert_right(files: Files, prompts: list[Prompt], held: list[Held]) -> None:
    assert len({one.sequence for one in held}) == len(prompts)
    for asked, found in zip(prompts, held, strict=True):
        expected = forward(files.weights, [int(i) for i in asked.ids]).logits[-1]
        np.testing.assert_allclose(found.logits, expected, atol=NEAR)
        assert found.length == len(asked.ids)


class TestHold:
    def test_gives_the_logits_of_each(self, sequences: Sequences, decoder: Files) -> None:
        prompts = answers(6)
        assert_right(decoder, prompts, sequences.hold(prompts))

    def test_reads_what_is_shared_once(self, sequences: Sequences) -> None:
        prompts = answers(6)
        sequences.hold(prompts)
        assert sequences.read_tokens == 40 + sum(len(p.ids) - 40 for p in prompts)

    def test_reads_the_same_prompt_once(self, sequences: Sequences, decoder: Files) -> None:
        [one] = answers(1)
        held = sequences.hold([one, one, one])
        assert_right(decoder, [one, one, one], held)
        assert sequences.read_tokens == len(one.ids)

    def test_ids_may_be_a_view(self, sequences: Sequences, decoder: Files) -> None:
        views = [one._replace(ids=np.repeat(one.ids, 2)[::2]) for one in answers(2)]
        assert_right(decoder, answers(2), sequences.hold(views))

    def test_shares_at_several_levels(self, sequences: Sequences, decoder: Files) -> None:
        criteria = [some_ids(4, seed=50 + i) for i in range(3)]
        prompts = [
            prompt(CLASS, some_ids(10, seed=a), criterion)
            for a in (60, 61)
            for criterion in criteria
        ]
        assert_right(decoder, prompts, sequences.hold(prompts))
        assert sequences.read_tokens == 40 + 2 * 10 + 6 * 4

    def test_one_prompt_may_begin_another(self, sequences: Sequences, decoder: Files) -> None:
        prompts = [prompt(CLASS[:n]) for n in (40, 17, 1, 39, 18)]
        assert_right(decoder, prompts, sequences.hold(prompts))

    def test_reads_a_prompt_longer_than_a_step(self, sequences: Sequences, decoder: Files) -> None:
        prompts = [prompt(some_ids(300))]
        assert_right(decoder, prompts, sequences.hold(prompts))

    def test_shares_with_what_is_held_already(self, sequences: Sequences, decoder: Files) -> None:
        first, second = answers(2)
        held = sequences.hold([first])
        before = sequences.read_tokens
        more = sequences.hold([second])
        assert sequences.read_tokens - before == len(second.ids) - 40
        assert_right(decoder, [first, second], [*held, *more])

    @pytest.mark.parametrize("public", [0, 40])
    def test_nothing_is_nothing(self, sequences: Sequences, public: int) -> None:
        with pytest.raises(ModelError, match="no tokens"):
            sequences.hold([*answers(1), Prompt(np.empty(0, np.int32), public)])
        assert sequences.free == LIMITS.sequences

    def test_an_id_that_is_no_token_is_refused(self, sequences: Sequences, decoder: Files) -> None:
        with pytest.raises(ModelError):
            sequences.hold([prompt(CLASS, [VOCABULARY])])
        assert_right(decoder, answers(3), sequences.hold(answers(3)))

    @given(
        st.lists(
            st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=7), max_size=5), max_size=6
        )
    )
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_whatever_came_before(
        self, sequences: Sequences, decoder: Files, calls: list[list[list[int]]]
    ) -> None:
        for call in calls:
            prompts = [prompt(ids) for ids in call]
            held = sequences.hold(prompts)
            assert_right(decoder, prompts, held)
            for one in held:
                sequences.release(one)
            assert (sequences.free, sequences.room) == (LIMITS.sequences, LIMITS.tokens)


class TestRelease:
    def test_what_was_read_serves_the_next(self, sequences: Sequences, decoder: Files) -> None:
        for one in sequences.hold(answers(4)):
            sequences.release(one)
        before = sequences.read_tokens
        longer = [prompt([int(i) for i in p.ids], some_ids(6, seed=5)) for p in answers(4)]
        assert_right(decoder, longer, sequences.hold(longer))
        # The last token of each is read again: only that gives logits.
        assert sequences.read_tokens - before == 4 * (6 + 1)

    def test_the_class_outlives_many_answers(self, sequences: Sequences) -> None:
        for seed in range(100, 140):
            [held] = sequences.hold([prompt(CLASS, some_ids(20, seed=seed))])
            sequences.release(held)
        assert sequences.read_tokens == 40 + 40 * 20

    def test_what_was_used_longest_ago_goes_first(self, sequences: Sequences) -> None:
        for seed in (1, 2, 1, 3, 4):
            [held] = sequences.hold([prompt(some_ids(150, seed=seed))])
            sequences.release(held)
        before = sequences.read_tokens
        sequences.release(*sequences.hold([prompt(some_ids(150, seed=1))]))
        assert sequences.read_tokens - before == 1
        sequences.release(*sequences.hold([prompt(some_ids(150, seed=2))]))
        assert sequences.read_tokens - before > 1 + 1

    def test_room_and_sequences_come_back(self, sequences: Sequences) -> None:
        held = sequences.hold(answers(5))
        own = sum(len(p.ids) - 40 for p in answers(5))
        assert (sequences.free, sequences.room) == (3, 512 - 40 - own)
        for one in held:
            sequences.release(one)
        assert (sequences.free, sequences.room) == (8, 512)

    def test_twice_is_once(self, sequences: Sequences, decoder: Files) -> None:
        first, second = sequences.hold(answers(2))
        sequences.release(first)
        sequences.release(first)
        assert sequences.free == 7
        assert_right(decoder, answers(1), sequences.hold(answers(1)))
        sequences.release(second)


class TestOutOfRoom:
    def test_too_many_at_once_leave_nothing_held(
        self, sequences: Sequences, decoder: Files
    ) -> None:
        with pytest.raises(OutOfRoomError, match="9 prompts are to be held and 8 can be"):
            sequences.hold(answers(9))
        assert (sequences.free, sequences.room) == (8, 512)
        assert_right(decoder, answers(8), sequences.hold(answers(8)))

    def test_too_many_tokens_leave_nothing_held(self, sequences: Sequences) -> None:
        kept = sequences.hold(answers(1))
        with pytest.raises(OutOfRoomError, match=r"600 tokens .* room for 467"):
            sequences.hold([prompt(some_ids(300, seed=s)) for s in (7, 8)])
        assert sequences.free == 7
        sequences.release(*kept)

    def test_a_prompt_longer_than_the_context_says_the_numbers(self, sequences: Sequences) -> None:
        with pytest.raises(OutOfRoomError, match=r"513 tokens .* 512 is the most"):
            sequences.hold([prompt(some_ids(513))])

    def test_a_prompt_longer_than_the_model_knows(self, sequences: Sequences) -> None:
        with pytest.raises(ModelError, match=f"knows {POSITIONS} positions"):
            sequences.hold([prompt(some_ids(POSITIONS + 1))])

    def test_what_only_lies_about_makes_room(self, sequences: Sequences, decoder: Files) -> None:
        for seed in range(6):
            prompts = [prompt(some_ids(500, seed=seed))]
            held = sequences.hold(prompts)
            assert_right(decoder, prompts, held)
            sequences.release(*held)


class TestGrowAndRetreat:
    def test_growing_goes_on_where_the_prompt_ends(
        self, sequences: Sequences, decoder: Files
    ) -> None:
        held = sequences.hold(answers(2))
        more = some_ids(9, seed=3)
        grown = sequences.grow(held[0], more)
        assert_right(decoder, [prompt([int(i) for i in answers(2)[0].ids], more)], [grown])
        assert grown.sequence == held[0].sequence

    def test_what_was_read_beside_it_is_not_read_again(
        self, sequences: Sequences, decoder: Files
    ) -> None:
        [held] = sequences.hold(answers(1))
        more = some_ids(9, seed=3)
        sequences.context.read([Piece(held.sequence, more[:5], held.length, 1)])
        before = sequences.read_tokens
        grown = sequences.grow(held, more)
        assert sequences.read_tokens - before == 4
        assert_right(decoder, [prompt([int(i) for i in answers(1)[0].ids], more)], [grown])

    def test_what_was_grown_serves_later_prompts(self, sequences: Sequences) -> None:
        [asked] = answers(1)
        [held] = sequences.hold([asked])
        more = some_ids(9, seed=3)
        sequences.release(sequences.grow(held, more))
        before = sequences.read_tokens
        sequences.hold([prompt([int(i) for i in asked.ids], more, [7])])
        assert sequences.read_tokens - before == 2

    @pytest.mark.parametrize("length", [1, 20, 39, 40, 41, 44, 45, 50])
    def test_a_sequence_can_go_back(
        self, sequences: Sequences, decoder: Files, length: int
    ) -> None:
        asked = answers(2)
        held = sequences.hold(asked)
        sequences.grow(held[0], some_ids(8, seed=3))
        sequences.retreat(held[0], length)
        more = some_ids(4, seed=8)
        grown = sequences.grow(held[0], more)
        whole = [*asked[0].ids, *some_ids(8, seed=3)][:length]
        assert_right(decoder, [prompt([int(i) for i in whole], more)], [grown])
        for one in held:
            sequences.release(one)
        assert_right(decoder, asked, sequences.hold(asked))

    def test_one_that_cannot_grow_stays_as_it_was(
        self, sequences: Sequences, decoder: Files
    ) -> None:
        [held] = sequences.hold(answers(1))
        with pytest.raises(OutOfRoomError):
            sequences.grow(held, some_ids(600))
        assert sequences.context.length(held.sequence) == held.length
        grown = sequences.grow(held, [7])
        assert_right(decoder, [prompt([int(i) for i in answers(1)[0].ids], [7])], [grown])


class TestStopping:
    @pytest.mark.parametrize("after", [0, 1, 7, 30, 60, 100])
    def test_the_next_call_works(self, sequences: Sequences, decoder: Files, after: int) -> None:
        sequences.context.stopping = stop_after(after)
        try:
            held = sequences.hold(answers(6))
        except StoppedError:
            assert (sequences.free, sequences.room) == (8, 512)
        else:
            pytest.fail(f"{after} questions were not asked: {held}")
        sequences.context.stopping = None
        assert_right(decoder, answers(6), sequences.hold(answers(6)))

    def test_a_thousand_times_takes_no_memory(
        self, sequences: Sequences, decoder: Files, caplog: pytest.LogCaptureFixture
    ) -> None:
        # pytest would keep each of llama.cpp's complaints.
        caplog.set_level(logging.CRITICAL, "kindmark.llama")

        def rounds(count: int) -> None:
            for i in range(count):
                sequences.context.stopping = stop_after(i % 150)
                try:
                    held = sequences.hold(answers(4))
                except StoppedError:
                    continue
                for one in held:
                    sequences.release(one)

        rounds(200)
        before = resident()
        rounds(1000)
        # Less than a leaked row of logits a round, which is 1.2 MB.
        assert resident() - before < 600_000
        sequences.context.stopping = None
        assert_right(decoder, answers(6), sequences.hold(answers(6)))


class TestAdapters:
    def test_what_was_read_with_others_is_forgotten(
        self, model: Model, sequences: Sequences, decoder: Files
    ) -> None:
        with LoraAdapter.open(model, decoder.loras[0]) as maths:
            for adapters, weights in (
                ([(maths, 1.0)], added(decoder.weights, (decoder.changes[0], 1.0))),
                ([], decoder.weights),
            ):
                sequences.use(adapters)
                held = sequences.hold(answers(3))
                assert_right(decoder._replace(weights=weights), answers(3), held)

    def test_the_same_again_forgets_nothing(self, sequences: Sequences) -> None:
        sequences.use([], "base")
        sequences.release(*sequences.hold(answers(1)))
        sequences.use([], "base")
        before = sequences.read_tokens
        sequences.hold(answers(1))
        assert sequences.read_tokens - before == 1


class TestWindows:
    """Layers that see a window of the last tokens, with a beginning that is longer than it."""

    @pytest.fixture(scope="class")
    def path(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_windowed(tmp_path_factory.mktemp("windowed") / "w.gguf", seed=1)

    @pytest.fixture
    def windowed(self, path: Path) -> Iterator[Model]:
        with Model(path) as found:
            yield found

    @pytest.mark.parametrize("public", [0, 5 * WINDOW])
    def test_branches_are_as_if_alone(self, windowed: Model, public: int) -> None:
        shared = some_ids(5 * WINDOW)
        prompts = [
            prompt(shared, some_ids(2 + 9 * i, seed=20 + i), public=public) for i in range(5)
        ]
        with opened(windowed) as sequences:
            for _ in range(3):
                held = sequences.hold(prompts)
                assert_near(windowed, [(p.ids, h) for p, h in zip(prompts, held, strict=True)])
                for one in held:
                    sequences.release(one)
            own = sum(len(p.ids) - len(shared) for p in prompts)
            # Answers are read anew: a window has forgotten what a branch would need.
            assert sequences.read_tokens == len(shared) + 3 * own
            assert (sequences.free, sequences.room) == (8, 512)

    def test_growing_and_going_back(self, windowed: Model) -> None:
        asked = prompt(some_ids(70), some_ids(9, seed=4), public=70)
        more = some_ids(3 * WINDOW, seed=6)
        with opened(windowed) as sequences:
            [held] = sequences.hold([asked])
            assert_near(windowed, [(np.append(asked.ids, more), sequences.grow(held, more))])
            for length in (75, 60):
                sequences.retreat(held, length)
                grown = sequences.grow(held, more[:2])
                assert_near(windowed, [(np.append(asked.ids[:length], more[:2]), grown)])

    def test_many_more_tokens_than_there_are_cells(self, windowed: Model) -> None:
        with opened(windowed) as sequences:
            for seed in range(8):
                asked = [
                    prompt(some_ids(200, seed=seed), some_ids(20, seed=s), public=200)
                    for s in range(3)
                ]
                held = sequences.hold(asked)
                assert_near(windowed, [(p.ids, h) for p, h in zip(asked, held, strict=True)])
                for one in held:
                    sequences.release(one)


def assert_near(model: Model, found: list[tuple[Ids, Held]]) -> None:
    with CausalContext(model, CausalLimits(1024, threads=1, exact=True)) as alone:
        for ids, held in found:
            [expected] = alone.logits(ids, len(ids) - 1)
            np.testing.assert_allclose(held.logits, expected, atol=WINDOWED_NEAR)


def stop_after(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is None


def resident() -> int:
    """Return the bytes of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096


class TestStore:
    """What is public is kept between runs, and nothing else."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> PrefixStore:
        return PrefixStore(tmp_path)

    def read(
        self, model: Model, store: PrefixStore, prompts: list[Prompt], key: str = "m"
    ) -> tuple[int, list[NDArray[np.float32]]]:
        """Return how many tokens were read and the logits."""
        with BranchContext(model, LIMITS) as context, Sequences(context, store, key) as sequences:
            rows = [held.logits for held in sequences.hold(prompts)]
            return sequences.read_tokens, rows

    def test_the_second_run_reads_only_what_is_not_public(
        self, model: Model, store: PrefixStore
    ) -> None:
        shared = some_ids(STORED_FROM + 9)
        prompts = [prompt(shared, some_ids(5, seed=s), public=len(shared)) for s in (1, 2)]
        cold, first = self.read(model, store, prompts)
        warm, second = self.read(model, store, prompts)
        assert (cold, warm) == (len(shared) + 10, 10)
        np.testing.assert_array_equal(second, first)
        assert self.read(model, store, prompts, key="another")[0] == cold

    def test_a_beginning_of_which_a_part_lies_in_memory(
        self, model: Model, store: PrefixStore, decoder: Files
    ) -> None:
        system, questions = some_ids(70), [some_ids(80, seed=s) for s in (1, 2)]
        classes = [prompt(system, question, [5, 6], public=150) for question in questions]
        self.read(model, store, classes)
        with BranchContext(model, LIMITS) as context, Sequences(context, store, "m") as sequences:
            held = [sequences.hold([one])[0] for one in classes]
            assert_right(decoder, classes, held)
            assert sequences.read_tokens == 2 + 2
            assert sequences.room == 512 - (70 + 2 * (80 + 2))

    @pytest.mark.parametrize("public", [0, STORED_FROM - 1])
    def test_little_and_what_a_child_wrote_are_not_stored(
        self, model: Model, store: PrefixStore, public: int
    ) -> None:
        prompts = [prompt(some_ids(90), some_ids(5, seed=s), public=public) for s in (1, 2)]
        self.read(model, store, prompts)
        assert store.size == 0


def test_a_memory_that_the_prompts_fill_to_the_last_cell(model: Model, decoder: Files) -> None:
    prompts = [prompt(CLASS, some_ids(72, seed=10 + i)) for i in range(3)]
    with opened(model, BranchLimits(256, 8, step=128, threads=1, exact=True)) as sequences:
        held = sequences.hold(prompts)
        assert sequences.room == 0
        assert_right(decoder, prompts, held)
