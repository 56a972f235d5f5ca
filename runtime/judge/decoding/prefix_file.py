"""One file of the prefix store: a header that vouches for the state behind it.

    write_state(file, name, tokens, state)
    state = read_state(path, name, tokens)

The checksum keeps accidents from llama.cpp. Against malice it does nothing, so a file that
another user has put there is refused.
"""

import hashlib
import os
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_MAGIC = b"KMPREFIX"
# Magic, version, tokens, bytes of the state, hash of what it is of, hash of the state.
_HEADER = struct.Struct("<8sIIQ32s32s")
_VERSION = 1
HEADER_BYTES = _HEADER.size


class UnusableError(Exception):
    """A file that is not what its name says, and why, as the end of a sentence."""


def write_state(file: BinaryIO, name: bytes, tokens: int, state: Bytes) -> None:
    """Write the state of so many tokens; ``name`` is the hash of what it is of (32 bytes)."""
    digest = hashlib.sha256(state.data).digest()
    file.write(_HEADER.pack(_MAGIC, _VERSION, tokens, len(state), name, digest))
    file.write(state.data)


def read_state(path: Path, name: bytes, tokens: int) -> Bytes:
    """Return the state in a file. Raises ``UnusableError``, or ``OSError`` if there is none."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            raise UnusableError("it is another user's")
        start = file.read(_HEADER.size)
        if len(start) < _HEADER.size:
            raise UnusableError("it is cut off")
        *known, size, named, digest = _HEADER.unpack(start)
        if known != [_MAGIC, _VERSION, tokens] or named != name:
            raise UnusableError("it is of something else")
        if size != status.st_size - _HEADER.size:
            raise UnusableError("it is cut off")
        state = np.fromfile(file, np.uint8, size)
    if hashlib.sha256(state.data).digest() != digest:
        raise UnusableError("it is damaged")
    return state
