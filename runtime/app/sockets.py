"""Which sockets programs have open, as the kernel itself tells: the proof of being offline.

    found = open_sockets(family(os.getpid()))      None where the system does not tell (not Linux)
    [one for one in found if one.reaches_out]      [] is the proof

Linux lists the files of a process in ``/proc/PID/fd`` and every socket in ``/proc/PID/net``. What
is written in C or was started as a program of its own shows there as well.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

PROC = Path("/proc")

_INODE_AT = {
    **dict.fromkeys(("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6"), 9),
    **dict.fromkeys(("raw", "raw6", "icmp", "icmp6"), 9),
    **{"packet": 8, "unix": 6, "netlink": 9},
}
"""Tables of the kernel, and which of their columns names the socket (proc(5))."""

LOCAL = frozenset({"unix", "netlink"})
"""Sockets between programs of one machine, or to its kernel: nothing leaves it through them."""

_ADDRESSED = frozenset(_INODE_AT) - LOCAL - {"packet"}


class OpenSocket(msgspec.Struct, frozen=True, kw_only=True):
    """A socket; ``kind`` is the kernel's table, "unknown" if it stands in none of them."""

    pid: int
    kind: str
    local: str = ""
    remote: str = ""

    @property
    def reaches_out(self) -> bool:
        """Whether something could leave the machine through it; what is unknown might."""
        return self.kind not in LOCAL


def family(pid: int, proc: Path = PROC) -> list[int]:
    """Return a process and all that it and its children have started and that still run."""
    parents = dict(_parents(proc))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def open_sockets(pids: Iterable[int], proc: Path = PROC) -> list[OpenSocket] | None:
    """Return the sockets of these processes; ``None`` where the system shows none of them."""
    found: list[OpenSocket] = []
    seen = False
    for pid in pids:
        try:
            inodes = list(_inodes(proc / str(pid) / "fd"))
        except OSError:
            # It has ended since, or this is not Linux.
            continue
        seen = True
        known = dict(_listed(proc / str(pid) / "net", pid)) if inodes else {}
        found += [known.get(inode) or OpenSocket(pid=pid, kind="unknown") for inode in inodes]
    return found if seen else None


def _parents(proc: Path) -> Iterator[tuple[int, int]]:
    for folder in proc.glob("[0-9]*"):
        try:
            # The name of a program, in brackets, may hold anything.
            status = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            yield int(folder.name), int(status[1])
        except (OSError, ValueError, IndexError):
            continue


def _inodes(folder: Path) -> Iterator[str]:
    for entry in os.scandir(folder):
        try:
            match = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry.path))  # noqa: PTH115
        except OSError:
            continue
        if match:
            yield match[1]


def _listed(folder: Path, pid: int) -> Iterator[tuple[str, OpenSocket]]:
    for kind, at in _INODE_AT.items():
        try:
            lines = (folder / kind).read_text("utf-8", "replace").splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            if len(columns) > at:
                yield columns[at], _socket(kind, pid, columns)


def _socket(kind: str, pid: int, columns: list[str]) -> OpenSocket:
    if kind not in _ADDRESSED:
        return OpenSocket(pid=pid, kind=kind)
    return OpenSocket(pid=pid, kind=kind, local=_address(columns[1]), remote=_address(columns[2]))


def _address(text: str) -> str:
    """Return an address of the kernel's tables as people write it."""
    import ipaddress  # noqa: PLC0415

    number, _, port = text.partition(":")
    try:
        # Words of 32 bits, each in the order of the processor's bytes.
        words = [bytes.fromhex(number[at : at + 8])[::-1] for at in range(0, len(number), 8)]
        return f"{ipaddress.ip_address(b''.join(words))}:{int(port, 16)}"
    except ValueError:
        return text
