"""A field for a file's name: what is typed is completed from the folders of this machine.

yield PathInput(placeholder=_("class.csv"), endings=(".csv", ".jsonl"))
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from textual.suggester import Suggester
from textual.widgets import Input

_MOST_LOOKED_AT = 5000
"""Names of a folder: a larger one is no place for class sets, and reading it would take long."""


class PathSuggester(Suggester):
    """Suggests the first folder, or file with one of the ``endings``, that goes on as typed."""

    def __init__(self, endings: Sequence[str] = ()) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._endings = tuple(endings)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole name, as it would be typed."""
        return await asyncio.to_thread(completed, value, self._endings)


class PathInput(Input):
    """Typed with completion; ``path`` is what is meant."""

    def __init__(
        self, value: str = "", *, placeholder: str = "", endings: Sequence[str] = (), id: str = ""
    ) -> None:
        suggester = PathSuggester(endings)
        super().__init__(value, placeholder=placeholder, suggester=suggester, id=id or None)

    @property
    def path(self) -> Path:
        """What was typed, with the home folder for "~"."""
        return Path(os.path.expanduser(self.value.strip()))  # noqa: PTH111 - "~name" of nobody stays


def completed(typed: str, endings: Sequence[str] = ()) -> str | None:
    """Return a name that begins with what was typed, ``None`` if there is none."""
    folder, name = os.path.split(typed)
    if not typed or not name:
        return None
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:  # noqa: PTH111
            found = [e for _number, e in zip(range(_MOST_LOOKED_AT), entries, strict=False)]
    except (OSError, ValueError):
        return None
    names = sorted(
        f"{one.name}{os.sep}" if one.is_dir() else one.name
        for one in found
        if one.name.startswith(name)
        and one.name.isprintable()
        and (one.is_dir() or not endings or one.name.lower().endswith(tuple(endings)))
    )
    return os.path.join(folder, names[0]) if names else None  # noqa: PTH118 - as it was typed
