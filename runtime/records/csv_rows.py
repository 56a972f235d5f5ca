"""CSV rows: a heading with the names of the fields, then one answer a row.

    rows = read_csv(file)

Comma, semicolon and tab are told apart by the heading, and columns may bear other usual names
(``csv_dialect``). An empty cell is a field that is absent,
save for the answer: that is an empty answer. ``steps`` has one step a line of its cell, or, in a
cell of one line, steps between " | ". ``scale`` is "0-5" or "[0,5]"; a rubric is JSON or its
description.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.records.csv_dialect import Heading, completed, delimiter_of
from runtime.records.rows import RawRow, shorten
from runtime.records.source import BOM
from runtime.words import _

_KNOWN = frozenset(Item.__struct_fields__)
_OFFERED = {
    "question": "question, prompt, domanda",
    "answer": "answer, response, risposta",
    "task": "task, type, tipo",
}
"""Names that a column which is needed may have; there are more (``csv_dialect``)."""
_SCALE = re.compile(r"\[?\s*(-?[\d.]+)\s*[-–,;:]\s*(-?[\d.]+)\s*\]?")

# Python's limit of 131,072 is below an answer pasted in by mistake, which deserves its own reason.
_MAX_CELL_CHARS = 2**31 - 1


def check_csv(file: BinaryIO, name: str, *, needs_task: bool = True) -> int:
    """Return the number of rows; without ``needs_task``, no column need say what is marked.

    Raises ``BadInputError`` for a heading that lacks a column and for quotes that do not match.
    """
    rows = _records(file)
    try:
        _line, heading = next(rows)
        _check_columns(Heading.read(heading), name, needs_task)
        count = sum(1 for _ in rows)
    except _UnclosedQuoteError as error:
        raise BadInputError(
            _(
                "{name}: a quotation mark in the row that starts in line {error} is not closed."
            ).format(name=name, error=error),
            _('Close it, and write a quotation mark inside a text twice: "".'),
        ) from None
    if not count:
        raise BadInputError(
            _("{name} has a heading and no rows.").format(name=name), _("Add one row an answer.")
        )
    return count


def heading_of(file: BinaryIO) -> Heading:
    """Return what the columns are taken for; check the file with ``check_csv`` first."""
    _line, heading = next(_records(file))
    return Heading.read(heading)


def read_csv(file: BinaryIO) -> Iterator[RawRow]:
    """Yield every row that is not blank; check the file with ``check_csv`` first."""
    rows = _records(file)
    _line, heading = next(rows)
    columns = Heading.read(heading)
    for line, cells in rows:
        yield _raw_row(line, columns, cells)


class _UnclosedQuoteError(Exception):
    """Carries the line in which the row starts."""


def _records(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the number of its first line."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    file.seek(0)
    delimiter = delimiter_of(next(line for line in _lines(file) if line.strip()))
    file.seek(0)
    reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip(" \t\r\n") for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise _UnclosedQuoteError(start) from None


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield lines with their ends kept, whichever system wrote them: \\n, \\r\\n or \\r."""
    for number, raw in enumerate(file):
        line = raw if number else raw.removeprefix(BOM)
        yield from io.StringIO(line.decode("utf-8"), newline="")


def _check_columns(heading: Heading, name: str, needs_task: bool) -> None:
    columns = heading.fields
    required = ("task", "question") if needs_task else ("question",)
    missing = [column for column in required if column not in columns]
    if not {"answer", "steps"} & set(columns):
        missing.append("answer")
    if missing:
        strange = [column for column in columns if column and column not in _KNOWN]
        near = difflib.get_close_matches(missing[0], strange, n=1)
        there = shorten(", ".join(filter(None, heading.names)), 200)
        raise BadInputError(
            _("{name} has no column '{column}'.").format(name=name, column=missing[0]),
            _("Is '{near}' meant? Rename it.").format(near=near[0])
            if near
            else _("Its heading has: {there}. It may be called: {names}.").format(
                there=there, names=_OFFERED[missing[0]]
            ),
        )
    twice = next((column for column in columns if column and columns.count(column) > 1), None)
    if twice:
        raise BadInputError(
            _("{name} has two columns '{twice}'.").format(name=name, twice=twice),
            _("Rename or remove one."),
        )


def _raw_row(line: int, heading: Heading, cells: list[str]) -> RawRow:
    columns = heading.fields
    text = msgspec.json.encode(cells)
    row = completed(dict(zip(columns, cells, strict=False)), line, heading)
    fields = {name: value for name, value in row.items() if name and value.strip()}
    try:
        if any(cells[len(columns) :]):
            raise BadInputError(
                _("this row has {cells} cells and the heading {columns}").format(
                    cells=len(cells), columns=len(columns)
                ),
                _("Put quotation marks around texts that contain the delimiter."),
            )
        return RawRow(line, text, fields | _converted(fields) | _given_answer(row))
    except BadInputError as error:
        return RawRow(line, text, fields, error)


def _given_answer(row: Mapping[str, str]) -> dict[str, object]:
    """Keep an answer as it was typed, blanks included; beside steps an empty one is absent."""
    if "answer" in row and (row["answer"].strip() or not row.get("steps", "").strip()):
        return {"answer": row["answer"]}
    return {}


def _converted(fields: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    if "steps" in fields:
        found["steps"] = _steps(fields["steps"])
    if "scale" in fields:
        found["scale"] = _scale(fields["scale"])
    if fields.get("rubric", "").lstrip().startswith("{"):
        found["rubric"] = _rubric(fields["rubric"])
    return found


def _steps(cell: str) -> list[str]:
    lines = re.split(r"\r\n|\r|\n", cell)
    return lines if len(lines) > 1 else cell.split(" | ")


def _scale(cell: str) -> list[float]:
    match = _SCALE.fullmatch(cell.strip())
    try:
        if match:
            return [float(match[1]), float(match[2])]
    except ValueError:
        pass
    raise BadInputError(
        _("the field 'scale' is wrong: {cell!r} is no range of scores").format(cell=cell),
        _("Write it as 0-5 or [0,5]."),
    )


def _rubric(cell: str) -> object:
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInputError(
            _("the field 'rubric' is wrong: {error}").format(error=error),
            _("Write a rubric as JSON or as plain text."),
        ) from None
