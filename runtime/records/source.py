"""Opens a class set: finds it, reads it as UTF-8 and says what it is instead if it is not one.

with open_source("class.jsonl") as file:
    ...
"""

import difflib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from runtime.errors import BadInputError, reason_of
from runtime.words import N_, _

STDIN = "-"
BOM = b"\xef\xbb\xbf"

_SAVE_AS_UTF8 = N_("In a spreadsheet, choose 'Save as' and the type 'CSV UTF-8 (comma delimited)'.")
_NOT_TEXT = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": N_("a spreadsheet workbook or a ZIP archive"),
    b"%PDF": N_("a PDF document"),
    b"\x1f\x8b": N_("a gzip archive"),
}
_HEAD_BYTES = 4


def open_source(path: str, recode: Callable[[BinaryIO], BinaryIO] | None = None) -> BinaryIO:
    """Open ``path`` ("-" is stdin), checked from end to end; a pipe is kept in memory.

    ``recode`` makes UTF-8 of other encodings first. Raises ``BadInputError`` if it cannot be read,
    is empty or is not UTF-8.
    """
    file = _seekable(_open(path))
    file = recode(file) if recode else file
    try:
        _check(file, name_of(path))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def name_of(path: str) -> str:
    """Return how messages call this input."""
    return _("The standard input") if path == STDIN else path


def lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number from 1, without a byte order mark."""
    for number, raw in enumerate(file, start=1):
        line = raw.removeprefix(BOM) if number == 1 else raw
        if line.strip():
            yield number, line


def _open(path: str) -> BinaryIO:
    if path == STDIN:
        return io.BytesIO(sys.stdin.buffer.read())
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise BadInputError(
            _("There is no file {path}.").format(path=path), _nearest(Path(path))
        ) from None
    except IsADirectoryError:
        raise BadInputError(
            _("{path} is a folder.").format(path=path),
            _("Name the file in it that holds the class set."),
        ) from None
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
            _("Check the name and its permissions."),
        ) from None


def _seekable(file: BinaryIO) -> BinaryIO:
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())


def _nearest(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return _("There is no folder {folder} either; check the path.").format(folder=folder)
    names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    near = difflib.get_close_matches(path.name, names, n=1)
    if near:
        return _("Is {path} meant?").format(path=folder / near[0])
    return _("Check the name and the folder.")


def _check(file: BinaryIO, name: str) -> None:
    _check_kind(file.read(_HEAD_BYTES), name)
    file.seek(0)
    blank = True
    for number, line in enumerate(file, start=1):
        _check_encoding(line, number, name)
        blank = blank and not line.removeprefix(BOM).strip()
    if blank:
        raise BadInputError(
            _("{name} is empty.").format(name=name), _("A class set has one answer in every row.")
        )


def _check_kind(head: bytes, name: str) -> None:
    kind = next((kind for magic, kind in _NOT_TEXT.items() if head.startswith(magic)), None)
    if kind is None and len(head) == _HEAD_BYTES and b"\0" in (head[:1], head[1:2]):
        kind = "UTF-16"
    if kind == "UTF-16":
        raise BadInputError(
            _("{name} is UTF-16 text, and UTF-8 is needed.").format(name=name), _(_SAVE_AS_UTF8)
        )
    if kind:
        raise BadInputError(
            _("{name} is {kind}, and JSONL or CSV is needed.").format(name=name, kind=_(kind)),
            _(_SAVE_AS_UTF8),
        )


def _check_encoding(line: bytes, number: int, name: str) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(
            _("{name}, line {number}, byte {byte}: not UTF-8 text.").format(
                name=name, number=number, byte=error.start + 1
            ),
            _(_SAVE_AS_UTF8),
        ) from None
