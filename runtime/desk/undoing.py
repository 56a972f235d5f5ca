"""What was done at the desk, and how each step is taken back.

steps = Steps()
steps.done("Mia's answer was changed", lambda: store.overrides.undo(7))
steps.undo()         "Mia's answer was changed"
"""

import threading
from collections.abc import Callable


class Steps:
    """A stack of steps; any thread may use it."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, Callable[[], object]]] = []
        self._lock = threading.Lock()

    def done(self, what: str, back: Callable[[], object]) -> None:
        """Remember a step: ``what`` was done, in words, and what takes it back."""
        with self._lock:
            self._steps.append((what, back))

    def last(self) -> str | None:
        """Return what ``undo`` would take back, in words."""
        # Without the lock, which is held while a step is taken back: a screen asks this.
        last = self._steps[-1:]
        return last[0][0] if last else None

    def undo(self) -> str | None:
        """Take the last step back and return what it was; ``None`` if there is none.

        A step that cannot be taken back (a full disk) stays the last one, and what its way back
        raises is raised.
        """
        with self._lock:
            if not self._steps:
                return None
            what, back = self._steps[-1]
            back()
            self._steps.pop()
            return what
