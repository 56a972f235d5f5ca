"""About this machine: the proof of being offline, where the data lie and how to erase them.

app.go("machine")
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Collapsible, Footer, Static, TabbedContent, TabPane

from runtime.app import about
from runtime.app.about import DataPlace, Licence
from runtime.app.plain import shown
from runtime.app.screens.base import KindmarkScreen
from runtime.app.sockets import OpenSocket, family, open_sockets
from runtime.app.widgets.facts import Fact
from runtime.app.widgets.sizes import size_words
from runtime.app.widgets.top_line import TopLine
from runtime.errors import ModelError
from runtime.machine import Machine, free_disk_mb, this_machine
from runtime.words import N_, _, ngettext


class Looked(NamedTuple):
    """The state of the network as it was found."""

    processes: list[int]
    sockets: list[OpenSocket] | None
    may_open: bool


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
    MachineScreen Collapsible { margin-bottom: 1; }
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
        return list(_offline_facts(await asyncio.to_thread(_look)))

    async def _data(self) -> list[Widget]:
        found = await asyncio.to_thread(about.places, self.app.store.places.folder)
        free = await asyncio.to_thread(free_disk_mb, self.app.store.places.folder)
        return list(_data_facts(found, free))

    async def _machine(self) -> list[Widget]:
        machine = await asyncio.to_thread(this_machine)
        return list(_machine_facts(machine, await asyncio.to_thread(about.versions)))

    async def _licences(self) -> list[Widget]:
        try:
            found = await asyncio.to_thread(about.licences)
        except ModelError as error:
            return [Static(Content(f"{error.message} {error.remedy}"), classes="said")]
        return [_licence(one) for one in found]


_PAGES = {
    "offline": N_("Offline"),
    "data": N_("Your data"),
    "machine": N_("Machine"),
    "licences": N_("Licences"),
}


def _look() -> Looked:
    processes = family(os.getpid())
    return Looked(processes, open_sockets(processes), about.may_open_sockets())


def _offline_facts(found: Looked) -> Iterator[Widget]:
    yield Static(Content(_("Nothing a child writes leaves this machine.")), classes="title")
    if found.sockets is None:
        yield Fact(_("Open now"), _unseen(), "unsure")
    else:
        yield from _socket_facts(found.sockets)
    yield Fact(_("New connections"), *_sealed(found.may_open))
    watched = ngettext("{count} process", "{count} processes", len(found.processes))
    who = _("of Kindmark, with what they started: {numbers}").format(
        numbers=", ".join(map(str, found.processes))
    )
    yield Fact(_("Looked at"), f"{watched.format(count=len(found.processes))} {who}")
    yield Static(Content(_(_CANNOT_SEE)), classes="said muted")


def _socket_facts(sockets: list[OpenSocket]) -> Iterator[Widget]:
    reaching = [one for one in sockets if one.reaches_out]
    if reaching:
        said = ngettext("{count} open", "{count} open", len(reaching))
        yield Fact(_("Internet sockets"), said.format(count=len(reaching)), "wrong")
    else:
        yield Fact(_("Internet sockets"), _("none"), "right")
    for one in reaching:
        yield Fact("", shown(f"{one.pid}: {one.kind} {one.local} -> {one.remote}"))
    inside = len(sockets) - len(reaching)
    if inside:
        said = ngettext(
            "{count}, within this machine: the program wakes itself through it",
            "{count}, within this machine: the program wakes itself through them",
            inside,
        )
        yield Fact(_("Local sockets"), said.format(count=inside))


def _sealed(may_open: bool) -> tuple[str, str]:
    if may_open:
        return _("not refused: the network was not sealed when this program was started"), "unsure"
    return _("refused: opening one was just tried, and Kindmark itself forbade it"), "right"


def _unseen() -> str:
    number = os.getpid()
    windows = sys.platform == "win32"
    command = f"netstat -ano | findstr {number}" if windows else f"lsof -i -a -p {number}"
    return _("This system does not show it to programs. Look for yourself with: {command}").format(
        command=command
    )


_CANNOT_SEE = N_(
    "How far this goes: the list of sockets is the kernel's own and holds for the moment you look."
    " The lock on new connections holds for everything written in Python; code written in C, and"
    " programs that are started, are beyond it, which is why their sockets are listed, too. A"
    " network card may be on: other programs of this machine can use it, Kindmark does not."
)


def _data_facts(found: list[DataPlace], free_mb: int) -> Iterator[Widget]:
    yield Static(Content(_("Everything lies on this machine, and nowhere else.")), classes="title")
    for place in found:
        size = size_words(place.size) if place.path.exists() else _("not there yet")
        yield Fact(_(place.what), f"{size} · {shown(str(place.path))}")
        yield Fact("", _("To erase: {how}").format(how=_(place.erase)))
    yield Fact(_("Free on this disk"), size_words(free_mb * 1_000_000))
    yield Static(Content(_(_BEYOND)), classes="said muted")


_BEYOND = N_(
    "Erasing a learner searches every file of the records afterwards. Copies you made elsewhere,"
    " and what a drive keeps in sectors it no longer shows, are out of reach: encrypt the disk of"
    " a machine that may be stolen."
)


def _machine_facts(machine: Machine, versions: list[tuple[str, str]]) -> Iterator[Widget]:
    yield Fact(_("System"), machine.system)
    yield Fact(_("Processor"), machine.cpu)
    cores = ngettext("{count} core", "{count} cores", machine.cores).format(count=machine.cores)
    yield Fact(_("Computes with"), " · ".join((cores, *machine.flags)))
    memory = _("{free} free of {all}").format(
        free=size_words(machine.free_memory_mb * 1_000_000),
        all=size_words(machine.memory_mb * 1_000_000),
    )
    yield Fact(_("Memory"), memory if machine.memory_mb else _("not shown by this system"))
    for name, version in versions:
        yield Fact(name, version)


def _licence(one: Licence) -> Widget:
    facts: list[Widget] = [Fact(_("Licence"), one.licence), Fact(_("Source"), shown(one.source))]
    if one.citation:
        facts.append(Fact(_("Described in"), shown(one.citation)))
    text = one.text or _("Its text is not on this machine; it stands where the model is from.")
    facts.append(Static(Content(text), classes="muted"))
    return Collapsible(*facts, title=one.title.replace("[", "("))
