"""What the desk needs of the marking process: ``MarkingWorker`` has it, and fakes in tests.

writing = Writing(worker)
writing.wanted = False              from the next request on, marks without the model's own words
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

from runtime.marking.events import Event
from runtime.marking.item import Item
from runtime.marking.mark import Mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Worker(Protocol):
    """Marks and compares elsewhere; see ``MarkingWorker`` for what the futures raise."""

    def mark(
        self,
        items: Sequence[Item],
        *,
        feedback: bool = False,
        told: Callable[[Event], None] | None = None,
    ) -> "Future[list[Mark]]":
        """Mark items; ``told`` hears of each as it comes."""

    def compare(self, texts: Sequence[str]) -> "Future[NDArray[np.float32]]":
        """Return how alike the texts are, ``(n, n)``."""

    def stop(self, future: "Future[Any]") -> None:
        """Give up a request."""


class Writing:
    """A worker that also has feedback written while it is ``wanted``, if its model can write.

    Models that cannot mark as they always do, with the words of the evidence.
    """

    def __init__(self, worker: Worker, wanted: bool = True) -> None:
        self.wanted = wanted
        self._worker = worker
        self.compare, self.stop = worker.compare, worker.stop

    def mark(
        self,
        items: Sequence[Item],
        *,
        feedback: bool = False,
        told: Callable[[Event], None] | None = None,
    ) -> "Future[list[Mark]]":
        """Mark items; with ``feedback``, whatever is wanted otherwise."""
        return self._worker.mark(items, feedback=feedback or self.wanted, told=told)
