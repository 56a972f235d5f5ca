"""Where marks may be written, and where an interrupted run goes on.

check_target(Path("marks.jsonl"), "class.jsonl")
earlier = earlier_marks(Path("marks.jsonl"), rows, stamp)
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from runtime.errors import BadInputError, reason_of
from runtime.marking.mark import Mark
from runtime.records.rows import Row
from runtime.records.source import STDIN
from runtime.words import N_, _

_FORCE = N_("Choose another name, or overwrite it with --force.")
_MADE_BY = {
    "kindmark": N_("version of Kindmark"),
    "calibration": N_("calibration or --review-below"),
}
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
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Choose another name."),
        ) from None


def _check_place(path: Path, source: str) -> None:
    if path.is_dir():
        raise BadInputError(
            _("{path} is a folder.").format(path=path), _("Name a file in it, such as marks.jsonl.")
        )
    if not path.parent.is_dir():
        raise BadInputError(
            _("{path} cannot be written: there is no folder {folder}.").format(
                path=path, folder=path.parent
            ),
            _("Make the folder first."),
        )
    if path.exists() and source != STDIN and Path(source).exists() and path.samefile(source):
        raise BadInputError(
            _("{path} is the class set itself.").format(path=path),
            _("Choose another name for the marks."),
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise BadInputError(
            _("{path} cannot be written: permission denied.").format(path=path),
            _("Choose another name."),
        )


def refuse_existing(path: Path) -> None:
    """Raise ``BadInputError`` if there is something in ``path`` that would be lost."""
    if path.is_file() and path.stat().st_size:
        raise BadInputError(
            _("{path} is there already, and only JSONL can be continued.").format(path=path),
            _(_FORCE),
        )


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
        raise BadInputError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
            _(_FORCE),
        ) from None


def _matching(file: BinaryIO, path: Path, rows: Iterable[Row], stamp: Mapping[str, str]) -> Earlier:
    marks: list[Mark] = []
    size, waiting = 0, iter(rows)
    for number, line in enumerate(file, start=1):
        where = _("{name}, line {line}").format(name=path, line=number)
        row = next(waiting, None)
        if row is None:
            _refuse(where, _("there are more marks than rows in the class set"))
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
        _refuse(where, _("this is no mark"))
    made_by = mark.provenance
    if mark.id != row.id or made_by.get("item") != row.digest:
        said = _("this is the mark of another answer than line {line} of the class set")
        _refuse(where, said.format(line=row.line))
    _check_made_by(mark, stamp, where)
    return mark


def check_models(path: Path, earlier: Earlier, models: Mapping[str, str]) -> None:
    """Raise ``BadInputError`` if an earlier mark in ``path`` was made with another model or head.

    Apart from ``earlier_marks`` because no model needs to be loaded where nothing is left to do.
    """
    for number, mark in enumerate(earlier.marks, start=1):
        where = _("{name}, line {line}").format(name=path, line=number)
        _check_made_by(mark, models, where)


def _check_made_by(mark: Mark, stamp: Mapping[str, str], where: str) -> None:
    made_by = mark.provenance
    other = next((key for key, value in stamp.items() if made_by.get(key, value) != value), None)
    if other:
        said = _("this mark was made with another {thing}")
        _refuse(where, said.format(thing=_(_MADE_BY.get(other, other))))


def _refuse(where: str, why: str) -> NoReturn:
    raise BadInputError(
        _("{where}: {why}; nothing was overwritten.").format(where=where, why=why), _(_FORCE)
    ) from None
