"""What the screen about this machine shows: places with their sizes, versions, the offline test.

    for place in places(store.places.folder): place.path, place.size
    may_open_sockets()        False once the network is sealed: it was tried

Slow where folders are large: made to run in a thread.
"""

import platform
import socket
import sqlite3
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from runtime import __version__
from runtime.app import settings
from runtime.judge.catalogue import Entry, State, installed
from runtime.judge.shelf import model_shelf
from runtime.locations import (
    machine_settings,
    model_store,
    prefix_cache,
    shipped_models,
    user_settings,
)
from runtime.offline import SealedError
from runtime.words import N_

_PROGRAMS = ("textual", "llama-cpp-python", "math-verify", "harper-py")


class DataPlace(NamedTuple):
    """Where something lies: ``what`` and ``erase`` are untranslated; ``size`` is in bytes."""

    what: str
    path: Path
    size: int
    erase: str


class Licence(NamedTuple):
    """A model that is here, whose it is, and under which terms; ``text`` "" if not at hand."""

    title: str
    licence: str
    source: str
    citation: str
    text: str


def places(records: Path) -> list[DataPlace]:
    """Return every place Kindmark writes to; ``records`` is the folder of the open store."""
    every = (
        (N_("Records"), records, N_("one learner at the desk; all by deleting the folder")),
        (N_("Models"), model_store(), N_("kindmark models remove NAME")),
        (N_("Rubrics read"), prefix_cache(), N_("kindmark doctor --clear-cache")),
        (N_("Settings of the app"), settings.place(), N_("delete this file")),
        (N_("Which model marks"), user_settings(), N_("delete this file")),
        (N_("Measurements"), machine_settings(), N_("delete this file")),
    )
    return [DataPlace(what, path, size_of(path), erase) for what, path, erase in every]


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder; 0 if it is not there."""
    try:
        files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        return sum(one.stat().st_size for one in files)
    except OSError:
        # Something was deleted while it was counted.
        return 0


def may_open_sockets() -> bool:
    """Whether Python code in this process may open a socket: it is tried, and nothing is sent."""
    try:
        socket.socket().close()
    except SealedError:
        return False
    except OSError:
        # Refused by the system, which may change its mind.
        return True
    return True


def versions() -> list[tuple[str, str]]:
    """Return the programs at work, by name; llama.cpp is not loaded for it."""
    found = [("Kindmark", __version__), ("Python", platform.python_version())]
    found.append(("SQLite", sqlite3.sqlite_version))
    for name in _PROGRAMS:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def licences() -> list[Licence]:
    """Return the terms of every model that is here. Raises ``ModelError`` for a damaged
    catalogue."""
    here = [
        one.entry
        for one in model_shelf().models
        if installed(one.entry, one.folder) is not State.MISSING
    ]
    return [_licence(entry) for entry in here]


def _licence(entry: Entry) -> Licence:
    text = _apache() if entry.licence == "Apache-2.0" else ""
    return Licence(entry.title, entry.licence, entry.source, entry.citation, text)


def _apache() -> str:
    """Return the text of the licence that Kindmark itself has, from where it was installed."""
    beside = shipped_models().parent / "LICENSE"
    try:
        return beside.read_text("utf-8")
    except OSError:
        files = metadata.files("kindmark") or ()
        found = next((file for file in files if file.name == "LICENSE"), None)
        return found.read_text() if found else ""
