"""Class sets: every row of a JSONL or CSV file, as an item or as the reason why it is none.

rows = RowReader().read(iter([RawRow(1, b"...", {"id": "a", "task": "math", ...})]))
next(rows).item
"""

import hashlib
from collections.abc import Iterator, Mapping

import msgspec

from runtime.errors import BadInputError
from runtime.marking.item import Item, parse_item
from runtime.marking.mark import Mark, Verdict
from runtime.words import _

_LATER_FIELDS = ("solution",)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a class set; ``problem`` says why ``item`` is missing."""

    line: int
    id: str
    digest: str
    item: Item | None = None
    fields: Mapping[str, object] = {}
    problem: str = ""
    remedy: str = ""

    def unmarked(self) -> Mark:
        """Return the mark of a row that is no item."""
        reasons = filter(
            None,
            (
                _("line {line}: {problem}.").format(line=self.line, problem=self.problem),
                self.remedy,
            ),
        )
        return Mark(
            id=self.id,
            verdict=Verdict.UNMARKED,
            score=None,
            max_score=1.0,
            confidence=0.0,
            needs_review=True,
            reasons=tuple(reasons),
        )


class RawRow(msgspec.Struct, frozen=True):
    """One row as it stands in the file: its text, its fields and what is wrong with them."""

    line: int
    text: bytes
    fields: Mapping[str, object] = {}
    error: BadInputError | None = None


def item_json(item: Item) -> bytes:
    """Return an item as JSON: fields in their declared order, names of levels in theirs.

    A field that items had not always stands there only if it is given.
    """
    # To be put in order, names must be texts in JSON itself; those of levels are whole numbers.
    fields = msgspec.to_builtins(item, order="deterministic")
    for name in _LATER_FIELDS:
        if not fields[name]:
            del fields[name]
    return msgspec.json.encode(fields)


def item_digest(item: Item) -> str:
    """Return the SHA-256 of ``item_json``: stores and files of marks know items by it."""
    return hashlib.sha256(item_json(item)).hexdigest()


def question_of(item: Item) -> Item:
    """Return an item without its answer: its ``item_digest`` is that of the question."""
    return msgspec.structs.replace(item, id="", answer="", steps=(), learner=None)


class RowReader:
    """Turns raw rows into rows; remembers ids, since each may be used once."""

    def __init__(self, task: str | None = None) -> None:
        """Read every row as one of this ``task`` where one is given."""
        self._task = task
        self._first_lines: dict[str, int] = {}

    def read(self, raw_rows: Iterator[RawRow]) -> Iterator[Row]:
        """Yield exactly one row for each raw row, in order."""
        return map(self._read, raw_rows)

    def _read(self, raw: RawRow) -> Row:
        try:
            item = self._item(raw)
        except BadInputError as error:
            return self._problem(raw, error)
        digest = item_digest(item)
        return Row(line=raw.line, id=item.id, digest=digest, item=item, fields=raw.fields)

    def _item(self, raw: RawRow) -> Item:
        if raw.error:
            raise raw.error
        item = parse_item({**raw.fields, "task": self._task} if self._task else raw.fields)
        if not item.id.strip():
            raise BadInputError(
                _("the field 'id' is empty"), _("Give every row a name of its own.")
            )
        first = self._first_lines.setdefault(item.id, raw.line)
        if first != raw.line:
            raise BadInputError(
                _("the id {id!r} is already used in line {first}").format(
                    id=shorten(item.id), first=first
                ),
                _("Give every row a name of its own."),
            )
        return item

    def _problem(self, raw: RawRow, error: BadInputError) -> Row:
        used = _usable_id(raw.fields)
        if used:
            self._first_lines.setdefault(used, raw.line)
        return Row(
            line=raw.line,
            id=used or f"line-{raw.line}",
            digest=hashlib.sha256(raw.text.strip()).hexdigest(),
            fields=raw.fields,
            problem=error.message.rstrip("."),
            remedy=error.remedy,
        )


def shorten(text: str, limit: int = 40) -> str:
    """Return ``text`` cut to ``limit`` characters, for messages."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _usable_id(fields: Mapping[str, object]) -> str | None:
    found = fields.get("id")
    if isinstance(found, str):
        return found if found.strip() else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return None
