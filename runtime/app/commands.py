"""What the command palette offers everywhere, to be searched by its words.

for command in commands(app): command.title, command.help, command.callback
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from textual.app import SystemCommand

from runtime.app.colours import COLOURS
from runtime.app.own_profile import may_change
from runtime.app.places import SIGNPOSTS
from runtime.app.settings import AppSettings
from runtime.words import LANGUAGES, _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


def commands(app: "KindmarkApp") -> Iterator[SystemCommand]:
    """Yield places, languages, colours, help and the way out."""
    for title, about, place in SIGNPOSTS:
        yield SystemCommand(_(title), _(about), lambda place=place: app.go(place))
    if may_change(app):
        about = _("Nickname, picture, age, language, PIN")
        yield SystemCommand(_("My profile"), about, app.action_profile)
    yield from _choices(app)
    yield SystemCommand(_("Help"), _("Explain this screen"), app.action_help)
    yield SystemCommand(_("Quit"), _("Close Kindmark; everything is kept"), app.action_quit)


def _choices(app: "KindmarkApp") -> Iterator[SystemCommand]:
    for code, name in LANGUAGES.items():
        to_language = msgspec.structs.replace(app.settings, language=code)
        yield _choosing(app, name, _("Speak this language"), to_language)
    for colours, title in COLOURS.items():
        to_colours = msgspec.structs.replace(app.settings, colours=colours)
        yield _choosing(app, _(title), _("Use these colours"), to_colours)


def _choosing(app: "KindmarkApp", title: str, about: str, chosen: AppSettings) -> SystemCommand:
    return SystemCommand(title, about, lambda: app.run_worker(app.choose(chosen)))
