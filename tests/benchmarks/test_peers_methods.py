"""The methods really run, on a tiny model: they read the same prompts and write as many tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import hugging_face, kindmark, llama_loop
from benchmarks.peers.job import REPLY, Job, Result, Work
from runtime.marking.item import Item, Task

ANSWERS = ("It swims.", "The ice is lighter than the water.", "It is cold up there, I think.")
ITEMS = tuple(
    Item(
        id=str(at),
        task=Task.SHORT_ANSWER,
        question="Why does ice swim on the water?",
        reference="Ice is less dense than water.",
        answer=answer,
    )
    for at, answer in enumerate(ANSWERS)
)
METHODS: dict[str, Callable[[Job], Result]] = {
    "loop": llama_loop.measure,
    "prefix": llama_loop.measure,
    "ram_cache": llama_loop.measure,
    "transformers": hugging_face.measure,
}


@dataclass
class Measure:
    model: Path
    store: Path

    def __call__(self, method: str, work: Work, few: int = 0) -> Result:
        store = str(self.store) if method == "kindmark_again" else ""
        model = str(self.model)
        job = Job(method=method, work=work, model=model, items=ITEMS, few=few, store=store)
        return METHODS.get(method, kindmark.measure)(job)


@pytest.fixture
def measure(tiny_shape: Path, tmp_path: Path) -> Measure:
    return Measure(tiny_shape, tmp_path)


@pytest.mark.parametrize("method", ["loop", "prefix", "ram_cache", "transformers"])
def test_a_peer_reads_what_kindmark_reads(measure: Measure, method: str) -> None:
    found, ours = measure(method, "verdicts").read, measure("kindmark", "verdicts").read
    # Kindmark parts the words of others from its own, which may cost a token at each seam.
    assert np.allclose(found, ours, atol=4)


@pytest.mark.parametrize("method", ["loop", "transformers", "kindmark"])
def test_every_reply_has_the_length_that_is_timed(measure: Measure, method: str) -> None:
    assert measure(method, "feedback").written == (REPLY,) * len(ITEMS)


def test_kindmark_decodes_what_is_shared_once(measure: Measure) -> None:
    found = measure("kindmark", "verdicts")
    assert found.decoded is not None
    assert found.decoded < 0.6 * sum(found.read)


def test_the_second_run_decodes_no_shared_tokens(measure: Measure) -> None:
    first, second = measure("kindmark", "verdicts"), measure("kindmark_again", "verdicts")
    assert first.decoded is not None
    assert second.decoded is not None
    assert second.decoded < first.decoded / 2
    assert np.allclose(first.probabilities, second.probabilities, atol=0.01)


def test_one_by_one_gives_the_same_verdicts(measure: Measure) -> None:
    together, alone = measure("kindmark", "verdicts"), measure("kindmark_single", "verdicts")
    assert len(alone.probabilities) == len(ITEMS)
    assert np.allclose(together.probabilities, alone.probabilities, atol=0.01)


def test_few_answers_stand_for_the_class(measure: Measure) -> None:
    found = measure("loop", "verdicts", few=2)
    assert (found.answers, len(found.read)) == (2, 2)
