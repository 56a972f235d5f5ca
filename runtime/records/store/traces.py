"""Proof that texts are gone: every file of the store is searched byte by byte.

    proof = search(folder, {"Mia", "3 1/2 cm because I measured it"})
    proof.clean, proof.files, proof.shared

Texts are looked for whole in UTF-8 (as they are and as JSON writes them) and UTF-16. Of longer ones
every piece of 31 bytes is found as well, since SQLite may split a text over pages. What also stands
in rows that are still there (the same answer of another child) is no trace and is told apart as
``shared``. Files outside the folder, and sectors a drive keeps behind the file system's back, are
out of reach: who fears for those encrypts the disk.
"""

import sqlite3
import struct
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from runtime.records.store.database import connect

MIN_BYTES = 3
"""Two bytes turn up by chance in any large file."""

_PIECE = 16
# A stretch of twice a piece, less one byte, holds a whole piece wherever the search steps.
_SPLIT_FROM = 2 * _PIECE - 1
_MAGIC = b"SQLite format 3\0"


class Proof(msgspec.Struct, frozen=True):
    """What a search came to: files and bytes searched, and files that hold a trace.

    ``shared`` names columns of rows still there that hold one of the texts as well.
    ``unsearchable`` counts texts too short to look for.
    """

    files: tuple[Path, ...]
    searched_bytes: int
    texts: int
    traces: tuple[Path, ...]
    shared: tuple[str, ...]
    unsearchable: int

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.traces


def search(folder: Path, texts: Collection[str]) -> Proof:
    """Look for ``texts`` in every file below ``folder``."""
    wanted = _Wanted(texts)
    traces: list[Path] = []
    shared: set[str] = set()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        data = path.read_bytes()
        found = set(wanted.found_in(data))
        if found:
            columns = _columns_of(path, data)
            owners = {needle: _owner(needle, columns) for needle in found}
            shared |= {owner for owner in owners.values() if owner}
            if not all(owners.values()):
                traces.append(path)
    size = sum(path.stat().st_size for path in files)
    return Proof(
        *(
            tuple(files),
            size,
            len(wanted.texts),
            tuple(traces),
            tuple(sorted(shared - {"numbers"})),
        ),
        wanted.unsearchable,
    )


class _Wanted:
    """Texts as bytes to look for: whole, and long ones in pieces."""

    def __init__(self, texts: Collection[str]) -> None:
        self.texts = {text for text in texts if len(text.encode()) >= MIN_BYTES}
        self.unsearchable = len(set(texts)) - len(self.texts)
        needles = {needle for text in self.texts for needle in _spellings(text)}
        self._short = {needle for needle in needles if len(needle) < _SPLIT_FROM}
        self._pieces = {
            needle[at : at + _PIECE]
            for needle in needles - self._short
            for at in range(len(needle) - _PIECE + 1)
        }

    def found_in(self, data: bytes) -> Iterator[bytes]:
        """Yield what of it is in ``data``."""
        yield from (needle for needle in self._short if needle in data)
        if self._pieces:
            steps = range(0, len(data), _PIECE)
            yield from self._pieces.intersection(data[at : at + _PIECE] for at in steps)


def _spellings(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield msgspec.json.encode(text)[1:-1]
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")


def _columns_of(path: Path, data: bytes) -> dict[str, bytes]:
    """Return what the rows of a database hold, by column; nothing for other files."""
    if not data.startswith(_MAGIC):
        return {}
    try:
        with closing(connect(path, read_only=True)) as connection:
            return dict(_columns(connection))
    except sqlite3.Error:
        # Of a damaged file nothing can be said to be somebody else's.
        return {}


def _columns(connection: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    numbers = bytearray()
    for table, sql in tables.fetchall():
        yield f"{table} (table)", sql.encode()
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [f"{table}.{column[0]}" for column in cursor.description]
        for name, values in zip(names, zip(*cursor, strict=True), strict=False):
            numbers += b"".join(struct.pack(">d", one) for one in values if isinstance(one, float))
            yield name, b"\0".join(_bytes(one) for one in values if isinstance(one, str | bytes))
    yield "numbers", bytes(numbers)


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _owner(needle: bytes, columns: dict[str, bytes]) -> str | None:
    """Return the column that holds ``needle`` rightly, or ``None``."""
    return next((name for name, values in columns.items() if needle in values), None)
