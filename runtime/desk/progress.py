"""How far a marking job is: told by the job, drawn by whoever looks.

progress.done, progress.total, progress.seconds_left
progress.ended
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from runtime.errors import KindmarkError


class State(StrEnum):
    """How a job is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is. ``done`` and ``total`` count answers since it started, ``to_review`` those
    of them that a teacher is to look at.

    ``error`` says why a job failed, or what it met on its way.
    """

    state: State
    done: int
    total: int
    to_review: int = 0
    per_second: float | None = None
    seconds_left: float | None = None
    error: KindmarkError | None = None

    @property
    def ended(self) -> bool:
        """Whether the job has come to its end, however it ended."""
        return self.state in {State.STOPPED, State.DONE, State.FAILED}


Told = Callable[[Progress], None]
