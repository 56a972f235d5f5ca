"""Opens a class set: finds it, reads it as UTF-8 and says what it is instead if it is not one.

with open_source("class.jsonl") as file:
    ...
"""

import difflib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from runtime.errors import BadInputError

STDIN = "-"
BOM = b"\xef\xbb\xbf"

_SAVE_AS_UTF8 = "In a spreadsheet, choose 'Save as' and the type 'CSV UTF-8 (comma delimited)'."
_NOT_TEXT = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a spreadsheet workbook or a ZIP archive",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
}
_HEAD_BYTES = 4


def open_source(path: str) -> BinaryIO:
    """Open ``path`` ("-" is stdin), checked from end to end; a pipe is kept in memory.

    Raises ``BadInputError`` if it cannot be read, is empty or is not UTF-8.
    """
    file = _seekable(_open(path))
    try:
        _check(file, name_of(path))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def name_of(path: str) -> str:
    """Return how messages call this input."""
    return "The standard input" if path == STDIN else path


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
        raise BadInputError(f"There is no file {path}.", _nearest(Path(path))) from None
    except IsADirectoryError:
        raise BadInputError(
            f"{path} is a folder.", "Name the file in it that holds the class set."
        ) from None
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror}.", "Check the name and its permissions."
        ) from None


def _seekable(file: BinaryIO) -> BinaryIO:
    if file.seekable():
        return file
    with file:
        return io.BytesIO(file.read())


def _nearest(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder {folder} either; check the path."
    names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"Is {folder / near[0]} meant?" if near else "Check the name and the folder."


def _check(file: BinaryIO, name: str) -> None:
    _check_kind(file.read(_HEAD_BYTES), name)
    file.seek(0)
    blank = True
    for number, line in enumerate(file, start=1):
        _check_encoding(line, number, name)
        blank = blank and not line.removeprefix(BOM).strip()
    if blank:
        raise BadInputError(f"{name} is empty.", "A class set has one answer in every row.")


def _check_kind(head: bytes, name: str) -> None:
    kind = next((kind for magic, kind in _NOT_TEXT.items() if head.startswith(magic)), None)
    if kind is None and len(head) == _HEAD_BYTES and b"\0" in (head[:1], head[1:2]):
        kind = "UTF-16"
    if kind == "UTF-16":
        raise BadInputError(f"{name} is UTF-16 text, and UTF-8 is needed.", _SAVE_AS_UTF8)
    if kind:
        raise BadInputError(f"{name} is {kind}, and JSONL or CSV is needed.", _SAVE_AS_UTF8)


def _check_encoding(line: bytes, number: int, name: str) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"{name}, line {number}, byte {error.start + 1}: not UTF-8 text.", _SAVE_AS_UTF8
        ) from None
