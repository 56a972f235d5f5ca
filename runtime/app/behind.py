"""What is done behind the first screen, once it stands.

    Behind(app, Start("a-model")).begin()

The network is sealed, the model is loaded in the marking process, a backup is made if one is due,
signals to end are heard, and behind a browser the process ends with its server.
"""

import asyncio
import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from runtime.app import collecting
from runtime.app.only_looking import SECONDS, Watch
from runtime.errors import KindmarkError
from runtime.offline import seal
from runtime.words import _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

_PARENT_SECONDS = 2.0
_COLLECT_SECONDS = 5.0


class Start(msgspec.Struct, frozen=True):
    """What is to be done: ``model`` is loaded, the process ``sealed``."""

    model: str = ""
    sealed: bool = True
    parent: int = 0
    """The process that serves this one to a browser; when it is gone, so is the browser."""


class Behind:
    """Work beside the screens of one app."""

    def __init__(self, app: "KindmarkApp", start: Start) -> None:
        self._app = app
        self._start = start

    def hear_signals(self) -> None:
        """Have the app close as by Ctrl+Q when the system shuts down or the window is closed."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Windows has no loop that hears signals; threads beside the main one have none, either.
            with suppress(AttributeError, NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(getattr(signal, name), self._app.exit)

    def begin(self) -> None:
        """Begin all of it. Called when the first screen is drawn."""
        collecting.begin()
        self._app.set_interval(_COLLECT_SECONDS, self._collect)
        if self._start.sealed:
            # The loop has made its own pair of sockets by now; nothing else is to make any.
            seal()
        if self._start.parent:
            self._app.set_interval(_PARENT_SECONDS, self._look_for_parent)
        self._app.run_worker(self._open_model(), group="model")
        if self._app.store.read_only:
            self._app.set_interval(SECONDS, Watch(self._app).look)
        else:
            self._app.run_worker(self._back_up(), group="backup")

    async def _open_model(self) -> None:
        app = self._app
        app.model_line = _("The model is loading; maths works already")
        try:
            future = await asyncio.to_thread(app.worker.open, self._start.model)
            await asyncio.wrap_future(future)
        except KindmarkError as error:
            app.model_line = _("No model: maths is marked, other answers wait")
            app.tell(error)
        else:
            app.model_line = ""

    async def _back_up(self) -> None:
        store = self._app.store
        if await self._app.in_store(store.backup_due):
            await self._app.in_store(store.back_up)

    def _collect(self) -> None:
        collecting.collect(time.monotonic() - self._app.heard_at)

    def _look_for_parent(self) -> None:
        if os.getppid() != self._start.parent:
            self._app.exit()
