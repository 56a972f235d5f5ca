"""From rows to marks, in batches: what grade, demo and eval have in common.

with open_marker(rows, None, Choice(model="qwen2.5-1.5b")) as opened:
    for marked in mark_batches(rows, opened): ...
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import msgspec

from runtime import __version__
from runtime.cli import console
from runtime.cli.interrupts import StoppableMarker, noticed
from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.marking.mark import Mark
from runtime.records.marks import Marked, stamped
from runtime.records.rows import Row

if TYPE_CHECKING:
    from runtime.judge.llm.locating import Located
    from runtime.marking.decision import Calibration
    from runtime.marking.events import Event

BATCH = 32
"""Rows a batch: a class. A larger one gains little speed, and more is marked again after Ctrl-C."""


class Marks(Protocol):
    """What marks items; ``runtime.marking.marker.Marker`` is the one."""

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        """Return one mark an item, in order."""


Heard = Callable[["Event"], None]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which model marks, and how; ``model`` "" is the user's choice, else the embedded default.

    ``memory`` is in bytes; ``feedback``: the model writes to the child. What is about a language
    model is refused where none marks.
    """

    model: str = ""
    cascade: bool = True
    feedback: bool = False
    memory: int | None = None

    def located(self) -> "Located | None":
        """Return where the model lies, ``None`` for the embedded default.

        Raises ``BadInputError`` or ``ModelError`` naming what is wrong with the choice.
        """
        from runtime.preferences import preferences  # noqa: PLC0415

        found, name = None, self.model or preferences().model
        if name:
            from runtime.judge.llm.locating import located  # noqa: PLC0415

            found = located(name)
        about = {
            "--no-cascade": not self.cascade,
            "--feedback": self.feedback,
            "--memory": self.memory is not None,
        }
        given = next((name for name, is_given in about.items() if is_given), None)
        if given and not found:
            raise BadInputError(
                f"{given} is about a language model, and the embedded default is none.",
                "Name one with --model, or choose one with: kindmark models use NAME",
            )
        return found


class OpenMarker(msgspec.Struct, frozen=True):
    """A marker, and what its marks are made by."""

    marker: Marks
    stamp: Mapping[str, str]
    """Kept in the provenance of every mark."""
    models: Mapping[str, str]
    """What the judge adds to the provenance of its marks."""


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


DEFAULT = Choice()
"""The user's own choice, as it comes."""


@contextmanager
def open_marker(
    rows: Iterable[Row], review_below: float | None, choice: Choice = DEFAULT
) -> Iterator[OpenMarker]:
    """Load what these rows need; a model is loaded only if some row may be judged by one.

    Raises ``ModelError`` if that model is missing, unusable or too large for memory, and
    ``BadInputError`` if there is none of that name.
    """
    from runtime.marking.decision import uses_judge  # noqa: PLC0415
    from runtime.marking.marker import Marker  # noqa: PLC0415

    chosen, found = settings(review_below), choice.located()
    with ExitStack() as stack:
        if found:
            yield stack.enter_context(_with_model(found, choice, chosen, rows))
            return
        judge = None
        if any(row.item and uses_judge(row.item) for row in rows):
            from runtime.judge.embedded import load_judge  # noqa: PLC0415

            judge = stack.enter_context(load_judge())
        marker = stack.enter_context(Marker(judge, chosen.calibration))
        yield OpenMarker(marker, chosen.stamp, judge.provenance if judge else {})


@contextmanager
def _with_model(
    found: "Located", choice: Choice, chosen: Settings, rows: Iterable[Row]
) -> Iterator[OpenMarker]:
    from runtime.judge.llm.opening import Options, open_judge  # noqa: PLC0415
    from runtime.marking.marker import Marker  # noqa: PLC0415

    options = Options(choice.cascade, choice.feedback, choice.memory)
    with (
        noticed() as interrupt,
        open_judge(found, options) as opened,
        Marker(opened.judge, chosen.calibration, opened.author) as marker,
    ):
        for note in opened.notes:
            console.say(note)
        opened.model.stopping = interrupt.asked
        interrupt.guarded(lambda: opened.model.prepare(row.item for row in rows if row.item))
        provenance = opened.judge.provenance
        yield OpenMarker(StoppableMarker(marker, interrupt), chosen.stamp, provenance)


def mark_batches(
    rows: Iterable[Row], opened: OpenMarker, size: int = BATCH, heard: Heard | None = None
) -> Iterator[list[Marked]]:
    """Yield the marks of ``size`` rows at a time, in order; rows that are no items included.

    ``heard`` is told what comes of a batch before it is whole, where a language model marks.
    """
    waiting = iter(rows)
    while part := list(islice(waiting, size)):
        items = [row.item for row in part if row.item]
        marks = iter(_heard(opened.marker, items, heard))
        yield [
            (row, stamped(row, next(marks) if row.item else row.unmarked(), opened.stamp))
            for row in part
        ]


def _heard(marker: Marks, items: Sequence[Item], heard: Heard | None) -> list[Mark]:
    if heard and isinstance(marker, StoppableMarker):
        return marker.mark_aloud(items, heard)
    return marker.mark(items)
