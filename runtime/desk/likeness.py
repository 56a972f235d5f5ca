"""How alike the answers to a question are in meaning, asked of the marking process once.

likeness = Likeness(worker)
likeness.centred(["a dog", "a hound", "ice"])      (3, 3)
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runtime.desk.working import Worker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUESTIONS = 8
"""Questions whose likenesses are kept: a teacher goes back and forth between a few."""


class Likeness:
    """Compares texts through ``worker``; the latest comparisons are kept."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._known: OrderedDict[tuple[str, ...], NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def products(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return what the marking process says ``(n, n)``; waits for it and raises its errors."""
        distinct = tuple(sorted(set(texts)))
        places = {text: place for place, text in enumerate(distinct)}
        found = self._distinct(distinct)
        order = [places[text] for text in texts]
        return found[order][:, order]

    def centred(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return the cosines ``(n, n)`` less what all of the texts have in common."""
        from runtime.marking.recalibration import centred  # noqa: PLC0415 - numpy takes its time

        return centred(self.products(texts))

    def _distinct(self, texts: tuple[str, ...]) -> "NDArray[np.float32]":
        with self._lock:
            if texts in self._known:
                self._known.move_to_end(texts)
                return self._known[texts]
        found = self._worker.compare(texts).result()
        with self._lock:
            self._known[texts] = found
            while len(self._known) > QUESTIONS:
                self._known.popitem(last=False)
        return found
