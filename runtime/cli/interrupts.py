"""Ctrl-C while a language model reads: noticed in the middle of a step, which can take seconds.

with noticed() as interrupt:
    judge.stopping = interrupt.asked
    marks = StoppableMarker(marker, interrupt).mark(items)
"""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from runtime.marking.item import Item
from runtime.marking.mark import Mark

if TYPE_CHECKING:
    from runtime.marking.events import Event
    from runtime.marking.marker import Marker

T = TypeVar("T")


class Interrupt:
    """Whether Ctrl-C was pressed. The second time Python's own way is taken."""

    def __init__(self) -> None:
        self._asked = False

    def asked(self) -> bool:
        """Whether to give up. Never raises: it is called from within llama.cpp."""
        return self._asked

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if Ctrl-C was pressed."""
        if self._asked:
            raise KeyboardInterrupt

    def guarded(self, work: Callable[[], T]) -> T:
        """Return what ``work`` does; being stopped by us is an interruption."""
        from runtime.judge.decoding.branches import StoppedError  # noqa: PLC0415

        self.check()
        try:
            return work()
        except StoppedError:
            raise KeyboardInterrupt from None

    def notice(self, _number: int, _frame: FrameType | None) -> None:
        """Take note of the signal."""
        self.check()
        self._asked = True


class StoppableMarker:
    """A marker whose model Ctrl-C stops in the middle of a step, as ``KeyboardInterrupt``."""

    def __init__(self, marker: "Marker", interrupt: Interrupt) -> None:
        self._marker, self._interrupt = marker, interrupt

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        """Return one mark an item, in order."""
        return self.mark_aloud(items, lambda _event: None)

    def mark_aloud(self, items: Sequence[Item], heard: "Callable[[Event], None]") -> list[Mark]:
        """Return one mark an item, in order; ``heard`` is told all that comes before."""

        def work() -> list[Mark]:
            marks: list[Mark] = []
            for event in self._marker.stream(items):
                heard(event)
                if event.kind == "done" and event.mark:
                    marks.append(event.mark)
            return marks

        return self._interrupt.guarded(work)


@contextmanager
def noticed() -> Iterator[Interrupt]:
    """Take note of Ctrl-C instead of raising; where it is ignored, and in other threads, nothing
    changes."""
    interrupt = Interrupt()
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored or threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, interrupt.notice)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
