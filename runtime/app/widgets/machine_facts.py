"""What stands on the pages about this machine, each a list of widgets.

offline_facts(Looked(processes, sockets, may_open))
data_facts(places(folder), free_mb), machine_facts(this_machine(), versions()), licence_of(one)
"""

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Collapsible, Static

from runtime.app.about import DataPlace, Licence
from runtime.app.plain import shown
from runtime.app.sockets import OpenSocket
from runtime.app.widgets.facts import Fact
from runtime.app.widgets.sizes import size_words
from runtime.machine import Machine
from runtime.words import N_, _, ngettext


class Looked(NamedTuple):
    """The state of the network as it was found."""

    processes: list[int]
    sockets: list[OpenSocket] | None
    may_open: bool
    server: int | None = None
    """The process that brings this screen to a browser, if one does; it is none of the others."""


def offline_facts(found: Looked) -> Iterator[Widget]:
    """Yield the proof of being offline, as it was found."""
    title = _("Nothing a child writes leaves this machine.")
    if found.server:
        title = _("What a child writes goes to this browser, and nowhere else.")
    yield Static(Content(title), classes="title")
    if found.sockets is None:
        yield Fact(_("Open now"), _unseen(), "unsure")
    else:
        yield from _socket_facts(found.sockets)
    if found.server:
        yield Fact(_("Browser front"), _(_SERVED).format(pid=found.server), "unsure")
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


_SERVED = N_(
    "this screen is shown in a browser by process {pid}, which alone may have sockets: what you see"
    " and type goes through them to that browser, unencrypted, and nowhere else"
)

_CANNOT_SEE = N_(
    "How far this goes: the list of sockets is the kernel's own and holds for the moment you look."
    " The lock on new connections holds for everything written in Python; code written in C, and"
    " programs that are started, are beyond it, which is why their sockets are listed, too. A"
    " network card may be on: other programs of this machine can use it, Kindmark does not."
)


def data_facts(found: list[DataPlace], free_mb: int) -> Iterator[Widget]:
    """Yield where everything lies and how it is erased."""
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


def machine_facts(machine: Machine, versions: list[tuple[str, str]]) -> Iterator[Widget]:
    """Yield what this machine computes with, and the programs at work."""
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


def licence_of(one: Licence) -> Widget:
    """Return the terms of one model, to be unfolded."""
    facts: list[Widget] = [Fact(_("Licence"), one.licence), Fact(_("Source"), shown(one.source))]
    if one.citation:
        facts.append(Fact(_("Described in"), shown(one.citation)))
    text = one.text or _("Its text is not on this machine; it stands where the model is from.")
    facts.append(Static(Content(text), classes="muted"))
    return Collapsible(*facts, title=one.title.replace("[", "("))
