"""What the command palette offers: all that a screen's keys do, and what can be done everywhere.

for command in commands(app, screen): command.title, command.help, command.callback
"""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from runtime.app.colours import COLOURS
from runtime.app.keys import key_words
from runtime.app.own_profile import may_change
from runtime.app.places import SIGNPOSTS
from runtime.app.settings import AppSettings
from runtime.words import LANGUAGES, _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


def commands(app: "KindmarkApp", screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield what the keys of a screen do, then places, languages, colours, help, the way out."""
    yield from _of_screen(app, screen)
    for title, about, place in SIGNPOSTS:
        yield SystemCommand(_(title), _(about), lambda place=place: app.go(place))
    if may_change(app):
        about = _("Nickname, picture, age, language, PIN")
        yield SystemCommand(_("My profile"), about, app.action_profile)
    yield from _choices(app)
    yield SystemCommand(_("Help"), _("Explain this screen"), app.action_help)
    yield SystemCommand(_("Quit"), _("Close Kindmark; everything is kept"), app.action_quit)


def _of_screen(app: "KindmarkApp", screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield each thing once, whichever keys do it; what is possible everywhere comes later."""
    named = {"", *(_(title) for title, _about, _place in SIGNPOSTS)}
    for one in screen.active_bindings.values():
        title, action = one.binding.description, one.binding.action
        if one.node is screen and one.enabled and action not in _TEXTUALS and title not in named:
            named.add(title)
            key = key_words(app.get_key_display(one.binding))
            about = _("Here also by the key {key}").format(key=key)
            run = partial(app.run_action, action, screen)
            yield SystemCommand(title, about, partial(_run, app, run))


_TEXTUALS = {binding.action for binding in Screen.BINDINGS if isinstance(binding, Binding)}
"""What keys do in every program: nobody searches for it."""


def _run(app: "KindmarkApp", action: Callable[[], Awaitable[bool]]) -> None:
    # Once the palette is gone, which is where this is called.
    app.call_later(action)


def _choices(app: "KindmarkApp") -> Iterator[SystemCommand]:
    for code, name in LANGUAGES.items():
        to_language = msgspec.structs.replace(app.settings, language=code)
        yield _choosing(app, name, _("Speak this language"), to_language)
    for colours, title in COLOURS.items():
        to_colours = msgspec.structs.replace(app.settings, colours=colours)
        yield _choosing(app, _(title), _("Use these colours"), to_colours)


def _choosing(app: "KindmarkApp", title: str, about: str, chosen: AppSettings) -> SystemCommand:
    return SystemCommand(title, about, lambda: app.run_worker(app.choose(chosen)))
