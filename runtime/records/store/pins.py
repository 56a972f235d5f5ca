"""PINs: they keep classmates out of each other's work, and children off the marking desk.

    store.pins.set("4711", learner_id)      without a learner: the PIN of the desk
    store.pins.check("0000", learner_id)    PinCheck(right=False, wait=0.0)

After three wrong tries the next has to wait, twice as long every time and at most five minutes.
A try that comes too early is not looked at: the right PIN and a wrong one get the same answer. Time
is counted by the clock that runs since the machine was started, so that setting the time of day
neither opens nor shuts anything. Programs that may only look count their tries as well, and those
of all programs count together (``pin_tries``). A PIN of four digits protects from a glance, not
from somebody who carries the file away.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.pin_tries import FILE, NO_TRIES, PinTries, Tries, key_of
from runtime.records.store.sealed_pin import SealedPin

FREE_TRIES = 3
FIRST_WAIT = 5.0
"""Seconds; doubled with each wrong try."""
LONGEST_WAIT = 300.0
"""Seconds: a lesson is not lost to a classmate's joke."""


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

    @property
    def pin(self) -> SealedPin:
        """What is compared with."""
        return SealedPin(self.salt, self.hash)

    @property
    def tries(self) -> Tries:
        """The wrong tries in the program that has the store."""
        return Tries(self.failures, self.failed_tick)


class Pins:
    """PINs of learners and of the marking desk; ``tick`` counts seconds since the machine began."""

    def __init__(self, database: Database, tick: Callable[[], float] = time.monotonic) -> None:
        """Keep them in ``database``."""
        self._database = database
        self._tick = tick
        self._tries = PinTries(database.path.with_name(FILE))

    def set(self, pin: str, learner_id: int | None = None) -> None:
        """Give a learner (or the desk) a PIN. Raises ``BadInputError`` unless it is 4-12 digits."""
        self.put_back(SealedPin.of(pin), learner_id)

    def remove(self, learner_id: int | None = None) -> None:
        """Do without a PIN; that its owner or a teacher is asking is the caller's to know."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM pins WHERE learner_id IS ?", (learner_id,))

    def sealed(self, learner_id: int | None = None) -> SealedPin | None:
        """Return a PIN as it is kept, for ``put_back``; ``None`` if there is none."""
        kept = self._kept(learner_id)
        return kept.pin if kept else None

    def put_back(self, sealed: SealedPin | None, learner_id: int | None = None) -> None:
        """Have the PIN (or none) that there was: what undo takes back."""
        with self._database.write() as connection:
            self.remove(learner_id)
            if sealed:
                connection.execute(
                    "INSERT INTO pins (learner_id, salt, hash) VALUES (?, ?, ?)",
                    (learner_id, *sealed),
                )

    def is_set(self, learner_id: int | None = None) -> bool:
        """Whether there is a PIN."""
        return self._kept(learner_id) is not None

    def check(self, pin: str, learner_id: int | None = None) -> PinCheck:
        """Try a PIN. Raises ``BadInputError`` where none is set, ``StoreError`` where wrong tries
        cannot be counted.
        """
        with self._tries.counting() as elsewhere:
            kept = self._kept(learner_id)
            if kept is None:
                raise missing("PIN for", learner_id or "the marking desk")
            kept = self._since_start(kept, elsewhere)
            wait = self._wait(kept, elsewhere)
            if wait > 0:
                return PinCheck(False, wait)
            # Counted before it is compared: a program that is killed meanwhile gains no try.
            self._count(kept, elsewhere)
        right = kept.pin.opened_by(pin)
        if right:
            with self._tries.counting() as elsewhere:
                self._forget(kept, elsewhere)
        return PinCheck(right)

    def wait(self, learner_id: int | None = None) -> float:
        """Return how many seconds the next try has to wait."""
        kept = self._kept(learner_id)
        return max(0.0, self._wait(kept, self._tries.read())) if kept else 0.0

    def _wait(self, kept: _Kept, elsewhere: dict[str, Tries]) -> float:
        """Return the seconds to wait: what was tried in any program counts."""
        every = [kept.tries, elsewhere.get(key_of(kept.salt), NO_TRIES)]
        since = min((self._elapsed(one.tick) for one in every if one.failures), default=0.0)
        return _delay(sum(one.failures for one in every)) - since

    def _elapsed(self, tick: float) -> float:
        now = self._tick()
        # Earlier than that: the machine was started anew, and what ran since then counts.
        return now if now < tick else now - tick

    def _since_start(self, kept: _Kept, elsewhere: dict[str, Tries]) -> _Kept:
        """Return ``kept`` with tries of before the machine was started taken for tries then."""
        now, key = self._tick(), key_of(kept.salt)
        there = elsewhere.get(key, NO_TRIES)
        if now < there.tick:
            elsewhere[key] = there._replace(tick=0.0)
        if now < kept.failed_tick:
            kept = msgspec.structs.replace(kept, failed_tick=0.0)
            if not self._database.read_only:
                self._keep(kept.id, kept.tries)
        return kept

    def _count(self, kept: _Kept, elsewhere: dict[str, Tries]) -> None:
        now = self._tick()
        if not self._database.read_only:
            self._keep(kept.id, Tries(kept.failures + 1, now))
            return
        key = key_of(kept.salt)
        elsewhere[key] = Tries(elsewhere.get(key, NO_TRIES).failures + 1, now)

    def _forget(self, kept: _Kept, elsewhere: dict[str, Tries]) -> None:
        elsewhere.pop(key_of(kept.salt), None)
        if not self._database.read_only:
            self._keep(kept.id, NO_TRIES)

    def _keep(self, pin_id: int, tries: Tries) -> None:
        with self._database.write() as connection:
            connection.execute(
                "UPDATE pins SET failures = ?, failed_tick = ? WHERE id = ?", (*tries, pin_id)
            )

    def _kept(self, learner_id: int | None) -> _Kept | None:
        return self._database.row(_Kept, "SELECT * FROM pins WHERE learner_id IS ?", (learner_id,))


def _delay(failures: int) -> float:
    if failures < FREE_TRIES:
        return 0.0
    # The exponent is bounded, or thousands of tries would overflow a float.
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - FREE_TRIES, 16))
