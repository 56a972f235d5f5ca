"""A small zip archive, byte for byte the same wherever it is written.

    archive([("__main__.py", b"...")], comment=b"")

Nothing is packed and every date is the first the format knows (PKWARE's APPNOTE.TXT, 4.3), so an
archive can be checked by writing it again. Standard library only: travels inside every bundle.
"""

import binascii
import struct
from collections.abc import Sequence

# 1 January 1980.
_DATE = 0x21
# What opening it takes: version 2.0 of the format.
_VERSION = 20
_UNIX = 3
_READABLE_FILE = 0o100644 << 16

Part = tuple[str, bytes]


def archive(parts: Sequence[Part], comment: bytes) -> bytes:
    """Return an archive of these files, in their order; the comment is its very end."""
    local, central = b"", b""
    for name, data in parts:
        central += _central(name, data, len(local))
        local += _local(name, data) + data
    counts = len(parts), len(parts), len(central), len(local), len(comment)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, *counts)
    return local + central + end + comment


def header_bytes(name: str) -> int:
    """Return how many bytes stand before the data of a file."""
    return len(_local(name, b""))


def _local(name: str, data: bytes) -> bytes:
    head = struct.pack("<IHHHHH", 0x04034B50, _VERSION, 0, 0, 0, _DATE)
    return head + _facts(name, data) + struct.pack("<H", 0) + name.encode()


def _central(name: str, data: bytes, at: int) -> bytes:
    head = struct.pack("<IBBHHHHH", 0x02014B50, _VERSION, _UNIX, _VERSION, 0, 0, 0, _DATE)
    rest = struct.pack("<HHHHII", 0, 0, 0, 0, _READABLE_FILE, at)
    return head + _facts(name, data) + rest + name.encode()


def _facts(name: str, data: bytes) -> bytes:
    size = len(data)
    return struct.pack("<IIIH", binascii.crc32(data), size, size, len(name.encode()))
