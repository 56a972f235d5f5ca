"""Who may come in from another machine: whoever types the code that stands on the host's terminal.

    codes = Codes()
    codes.current                  "4821-9035": good for one browser
    session = codes.enter("4821 9035", now)      a secret for a cookie, or None
    codes.knows(session)

A code is used once; then there is a new one. Wrong codes are slowed for everybody together, so that
many machines guess no faster than one, and after ``PATIENCE`` of them the code changes.
"""

import hmac
import secrets

DIGITS = 8
PATIENCE = 10
"""Wrong codes until there is a new one: a guess finds it with a chance of 1 in 10 million."""
FREE_TRIES = 3
LONGEST_WAIT = 30.0
"""Seconds; the first wait is of one."""
SESSIONS = 32
"""Browsers that are known at a time; the earliest is forgotten."""


class Codes:
    """The code of the moment, and the browsers that have come in."""

    def __init__(self) -> None:
        self.current = _new_code()
        self._wrong = 0
        self._not_before = 0.0
        self._sessions: list[str] = []

    def wait(self, now: float) -> float:
        """Return the seconds until a code is looked at again; ``now`` is monotonic."""
        return max(0.0, self._not_before - now)

    def enter(self, code: str, now: float) -> str | None:
        """Return a new session for the right code; ``None`` for a wrong one or one too early."""
        if self.wait(now):
            return None
        digits = "".join(filter(str.isdecimal, code))
        if not hmac.compare_digest(digits.encode(), self.current.replace("-", "").encode()):
            self._count(now)
            return None
        self.current, self._wrong = _new_code(), 0
        session = secrets.token_urlsafe(32)
        self._sessions = [*self._sessions[-SESSIONS + 1 :], session]
        return session

    def knows(self, session: str) -> bool:
        """Whether a session was given out here."""
        return any(hmac.compare_digest(session.encode(), one.encode()) for one in self._sessions)

    def _count(self, now: float) -> None:
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            self._not_before = now + min(LONGEST_WAIT, 2.0 ** (self._wrong - FREE_TRIES))
        if self._wrong % PATIENCE == 0:
            self.current = _new_code()


def _new_code() -> str:
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    return f"{digits[: DIGITS // 2]}-{digits[DIGITS // 2 :]}"
