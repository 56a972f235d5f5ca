"""PINs: they keep classmates out of each other's work, and children off the marking desk.

    store.pins.set("4711", learner_id)      without a learner: the PIN of the desk
    store.pins.check("0000", learner_id)    PinCheck(right=False, wait=0.0)

After three wrong tries the next has to wait, twice as long every time and at most five minutes.
A try that comes too early is not looked at: the right PIN and a wrong one get the same answer. Time
is counted by the clock that runs since the machine was started, so that setting the time of day
neither opens nor shuts anything. A PIN of four digits protects from a glance, not from somebody
who carries the file away.
"""

import hashlib
import hmac
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError
from runtime.records.store.database import Database
from runtime.records.store.errors import missing

FREE_TRIES = 3
FIRST_WAIT = 5.0
"""Seconds; doubled with each wrong try."""
LONGEST_WAIT = 300.0
"""Seconds: a lesson is not lost to a classmate's joke."""

_MIN_DIGITS, _MAX_DIGITS = 4, 12
# 16 MB and some 50 ms a try: what RFC 7914 names for interactive use, and a Raspberry Pi can bear.
_COST, _BLOCK, _LANES = 2**14, 8, 1


class PinCheck(NamedTuple):
    """Whether a PIN was right; if it was not looked at yet, how many seconds there are to wait."""

    right: bool
    wait: float = 0.0


class _Kept(msgspec.Struct, frozen=True):
    id: int
    salt: bytes
    hash: bytes
    failures: int
    failed_tick: float


class Pins:
    """PINs of learners and of the marking desk; ``tick`` counts seconds since the machine began."""

    def __init__(self, database: Database, tick: Callable[[], float] = time.monotonic) -> None:
        """Keep them in ``database``."""
        self._database = database
        self._tick = tick

    def set(self, pin: str, learner_id: int | None = None) -> None:
        """Give a learner (or the desk) a PIN. Raises ``BadInputError`` unless it is 4-12 digits."""
        salt = secrets.token_bytes(16)
        hashed = _hashed(_digits(pin), salt)
        with self._database.write() as connection:
            self.remove(learner_id)
            connection.execute(
                "INSERT INTO pins (learner_id, salt, hash) VALUES (?, ?, ?)",
                (learner_id, salt, hashed),
            )

    def remove(self, learner_id: int | None = None) -> None:
        """Do without a PIN; that its owner or a teacher is asking is the caller's to know."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM pins WHERE learner_id IS ?", (learner_id,))

    def is_set(self, learner_id: int | None = None) -> bool:
        """Whether there is a PIN."""
        return self._kept(learner_id) is not None

    def check(self, pin: str, learner_id: int | None = None) -> PinCheck:
        """Try a PIN. Raises ``BadInputError`` where none is set, ``ReadOnlyStoreError`` where wrong
        tries cannot be counted.
        """
        with self._database.write() as connection:
            kept = self._kept(learner_id)
            if kept is None:
                raise missing("PIN for", learner_id or "the marking desk")
            wait = self._wait(connection, kept)
            if wait > 0:
                return PinCheck(False, wait)
            # Counted before it is compared: a program that is killed meanwhile gains no try.
            self._count(connection, kept.id, kept.failures + 1)
        right = _is_pin(pin) and hmac.compare_digest(_hashed(_digits(pin), kept.salt), kept.hash)
        if right:
            with self._database.write() as connection:
                self._count(connection, kept.id, 0)
        return PinCheck(right)

    def wait(self, learner_id: int | None = None) -> float:
        """Return how many seconds the next try has to wait."""
        kept = self._kept(learner_id)
        return max(0.0, _delay(kept.failures) - self._elapsed(kept)) if kept else 0.0

    def _wait(self, connection: sqlite3.Connection, kept: _Kept) -> float:
        if self._tick() < kept.failed_tick:
            # The machine was started anew; what ran since then counts, from now on as the start.
            connection.execute("UPDATE pins SET failed_tick = 0 WHERE id = ?", (kept.id,))
        return _delay(kept.failures) - self._elapsed(kept)

    def _elapsed(self, kept: _Kept) -> float:
        now = self._tick()
        return now if now < kept.failed_tick else now - kept.failed_tick

    def _count(self, connection: sqlite3.Connection, pin_id: int, failures: int) -> None:
        connection.execute(
            "UPDATE pins SET failures = ?, failed_tick = ? WHERE id = ?",
            (failures, self._tick(), pin_id),
        )

    def _kept(self, learner_id: int | None) -> _Kept | None:
        return self._database.row(_Kept, "SELECT * FROM pins WHERE learner_id IS ?", (learner_id,))


def _delay(failures: int) -> float:
    if failures < FREE_TRIES:
        return 0.0
    # The exponent is bounded, or thousands of tries would overflow a float.
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - FREE_TRIES, 16))


def _digits(pin: str) -> str:
    """Return the PIN in plain digits; keyboards of some languages type others."""
    plain = unicodedata.normalize("NFKC", pin.strip())
    if not _is_pin(plain):
        raise BadInputError(
            "This is no PIN.", f"A PIN has {_MIN_DIGITS} to {_MAX_DIGITS} digits and nothing else."
        )
    return "".join(str(unicodedata.digit(character)) for character in plain)


def _is_pin(pin: str) -> bool:
    plain = unicodedata.normalize("NFKC", pin.strip())
    return _MIN_DIGITS <= len(plain) <= _MAX_DIGITS and plain.isdecimal()


def _hashed(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)
