"""Seals the process before pupils' work is read: from then on no Python code opens a socket.

    seal()

A guard against our own mistakes and those of libraries written in Python. It sees what Python's
audit events see (PEP 578): code in C that calls the system itself, and programs that are started,
are beyond it. The hook stays for the life of the process.
"""

import sys
from functools import cache

from runtime.errors import KindmarkError
from runtime.words import N_, _

_REFUSED = frozenset(
    {
        *("socket.__new__", "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
        "socket.getnameinfo",
    }
)


class SealedError(KindmarkError):
    """Something tried to reach a network while pupils' work was open."""

    title = N_("The network was refused")


@cache
def seal() -> None:
    """Refuse every socket of every family from now on; a second call does nothing."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _REFUSED:
        raise SealedError(
            _("Something asked for the network ({event}) while pupils' work was open.").format(
                event=event
            ),
            _("It was refused and nothing was sent. Please report this: Kindmark marks offline."),
        )
