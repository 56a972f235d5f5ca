"""Where one can go by name: imported when one goes there.

app.go("desk")
place_of("desk")()          the screen itself
"""

import importlib
from typing import NamedTuple

from textual.screen import Screen

from runtime.words import N_

PLACES = {
    "study": ("runtime.app.screens.study.home", "StudyHome"),
    "desk": ("runtime.app.screens.desk.home", "DeskHome"),
    "models": ("runtime.app.screens.models", "ModelsScreen"),
    "machine": ("runtime.app.screens.machine", "MachineScreen"),
    "settings": ("runtime.app.screens.settings", "SettingsScreen"),
}
"""Module and class of each; a screen without arguments."""


class Signpost(NamedTuple):
    """A place the palette leads to; both texts are untranslated."""

    title: str
    about: str
    place: str


SIGNPOSTS = (
    Signpost(N_("Settings"), N_("Language, colours, large text, movement"), "settings"),
    Signpost(N_("Teacher's desk"), N_("Mark a class set, look at marks, reports"), "desk"),
    Signpost(N_("Models"), N_("What is installed, which one marks"), "models"),
    Signpost(N_("About this machine"), N_("Proof of being offline, where the data lie"), "machine"),
)


def place_of(place: str) -> type[Screen[None]]:
    """Return the screen of one of ``PLACES``, imported now."""
    module, name = PLACES[place]
    kind: type[Screen[None]] = getattr(importlib.import_module(module), name)
    return kind
