"""Wrong tries of PINs in programs that may only look: counted in a small file beside the records.

    tries = PinTries(folder / FILE)
    with tries.counting() as counts:            one program at a time
        counts[key] = Tries(3, now)
    tries.read().get(key)

Who opens a second Kindmark, or twenty of them, so gains no try. Names and PINs do not stand there:
a key is a digest of the salt of the PIN, and goes when the PIN is changed.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError
from runtime.records.lock import held
from runtime.records.store.errors import StoreError
from runtime.words import _

FILE = "pin-tries.json"
_PATIENCE_SECONDS = 2.0
"""Longest wait for another program that counts just now: it needs milliseconds."""
_RETRY_SECONDS = 0.01


class Tries(NamedTuple):
    """How many were wrong, and when the last was (seconds since the machine was started)."""

    failures: int = 0
    tick: float = 0.0


NO_TRIES = Tries()
_Counts = dict[str, Tries]


def key_of(salt: bytes) -> str:
    """Return what the tries of a PIN are counted under."""
    return hashlib.sha256(salt).hexdigest()[:32]


class PinTries:
    """The tries in one file; without it there were none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> _Counts:
        """Return all counts. Raises ``StoreError`` if they cannot be read: they may be many."""
        try:
            data = self._path.read_bytes()
            return msgspec.json.decode(data, type=_Counts) if data else {}
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):
            raise self._unusable() from None

    @contextmanager
    def counting(self) -> Iterator[_Counts]:
        """Yield all counts to be changed in place; they are on the disk when the block ends.

        Raises ``StoreError`` if they cannot be kept: no PIN is tried then.
        """
        with ExitStack() as stack:
            self._lock(stack)
            counts = self.read()
            before = dict(counts)
            yield counts
            if counts != before:
                self._write(counts)

    def _lock(self, stack: ExitStack) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        self._make()
        while True:
            try:
                stack.enter_context(held(self._path))
            except BadInputError:
                if time.monotonic() > until:
                    raise self._unusable() from None
                time.sleep(_RETRY_SECONDS)
            else:
                return

    def _make(self) -> None:
        """Have a file: ``held`` would remove one that it made and that stayed empty, and another
        program could hold that one."""
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError:
            raise self._unusable() from None

    def _write(self, counts: _Counts) -> None:
        data = msgspec.json.encode(counts)
        try:
            # In place, as the lock is on this file; cut only then, so that a program that is killed
            # meanwhile leaves no empty one.
            with self._path.open("r+b", buffering=0) as file:
                file.write(data)
                file.truncate()
                os.fsync(file.fileno())
        except OSError:
            raise self._unusable() from None

    def _unusable(self) -> StoreError:
        return StoreError(
            _("No PIN can be tried here: wrong tries cannot be counted in {path}.").format(
                path=self._path
            ),
            _("Use the Kindmark that was opened first, or delete this file if it is damaged."),
        )
