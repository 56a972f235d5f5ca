"""What a model has read of rubrics and questions, kept on disk: the second class starts warm.

    store = PrefixStore(prefix_cache(), DEFAULT_LIMIT)
    known = store.load(context, sequence, key, ids)     # len(ids) tokens, or 0: read them
    store.save(context, sequence, key, ids)

Nothing a child writes may lie here. The caller hands in the ids it knows to be public, and
``save`` refuses a sequence that holds more; a file holds keys and values of just these tokens, not
the text, and its name is a hash. llama.cpp takes the bytes of a state on trust, so they reach it
only if their checksum, their name and their owner are right.

It pays for every language model: 400 tokens of a 1.5B model are 11.5 MB, loaded in 0.01 s of
processor time where reading them takes 7.9 s; even from a memory card that is 0.1 s.
"""

import contextlib
import ctypes
import hashlib
import logging
import os
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.judge.decoding.branches import BranchContext
from runtime.judge.decoding.prefix_file import (
    HEADER_BYTES,
    Bytes,
    UnusableError,
    read_state,
    write_state,
)
from runtime.judge.engine import build_info
from runtime.judge.tokens import Ids

LOGGER = logging.getLogger("kindmark.prefix_store")
LOGGER.addHandler(logging.NullHandler())

DEFAULT_LIMIT = 512_000_000
"""Bytes on disk: some 45 rubrics of 400 tokens with a 1.5B model."""

SUFFIX = ".prefix"
_PART = ".part"
_STALE_SECONDS = 3600
"""A part file this old was left by a process that was killed: writing takes a second."""

_POINTER = ctypes.POINTER(ctypes.c_uint8)


class PrefixStore:
    """Files in one folder, together at most ``limit_bytes``; the least recently used go first.

    Any number of processes may share the folder. Nothing here stops marking: what cannot be read
    counts as not there, and what cannot be written is noted once (``problem``) and left.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self.problem = ""
        """Why nothing more is written, "" while all is well."""

    def load(self, context: BranchContext, sequence: int, key: str, ids: Ids) -> int:
        """Let ``sequence`` hold what was saved of ``ids``, and return how many tokens that is.

        It is all of them, or 0 with an empty sequence. A damaged or foreign file is removed.
        """
        name = _name(context, key, ids)
        path = self._path(name)
        try:
            state = read_state(path, name, len(ids))
        except OSError:
            return 0
        except UnusableError as reason:
            LOGGER.warning("%s was removed: %s", path, reason)
            _remove(path)
            return 0
        if not _restore(context, sequence, state, len(ids)):
            # A sound file: there is no room for it now.
            return 0
        with contextlib.suppress(OSError):
            os.utime(path)
        return len(ids)

    def save(self, context: BranchContext, sequence: int, key: str, ids: Ids) -> None:
        """Keep what ``sequence`` holds: just ``ids``, of which none comes from a child's text.

        Raises ``ValueError`` if the sequence is longer or shorter than ``ids``.
        """
        if context.length(sequence) != len(ids):
            held = context.length(sequence)
            raise ValueError(f"The sequence holds {held} tokens and {len(ids)} are public.")
        size = int(llama.llama_state_seq_get_size(context._handle, sequence))
        if self.problem or not len(ids) or size + HEADER_BYTES > self._limit:
            return
        name = _name(context, key, ids)
        state = np.empty(size, np.uint8)
        count = llama.llama_state_seq_get_data(context._handle, _address(state), size, sequence)
        try:
            if count and not self._path(name).exists():
                self._write(name, len(ids), state[:count])
        except OSError as error:
            self.problem = f"{self._folder} cannot be written: {error.strerror}."
            LOGGER.warning("%s Rubrics are read anew each time.", self.problem)

    def clear(self) -> int:
        """Remove everything and return how many bytes that gave back."""
        return sum(_remove(entry.path) for entry in self._entries(parts=True))

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(entry.size for entry in self._entries(parts=True))

    def _write(self, name: bytes, tokens: int, state: Bytes) -> None:
        # For the user alone: a rubric may be an examination's.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(HEADER_BYTES + len(state))
        number, part = tempfile.mkstemp(suffix=_PART, dir=self._folder)
        try:
            with os.fdopen(number, "wb") as file:
                write_state(file, name, tokens, state)
            Path(part).replace(self._path(name))
        except BaseException:
            _remove(Path(part))
            raise

    def _make_room(self, size: int) -> None:
        for entry in self._entries(parts=True):
            if entry.path.suffix == _PART and time.time() - entry.used > _STALE_SECONDS:
                _remove(entry.path)
        entries = sorted(self._entries(), key=lambda entry: entry.used)
        total = sum(entry.size for entry in entries) + size
        for entry in entries:
            if total <= self._limit:
                return
            _remove(entry.path)
            total -= entry.size

    def _entries(self, parts: bool = False) -> list["_Entry"]:
        found = []
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.suffix == SUFFIX or (parts and path.suffix == _PART):
                    # Another process may have removed it since.
                    with contextlib.suppress(OSError):
                        status = path.lstat()
                        found.append(_Entry(path, status.st_size, status.st_mtime))
        return found

    def _path(self, name: bytes) -> Path:
        return self._folder / f"{name.hex()}{SUFFIX}"


class _Entry(NamedTuple):
    path: Path
    size: int
    used: float


def _name(context: BranchContext, key: str, ids: Ids) -> bytes:
    """Return the hash of all that a state depends on."""
    engine = f"{metadata.version('llama-cpp-python')} {build_info()}"
    # How tokens are parted into steps moves the last bits of what they leave.
    layout = f"exact={context.limits.exact} step={context.limits.step}"
    parts = (key, engine, layout)
    hashed = hashlib.sha256("\0".join(parts).encode())
    hashed.update(np.asarray(ids, "<i4").tobytes())
    return hashed.digest()


def _restore(context: BranchContext, sequence: int, state: Bytes, tokens: int) -> bool:
    context.drop(sequence)
    done = llama.llama_state_seq_set_data(context._handle, _address(state), len(state), sequence)
    if done and context.length(sequence) == tokens:
        return True
    context.drop(sequence)
    return False


def _address(state: Bytes) -> "ctypes._Pointer[ctypes.c_uint8]":
    return state.ctypes.data_as(_POINTER)


def _remove(path: Path) -> int:
    """Remove a file and return its bytes; one that is gone or cannot be removed has none."""
    try:
        size = path.lstat().st_size
        path.unlink()
    except OSError:
        return 0
    return size
