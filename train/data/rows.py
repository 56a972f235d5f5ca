"""Reads JSONL and CSV files as rows: what stands in each line, under the names of its maker.

for row in read_rows(Path("work.jsonl")):
    row.line, row.fields

A CSV has a heading with names (comma, semicolon or tab); an empty cell is an absent field.
"""

import csv
import difflib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import BadInputError

_ONE_A_LINE = 'Write one object a line: {"question": "1 + 1?", "answer": "2", "label": "correct"}.'
_MAX_CELL_CHARS = 2**31 - 1
"""Python's own limit, 131,072, is below a long essay with its sources."""


class Row(msgspec.Struct, frozen=True):
    """One record of a file: the line it starts in, from 1, and its fields."""

    line: int
    fields: dict[str, Any]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of ``path``, JSONL (.jsonl, .json) or CSV (.csv, .tsv) in UTF-8.

    Raises ``BadInputError`` naming file and line if it is missing, empty or something else.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInputError(
            f"{path} has no ending that says how to read it.", f"Use one of {', '.join(_READERS)}."
        )
    rows = list(reader(path, _text(path)))
    if not rows:
        raise BadInputError(f"{path} is empty.", "A data file has one answer in every row.")
    return rows


def is_data_file(name: str) -> bool:
    """Whether ``name`` ends like a file that ``read_rows`` reads."""
    return Path(name).suffix.lower() in _READERS


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadInputError(f"There is no file {path}.", _nearest(path)) from None
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror}.", "Check the name and its permissions."
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInputError(
            f"{path}, line {line}: not UTF-8 text.", "Save the file as UTF-8."
        ) from None


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either; check the path."
    names = sorted(entry.name for entry in path.parent.iterdir())
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"Is {path.parent / near[0]} meant?" if near else "Check the name and the folder."


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    # Only \n ends a line: a text may hold U+2028 and other ends that str.splitlines knows.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Row(number, _object(line, f"{path}, line {number}"))


def _object(line: str, where: str) -> dict[str, Any]:
    if line.strip() in {"[", "{"}:
        raise BadInputError(f"{where}: this is one JSON text over many lines.", _ONE_A_LINE)
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInputError(f"{where}: this row is not JSON ({error}).", _ONE_A_LINE) from None
    if not isinstance(found, dict):
        raise BadInputError(f"{where}: this row is no JSON object.", _ONE_A_LINE)
    return found


def _csv_rows(path: Path, text: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_CELL_CHARS)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        names = [name.strip() for name in next(reader, [])]
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_row(names, cells, start, path)
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadInputError(
            f"{path}: the row that starts in line {start} is not CSV ({error}).",
            'Close every quotation mark, and write one inside a text twice: "".',
        ) from None


def _csv_row(names: list[str], cells: list[str], line: int, path: Path) -> Row:
    if any(cells[len(names) :]):
        raise BadInputError(
            f"{path}, line {line}: this row has {len(cells)} cells and the heading {len(names)}.",
            "Put quotation marks around texts that contain the delimiter.",
        )
    pairs = zip(names, cells, strict=False)
    return Row(line, {name: cell for name, cell in pairs if name and cell.strip()})


_READERS: dict[str, Callable[[Path, str], Iterator[Row]]] = {
    ".jsonl": _json_rows,
    ".json": _json_rows,
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
}
