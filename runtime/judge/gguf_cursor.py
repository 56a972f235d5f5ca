"""Reads the parts of a GGUF header, never past the end and never more than there can be.

    cursor = Cursor(data)
    name, value = cursor.string(), cursor.value(cursor.kind())

A file from elsewhere may claim anything: every count is held against the bytes that are left and
against what llama.cpp takes, so that neither time nor memory goes beyond the file's own size.
"""

import mmap
import struct
from typing import NamedTuple

from runtime.words import _

# Kinds of metadata values: code -> struct format; strings and arrays are handled apart.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q"}
_SCALARS[12] = "d"
TRUTH, STRING, ARRAY, UINT32, INT32, FLOAT32 = 7, 8, 9, 4, 5, 6
# llama.cpp refuses longer ones (ggml/src/gguf.cpp).
_MOST_IN_LIST = 2**30
# The largest vocabularies have some 300,000 tokens and twice as many merges.
_MOST_STRINGS = 4_000_000
# A chat template has some thousand characters.
_MOST_TEXT = 16_000_000

Value = int | float | bool | str
Buffer = mmap.mmap | bytes
_LENGTH = struct.Struct("<Q")


class DamagedError(Exception):
    """What is wrong with the bytes, as the end of a sentence."""


class List(NamedTuple):
    """A list of the metadata: the kind of its values, how many, and where they begin."""

    kind: int
    length: int
    at: int


class Cursor:
    """Reads forward. Raises ``DamagedError`` for whatever cannot be."""

    def __init__(self, data: Buffer) -> None:
        self.data = data
        self.at = 0

    def skip(self, count: int) -> int:
        """Go on by so many bytes and return where they begin."""
        start = self.at
        if count > len(self.data) - start:
            raise DamagedError(_("it is cut short"))
        self.at += count
        return start

    def take(self, code: str) -> int | float | bool:
        """Read one number, by its letter in ``struct``."""
        found: int | float | bool
        (found,) = struct.unpack_from("<" + code, self.data, self.skip(struct.calcsize("<" + code)))
        return found

    def count(self) -> int:
        """Read how many there are, or how large something is."""
        return int(self.take("Q"))

    def kind(self) -> int:
        """Read the kind of a value or of a tensor."""
        return int(self.take("I"))

    def string(self) -> str:
        """Read a text; bytes that are no UTF-8 are replaced."""
        length = self.count()
        if length > _MOST_TEXT:
            raise DamagedError(_("it is cut short or has a text of a senseless length"))
        start = self.skip(length)
        return bytes(self.data[start : self.at]).decode("utf-8", "replace")

    def value(self, kind: int) -> Value | List:
        """Read one value; a list is passed over, and where it lies is returned."""
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            return self._list()
        if kind not in _SCALARS:
            raise DamagedError(
                _("its metadata has an unknown kind of value ({kind})").format(kind=kind)
            )
        found = self.take(_SCALARS[kind])
        return bool(found) if kind == TRUTH else found

    def _list(self) -> List:
        kind, length = self.kind(), self.count()
        found = List(kind, length, self.at)
        if length > (_MOST_STRINGS if kind == STRING else _MOST_IN_LIST):
            raise DamagedError(_("its metadata has a list of a senseless length"))
        if kind in _SCALARS:
            self.skip(length * struct.calcsize("<" + _SCALARS[kind]))
        elif kind == STRING:
            self._skip_strings(length)
        else:
            raise DamagedError(
                _("its metadata has a list of an unknown kind ({kind})").format(kind=kind)
            )
        return found

    def _skip_strings(self, length: int) -> None:
        # A vocabulary has hundreds of thousands: this loop is the time that a header takes.
        data, at, end, unpack = self.data, self.at, len(self.data), _LENGTH.unpack_from
        for _at in range(length):
            if at > end - 8:
                raise DamagedError(_("it is cut short"))
            at += 8 + unpack(data, at)[0]
        self.at = min(at, end)
        if at > end:
            raise DamagedError(_("it is cut short"))


def strings(data: Buffer, found: List) -> list[bytes]:
    """Return the texts of a list that was passed over."""
    texts, at = [], found.at
    for _at in range(found.length):
        start = at + 8
        at = start + _LENGTH.unpack_from(data, at)[0]
        texts.append(bytes(data[start:at]))
    return texts
