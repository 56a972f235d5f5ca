"""Where marks may be written, and where an interrupted run goes on.

check_target(Path("marks.jsonl"), "class.jsonl")
earlier = earlier_marks(Path("marks.jsonl"), rows, stamp)
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from runtime.errors import BadInputError
from runtime.marking.mark import Mark
from runtime.records.rows import Row
from runtime.records.source import STDIN

_FORCE = "Choose another name, or overwrite it with --force."
_MADE_BY = {"kindmark": "version of Kindmark", "calibration": "calibration or --review-below"}
"""How messages call what is not a model, an adapter or a head."""


class Earlier(msgspec.Struct, frozen=True):
    """Marks of an earlier run that are kept: ``size`` is where they end, in bytes."""

    marks: tuple[Mark, ...] = ()
    size: int = 0


def check_target(path: Path, source: str) -> None:
    """Raise ``BadInputError`` if marks of ``source`` could not be written to ``path``."""
    try:
        _check_place(path, source)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror}.", "Choose another name."
        ) from None


def _check_place(path: Path, source: str) -> None:
    if path.is_dir():
        raise BadInputError(f"{path} is a folder.", "Name a file in it, such as marks.jsonl.")
    if not path.parent.is_dir():
        raise BadInputError(
            f"{path} cannot be written: there is no folder {path.parent}.", "Make the folder first."
        )
    if path.exists() and source != STDIN and Path(source).exists() and path.samefile(source):
        raise BadInputError(
            f"{path} is the class set itself.", "Choose another name for the marks."
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise BadInputError(f"{path} cannot be written: permission denied.", "Choose another name.")


def refuse_existing(path: Path) -> None:
    """Raise ``BadInputError`` if there is something in ``path`` that would be lost."""
    if path.is_file() and path.stat().st_size:
        raise BadInputError(f"{path} is there already, and only JSONL can be continued.", _FORCE)


def earlier_marks(path: Path, rows: Iterable[Row], stamp: Mapping[str, str]) -> Earlier:
    """Return the marks in ``path`` if they are those of the first ``rows``, made with ``stamp``.

    A half-written last line is left out. Raises ``BadInputError`` for anything else in the file.
    """
    if not path.is_file():
        return Earlier()
    try:
        with path.open("rb") as file:
            return _matching(file, path, rows, stamp)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.", _FORCE) from None


def _matching(file: BinaryIO, path: Path, rows: Iterable[Row], stamp: Mapping[str, str]) -> Earlier:
    marks: list[Mark] = []
    size, waiting = 0, iter(rows)
    for number, line in enumerate(file, start=1):
        where = f"{path}, line {number}"
        row = next(waiting, None)
        if row is None:
            _refuse(where, "there are more marks than rows in the class set")
        if not line.endswith(b"\n") and _may_begin(line, row):
            break
        marks.append(_checked(line, row, stamp, where))
        size += len(line)
    return Earlier(tuple(marks), size)


def _may_begin(cut: bytes, row: Row) -> bool:
    """Whether a line without an end is the start of this row's mark."""
    start = b'{"id":' + msgspec.json.encode(row.id) + b',"verdict":"'
    return cut.startswith(start) or start.startswith(cut)


def _checked(line: bytes, row: Row, stamp: Mapping[str, str], where: str) -> Mark:
    try:
        mark = msgspec.json.decode(line, type=Mark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _refuse(where, "this is no mark")
    made_by = mark.provenance
    if mark.id != row.id or made_by.get("item") != row.digest:
        _refuse(where, f"this is the mark of another answer than line {row.line} of the class set")
    _check_made_by(mark, stamp, where)
    return mark


def check_models(path: Path, earlier: Earlier, models: Mapping[str, str]) -> None:
    """Raise ``BadInputError`` if an earlier mark in ``path`` was made with another model or head.

    Apart from ``earlier_marks`` because no model needs to be loaded where nothing is left to do.
    """
    for number, mark in enumerate(earlier.marks, start=1):
        _check_made_by(mark, models, f"{path}, line {number}")


def _check_made_by(mark: Mark, stamp: Mapping[str, str], where: str) -> None:
    made_by = mark.provenance
    other = next((key for key, value in stamp.items() if made_by.get(key, value) != value), None)
    if other:
        _refuse(where, f"this mark was made with another {_MADE_BY.get(other, other)}")


def _refuse(where: str, why: str) -> NoReturn:
    raise BadInputError(f"{where}: {why}; nothing was overwritten.", _FORCE) from None
