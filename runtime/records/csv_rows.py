"""CSV rows: a heading with the names of the fields, then one answer a row.

    rows = read_csv(file)

Comma, semicolon and tab are told apart by the heading. An empty cell is a field that is absent,
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
from runtime.records.rows import RawRow, shorten
from runtime.records.source import BOM

_REQUIRED = ("id", "task", "question")
_KNOWN = frozenset(Item.__struct_fields__)
_SCALE = re.compile(r"\[?\s*(-?[\d.]+)\s*[-–,;:]\s*(-?[\d.]+)\s*\]?")

# Python's limit of 131,072 is below an answer pasted in by mistake, which deserves its own reason.
_MAX_CELL_CHARS = 2**31 - 1


def check_csv(file: BinaryIO, name: str) -> int:
    """Return the number of rows.

    Raises ``BadInputError`` for a heading that lacks a column and for quotes that do not match.
    """
    rows = _records(file)
    try:
        _, heading = next(rows)
        _check_columns(_columns(heading), name)
        count = sum(1 for _ in rows)
    except _UnclosedQuoteError as error:
        raise BadInputError(
            f"{name}: a quotation mark in the row that starts in line {error} is not closed.",
            'Close it, and write a quotation mark inside a text twice: "".',
        ) from None
    if not count:
        raise BadInputError(f"{name} has a heading and no rows.", "Add one row an answer.")
    return count


def read_csv(file: BinaryIO) -> Iterator[RawRow]:
    """Yield every row that is not blank; check the file with ``check_csv`` first."""
    rows = _records(file)
    _, heading = next(rows)
    columns = _columns(heading)
    for line, cells in rows:
        yield _raw_row(line, columns, cells)


class _UnclosedQuoteError(Exception):
    """Carries the line in which the row starts."""


def _records(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the number of its first line."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    file.seek(0)
    delimiter = _delimiter(next(line for line in _lines(file) if line.strip()))
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


def _delimiter(heading: str) -> str:
    """Return the one of , ; and tab that finds most known columns (Excel writes ; in Europe)."""

    def known(delimiter: str) -> int:
        return len(_KNOWN & set(_columns(heading.replace('"', "").split(delimiter))))

    return max(",;\t", key=known)


def _columns(heading: list[str]) -> list[str]:
    return [name.strip().lower() for name in heading]


def _check_columns(columns: list[str], name: str) -> None:
    missing = [column for column in _REQUIRED if column not in columns]
    if not {"answer", "steps"} & set(columns):
        missing.append("answer")
    if missing:
        strange = [column for column in columns if column and column not in _KNOWN]
        near = difflib.get_close_matches(missing[0], strange, n=1)
        there = shorten(", ".join(filter(None, columns)), 200)
        raise BadInputError(
            f"{name} has no column '{missing[0]}'.",
            f"Is '{near[0]}' meant? Rename it." if near else f"Its heading has: {there}.",
        )
    twice = next((column for column in columns if column and columns.count(column) > 1), None)
    if twice:
        raise BadInputError(f"{name} has two columns '{twice}'.", "Rename or remove one.")


def _raw_row(line: int, columns: list[str], cells: list[str]) -> RawRow:
    text = msgspec.json.encode(cells)
    row = dict(zip(columns, cells, strict=False))
    fields = {name: value for name, value in row.items() if name and value.strip()}
    try:
        if any(cells[len(columns) :]):
            raise BadInputError(
                f"this row has {len(cells)} cells and the heading {len(columns)}",
                "Put quotation marks around texts that contain the delimiter.",
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
        f"the field 'scale' is wrong: {cell!r} is no range of scores", "Write it as 0-5 or [0,5]."
    )


def _rubric(cell: str) -> object:
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInputError(
            f"the field 'rubric' is wrong: {error}", "Write a rubric as JSON or as plain text."
        ) from None
