"""The values of one row under our names, as a mapping of fields finds them.

row = Values({"Student": "4", "meta": {"key": "7"}}, {"answer": "Student", "id": "meta.key"})
row.text("answer"), row.text("id")    -> "4", "7"
"""

import difflib
from collections.abc import Mapping
from typing import Any

from runtime.errors import BadInputError
from train.data.labels import number


class Values:
    """The values of one row under our names."""

    def __init__(self, fields: Mapping[str, Any], names: Mapping[str, str]) -> None:
        """``fields`` as they stand in the row; ``names`` maps our name to theirs."""
        self._fields = fields
        self._names = names
        self._taken = set(names.values())

    def get(self, name: str) -> Any:  # noqa: ANN401 - whatever stands in a row of JSON
        """Return what stands there, None where nothing does."""
        if name in self._taken and name not in self._names:
            return None
        theirs = self._names.get(name, name)
        if theirs.startswith("="):
            return theirs[1:]
        if theirs in self._fields:
            return self._fields[theirs]
        found: Any = self._fields
        for part in theirs.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def require(self, name: str) -> None:
        """Raise ``BadInputError`` if the row has no such field; null will do."""
        theirs = self._names.get(name, name)
        if self.get(name) is None and theirs not in self._fields:
            near = difflib.get_close_matches(theirs, list(self._fields), n=1)
            hint = f" Is {near[0]!r} meant?" if near else ""
            there = ", ".join(self._fields)
            raise BadInputError(
                f"the field {theirs!r} is missing",
                f"Map it: --field {name}=THEIRS.{hint} The row has: {there[:200]}.",
            )

    def text(self, name: str) -> str | None:
        """Return a text; a number is written plainly. Raises ``BadInputError`` for the rest."""
        return _text(self.get(name), name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; a text is one a line, or in one line separated by " | "."""
        value = self.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            value = value.splitlines() if "\n" in value else value.split(" | ")
        if not isinstance(value, list):
            raise BadInputError(
                f"the field {name!r} is no list",
                f"Write a list of texts, or leave theirs out: --field {name}=",
            )
        return tuple(text for text in (_text(part, name) for part in value) if text)

    def whole(self, name: str) -> int | None:
        """Return a whole number. Raises ``BadInputError`` for anything else but null."""
        value = self.get(name)
        found = None if value is None else number(str(value))
        if value is not None and (found is None or not found.is_integer()):
            raise BadInputError(
                f"the field {name!r} is wrong: {value!r} is no whole number", "Write it as 0, 1, 2."
            )
        return None if found is None else int(found)


def _text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        # 12.0 is how some programs write 12.
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    raise BadInputError(
        f"the field {name!r} holds no text", f"Point into it: --field {name}=their.part"
    )
