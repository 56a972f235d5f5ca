"""What the app's own loop does: how long it computes in one turn, and how late it comes to things.

    with Turns() as turns:                    CPU of each callback of the loop, in seconds
        ...
    turns.longest

    async with Heartbeat() as beat:           a task that wants to be woken every 5 ms
        ...
    beat.late                                 how late it was, each time

On a busy machine lateness is mostly that of other programs; the turns are ours alone.
"""

import asyncio
import time
from types import TracebackType

BEAT_SECONDS = 0.005


class Turns:
    """Notes what each callback of the loop computes for, while it is entered."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._run = asyncio.Handle._run

    def __enter__(self) -> "Turns":
        """Begin."""
        run, note = self._run, self.seconds.append

        def counted(handle: asyncio.Handle) -> None:
            started = time.thread_time()
            run(handle)
            note(time.thread_time() - started)

        asyncio.Handle._run = counted  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_raised: object) -> None:
        """End."""
        asyncio.Handle._run = self._run  # type: ignore[method-assign]

    @property
    def longest(self) -> float:
        """The longest so far."""
        return max(self.seconds, default=0.0)


class Heartbeat:
    """Notes how late it was woken, each time, while it is entered."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Heartbeat":
        """Begin."""
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _raised: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End."""
        if self._task:
            self._task.cancel()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(BEAT_SECONDS)
            self.late.append(loop.time() - before - BEAT_SECONDS)
