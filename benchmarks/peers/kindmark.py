"""Kindmark itself, through ``runtime.judge``: what is shared is read once, the rest in full steps.

"kindmark": with an empty memory. "kindmark_again": the same class once more in a new memory, with
what the first time left on disk (``PrefixStore``). "kindmark_single": each answer alone in an
empty memory, to see that a class changes no verdict; its time is the plain loop's. Nothing is
decided without the model here; the cascade is measured on real classes (``cascade``).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from benchmarks.class_sets import common
from benchmarks.peers.job import Job, Result, Spent, peak_memory
from benchmarks.peers.messages import LABELS, messages
from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import BranchContext
from runtime.judge.decoding.prefix_store import PrefixStore
from runtime.judge.decoding.room import Needs, plan
from runtime.judge.decoding.scoring import ScoreRequest, distribution, score
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.decoding.writing import ANYTHING, Writer, WriteRequest
from runtime.judge.llm.chat_model import ChatModel
from runtime.marking.item import Item

Probabilities = tuple[tuple[float, ...], ...]


class Measured:
    """A loaded model and the memory for one class."""

    def __init__(self, job: Job, chat: ChatModel) -> None:
        self.job, self._chat = job, chat
        prompts = [chat.prompt(messages(item)).ids.tolist() for item in job.items]
        shared = common(prompts)
        reply = job.tokens if job.work == "feedback" else 0
        needs = Needs(shared, max(map(len, prompts)) - shared, len(prompts), reply)
        self.limits = plan(chat.model, needs)._replace(threads=job.threads)

    def lengths(self, items: Sequence[Item]) -> tuple[int, ...]:
        """Return the tokens of each prompt."""
        return tuple(len(self._chat.prompt(messages(item)).ids) for item in items)

    @contextmanager
    def sequences(self) -> Iterator[Sequences]:
        """Give an empty memory whose weights are warm."""
        store = PrefixStore(Path(self.job.store)) if self.job.store else None
        with BranchContext(self._chat.model, self.limits) as context:
            context.read([Piece(0, list(range(8)), 0, 1)])
            context.clear()
            with Sequences(context, store, key=self.job.model) as sequences:
                yield sequences

    def verdicts(self, sequences: Sequences, items: Sequence[Item]) -> Probabilities:
        """Return the probabilities of the verdicts on each answer."""
        asked = [self._chat.question(messages(item), "", LABELS) for item in items]
        requests = [ScoreRequest(one.prompt, one.labels) for one in asked]
        found = score(sequences, requests)
        return tuple(tuple(distribution(one).tolist()) for one in found)

    def feedback(self, sequences: Sequences, items: Sequence[Item]) -> tuple[int, ...]:
        """Write to each answer; return the tokens of each reply."""
        prompts = [self._chat.prompt(messages(item)) for item in items]
        requests = [WriteRequest(prompt, ANYTHING, self.job.tokens) for prompt in prompts]
        written = [0] * len(requests)
        for piece in Writer(sequences).write(requests):
            if piece.done:
                written[piece.request] = len(piece.ids)
        return tuple(written)


def measure(job: Job) -> Result:
    """Mark the class, or write to it, and return the figures."""
    with ChatModel.open(Path(job.model)) as chat:
        measured = Measured(job, chat)
        return _METHODS[job.method](measured)


def _once(measured: Measured) -> Result:
    with measured.sequences() as sequences:
        return _timed(measured, sequences, measured.job.items)


def _again(measured: Measured) -> Result:
    with measured.sequences() as sequences:
        measured.verdicts(sequences, measured.job.items[:1])
    return _once(measured)


def _single(measured: Measured) -> Result:
    results = []
    for item in measured.job.sample:
        with measured.sequences() as sequences:
            results.append(_timed(measured, sequences, [item]))
    answers = len(results)
    total = Spent(*(sum(part) for part in zip(*(one.spent for one in results), strict=True)))
    return Result(
        spent=total.times(len(measured.job.items) / answers),
        answers=answers,
        peak=peak_memory(),
        read=tuple(count for one in results for count in one.read),
        written=tuple(count for one in results for count in one.written),
        probabilities=tuple(row for one in results for row in one.probabilities),
    )


def _timed(measured: Measured, sequences: Sequences, items: Sequence[Item]) -> Result:
    written: tuple[int, ...] = ()
    probabilities: Probabilities = ()
    start = Spent.now()
    if measured.job.work == "verdicts":
        probabilities = measured.verdicts(sequences, items)
    else:
        # A random model soon repeats itself, and a true one hardly ever; the tokens are wanted.
        with patch("runtime.judge.decoding.streaming.MIN_LOOP", 1_000_000):
            written = measured.feedback(sequences, items)
    spent = Spent.now().since(start)
    return Result(
        spent=spent,
        answers=len(items),
        peak=peak_memory(),
        read=measured.lengths(items),
        written=written,
        decoded=sequences.read_tokens,
        probabilities=probabilities,
    )


_METHODS: dict[str, Callable[[Measured], Result]] = {
    "kindmark": _once,
    "kindmark_again": _again,
    "kindmark_single": _single,
}
