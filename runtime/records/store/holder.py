"""Who has the store: one program writes, every other one is told which and may look.

claim = Claim.on(places.lock)
claim.ours or claim.holder.words()     "process 4711 on kitchen, since 14:05 (21 November 2026)"
"""

import os
import socket
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from runtime.closing import Closing
from runtime.errors import BadInputError, reason_of
from runtime.records.lock import held
from runtime.records.store.errors import StoreError
from runtime.words import _, date


class Holder(msgspec.Struct, frozen=True):
    """A program that has the store open for writing."""

    pid: int
    host: str
    since: datetime

    def words(self) -> str:
        """Return who that is, in words."""
        since = self.since.astimezone()
        return _("process {pid} on {host}, since {time} ({day})").format(
            pid=self.pid, host=self.host, time=f"{since:%H:%M}", day=date(since)
        )

    @property
    def is_gone(self) -> bool:
        """Whether that program has ended. Asked without the lock, which only one may try."""
        if os.name == "nt" or self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class Claim(Closing):
    """The try to be the one who writes: ``ours``, or somebody else's (``holder``, if known)."""

    def __init__(self, stack: ExitStack, holder: Holder | None, ours: bool) -> None:
        """Keep what was found; ``on`` is the way in."""
        self._stack = stack
        self.holder = holder
        self.ours = ours

    @classmethod
    def on(cls, path: Path) -> Self:
        """Claim ``path``. The lock ends with the process, however that ends.

        Raises ``StoreError`` if the folder cannot be written.
        """
        _make(path)
        stack = ExitStack()
        try:
            stack.enter_context(held(path))
        except BadInputError:
            return cls(stack, _read(path), ours=False)
        holder = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC))
        path.write_bytes(msgspec.json.encode(holder))
        return cls(stack, holder, ours=True)

    def close(self) -> None:
        """Let go. The file stays: one that is removed could be locked twice."""
        self._stack.close()


def holder_of(path: Path) -> Holder | None:
    """Return who has the store now, or ``None``; changes nothing."""
    if not path.is_file():
        return None
    try:
        with held(path):
            return None
    except BadInputError:
        return _read(path)


def _make(path: Path) -> None:
    try:
        with path.open("ab") as file:
            # ``held`` removes what it has made and finds empty; this is neither.
            if not file.tell():
                file.write(b"{}")
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Check the permissions of the folder, or whether the disk is full."),
        ) from None


def _read(path: Path) -> Holder | None:
    # It may be half written just now; then who it is stays unknown.
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    return None
