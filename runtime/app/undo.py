"""What was done and can be taken back, the last of it first.

    undos = Undos()
    undos.add(_("The picture was changed."), undo)
    said = await undos.take_back()              None: there is nothing
    with undos.of_ones_own(): ...               what is done inside is forgotten behind it

Whoever sits down next takes back nothing that somebody else has done.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

Undo = Callable[[], Awaitable[None]]


class Undos:
    """Steps with their words, translated as they were done."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, Undo]] = []

    def add(self, said: str, undo: Undo) -> None:
        """Remember a step and how it is taken back."""
        self._steps.append((said, undo))

    async def take_back(self) -> str | None:
        """Take back the last step and return what it was; ``None`` if there is none.

        One that cannot be taken back stays the last one, and its error is raised.
        """
        if not self._steps:
            return None
        steps = self._steps
        # Gone from the list at once: Ctrl+Z pressed twice means two steps.
        said, undo = steps.pop()
        try:
            await undo()
        except BaseException:
            steps.append((said, undo))
            raise
        return said

    @contextmanager
    def of_ones_own(self) -> Iterator[None]:
        """Put the steps so far out of reach, and forget those of the block when it ends."""
        outer, self._steps = self._steps, []
        try:
            yield
        finally:
            self._steps = outer
