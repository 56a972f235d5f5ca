"""From rows to marks, in batches: what grade, demo and eval have in common.

with open_marker(rows, review_below=None) as opened:
    mark_rows(rows, opened, sink, batch=32, show=print)
"""

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Protocol, Self

import msgspec

from runtime import __version__
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.marks import Marked, stamped
from runtime.records.rows import Row

if TYPE_CHECKING:
    from runtime.marking.decision import Calibration

BATCH = 32
"""Rows a batch: a class. A larger one gains little speed, and more is marked again after Ctrl-C."""

_SHOWN_PROBLEMS = 5


class Marks(Protocol):
    """What marks items; ``runtime.marking.marker.Marker`` is the one."""

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        """Return one mark an item, in order."""


class OpenMarker(msgspec.Struct, frozen=True):
    """A marker, and what its marks are made by."""

    marker: Marks
    stamp: Mapping[str, str]
    """Kept in the provenance of every mark."""
    models: Mapping[str, str]
    """What the judge adds to the provenance of its marks."""


class Tally(msgspec.Struct):
    """What a run came to."""

    verdicts: Counter[Verdict] = msgspec.field(default_factory=Counter)
    review: int = 0
    problems: list[str] = []
    earlier: int = 0
    """Marks of an earlier run, which this one continues."""
    start: float = msgspec.field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, earlier: Sequence[Mark]) -> Self:
        """Begin with the marks of an earlier run."""
        tally = cls(earlier=len(earlier))
        tally.add(earlier)
        return tally

    def add(self, marks: Iterable[Mark]) -> None:
        """Count marks."""
        for mark in marks:
            self._add(mark)

    def _add(self, mark: Mark) -> None:
        self.verdicts[mark.verdict] += 1
        unmarked = mark.verdict is Verdict.UNMARKED
        self.review += mark.needs_review and not unmarked
        if unmarked and len(self.problems) < _SHOWN_PROBLEMS:
            self.problems.append(" ".join(mark.reasons))

    @property
    def unmarked(self) -> int:
        """Number of rows without a mark."""
        return self.verdicts[Verdict.UNMARKED]

    @property
    def total(self) -> int:
        """Number of rows."""
        return self.verdicts.total()

    def summary(self) -> str:
        """Return a few lines for stderr."""
        right, part, wrong = (
            self.verdicts[verdict]
            for verdict in (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)
        )
        lines = [
            f"{self.total - self.unmarked} marked: {right} correct, {part} partial, "
            f"{wrong} incorrect; {self.review} to review; {self.unmarked} unmarked."
        ]
        lines += [f"  {problem}" for problem in self.problems]
        if self.unmarked > len(self.problems):
            lines.append(f"  and {self.unmarked - len(self.problems)} more")
        if now := self.total - self.earlier:
            seconds = time.perf_counter() - self.start
            lines.append(f"{_counted(now)} in {seconds:.1f} s{_rate(now, seconds)}.")
        return "\n".join(lines)


def _counted(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"


def _rate(answers: int, seconds: float) -> str:
    # Of less than half a second, most is start-up.
    return f": {answers / seconds:.1f} answers a second" if seconds >= 0.5 else ""


class Settings(msgspec.Struct, frozen=True):
    """What a run is made with besides models; ``stamp`` goes into the provenance of its marks."""

    calibration: "Calibration"
    stamp: Mapping[str, str]


def settings(review_below: float | None) -> Settings:
    """Read the shipped calibration, with another threshold for review where one is given."""
    from runtime.judge.calibration import load_calibration  # noqa: PLC0415

    calibration = load_calibration()
    if review_below is not None:
        calibration = msgspec.structs.replace(calibration, review_below=review_below)
    digest = hashlib.sha256(msgspec.json.encode(calibration, order="deterministic")).hexdigest()
    return Settings(calibration, {"kindmark": __version__, "calibration": digest})


@contextmanager
def open_marker(rows: Iterable[Row], review_below: float | None) -> Iterator[OpenMarker]:
    """Load what these rows need; a model is loaded only if some row is judged by one.

    Raises ``ModelError`` if that model is missing or unusable.
    """
    from runtime.marking.decision import uses_judge  # noqa: PLC0415
    from runtime.marking.marker import Marker  # noqa: PLC0415

    chosen = settings(review_below)
    with ExitStack() as stack:
        judge = None
        if any(row.item and uses_judge(row.item) for row in rows):
            from runtime.judge.embedded import load_judge  # noqa: PLC0415

            judge = stack.enter_context(load_judge())
        marker = stack.enter_context(Marker(judge, chosen.calibration))
        yield OpenMarker(marker, chosen.stamp, judge.provenance if judge else {})


def mark_batches(
    rows: Iterable[Row], opened: OpenMarker, size: int = BATCH
) -> Iterator[list[Marked]]:
    """Yield the marks of ``size`` rows at a time, in order; rows that are no items included."""
    waiting = iter(rows)
    while part := list(islice(waiting, size)):
        marks = iter(opened.marker.mark([row.item for row in part if row.item]))
        yield [
            (row, stamped(row, next(marks) if row.item else row.unmarked(), opened.stamp))
            for row in part
        ]
