"""About this machine: the proof of being offline, where the data lie and how to erase them.

app.go("machine")
"""

import asyncio
import os
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Footer, Static, TabbedContent, TabPane

from runtime.app import about
from runtime.app.screens.base import KindmarkScreen
from runtime.app.sockets import family, open_sockets
from runtime.app.widgets.machine_facts import (
    Looked,
    data_facts,
    licence_of,
    machine_facts,
    offline_facts,
)
from runtime.app.widgets.top_line import TopLine
from runtime.errors import ModelError
from runtime.machine import free_disk_mb, this_machine
from runtime.words import N_, _


class MachineScreen(KindmarkScreen):
    """Four pages of facts; nothing here is taken on trust: it is looked at when it is shown."""

    HELP = N_(
        "# About this machine\n\nOn the first page you see that Kindmark has no connection to any"
        " network: the operating system lists what is open, and this list is shown. The second"
        " page says where everything lies and how to erase it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "look", N_("Look again")),
    ]
    DEFAULT_CSS = """
    MachineScreen TabbedContent, MachineScreen ContentSwitcher, MachineScreen TabPane {
        height: 1fr; padding: 0; }
    MachineScreen VerticalScroll { height: 1fr; padding: 0 2; }
    MachineScreen .said { margin: 1 0; }
    MachineScreen Collapsible { padding-bottom: 0; }
    MachineScreen CollapsibleTitle { width: 1fr; height: auto; }
    MachineScreen Collapsible Contents { padding-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """Yield four empty pages; ``fill`` and the opening of a page bring what stands there."""
        yield TopLine(_("About this machine"))
        with TabbedContent(id="pages"):
            for page, title in _PAGES.items():
                with TabPane(_(title), id=page):
                    yield VerticalScroll(id=f"{page}-facts")
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the page that is open."""
        await self._show(self.query_one("#pages", TabbedContent).active or "offline")

    @on(TabbedContent.TabActivated)
    def _opened(self, event: TabbedContent.TabActivated) -> None:
        self.start(self._show(event.pane.id or "offline"), group="look", exclusive=True)

    def action_look(self) -> None:
        """Look at everything on this page again."""
        self.start(self.fill(), group="look", exclusive=True)

    async def _show(self, page: str) -> None:
        widgets = await getattr(self, f"_{page}")()
        facts = self.query_one(f"#{page}-facts", VerticalScroll)
        async with self.batch():
            await facts.remove_children()
            await facts.mount_all(widgets)

    async def _offline(self) -> list[Widget]:
        return list(offline_facts(await asyncio.to_thread(_look)))

    async def _data(self) -> list[Widget]:
        found = await asyncio.to_thread(about.places, self.app.store.places.folder)
        free = await asyncio.to_thread(free_disk_mb, self.app.store.places.folder)
        return list(data_facts(found, free))

    async def _machine(self) -> list[Widget]:
        machine = await asyncio.to_thread(this_machine)
        return list(machine_facts(machine, await asyncio.to_thread(about.versions)))

    async def _licences(self) -> list[Widget]:
        try:
            found = await asyncio.to_thread(about.licences)
        except ModelError as error:
            return [Static(Content(f"{error.message} {error.remedy}"), classes="said")]
        return [licence_of(one) for one in found]


SERVED = "KINDMARK_SERVED"
"""Set where this process is shown in a browser (``kindmark app --web``)."""

_PAGES = {
    "offline": N_("Offline"),
    "data": N_("Your data"),
    "machine": N_("Machine"),
    "licences": N_("Licences"),
}


def _look() -> Looked:
    processes = family(os.getpid())
    server = os.getppid() if SERVED in os.environ else None
    if server:
        # It has started this one, not the other way round.
        processes = [server, *processes]
    return Looked(processes, open_sockets(processes), about.may_open_sockets(), server)
