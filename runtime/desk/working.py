"""What the desk needs of the marking process: ``MarkingWorker`` has it, and fakes in tests."""

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
