"""Language, colours, size and movement; everything holds at once."""

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, Label, Select, Static

from runtime.app.colours import COLOURS
from runtime.app.screens.base import KindmarkScreen
from runtime.app.settings import AppSettings, Colours
from runtime.app.widgets.top_line import TopLine
from runtime.words import LANGUAGES, N_, _

_ON, _OFF = "on", "off"


class SettingsScreen(KindmarkScreen):
    """What the person at this machine may choose for the app."""

    HELP = N_("""\
# Settings

Every choice holds at once and is kept for the next time.

- **Large text** shows fewer things with more room. The size of the letters themselves is a setting
  of your terminal (often Ctrl and +); in a browser Kindmark makes them larger itself.
- **Reduced motion**: nothing moves or fades by itself.
- **High contrast** themes have black and white with few, strong colours.
""")
    DEFAULT_CSS = """
    SettingsScreen VerticalScroll { padding: 1 2; }
    SettingsScreen .setting { height: auto; margin-bottom: 1; max-width: 90; }
    SettingsScreen .words { width: 1fr; height: auto; padding: 0 2 0 0; }
    SettingsScreen .words Label { text-style: bold; }
    SettingsScreen Select { width: 32; }
    """

    def compose(self) -> ComposeResult:
        """Yield a row for each setting."""
        chosen = self.app.settings
        languages = [(name, code) for code, name in LANGUAGES.items()]
        colours = [(_(title), code.value) for code, title in COLOURS.items()]
        yield TopLine(_("Settings"))
        with VerticalScroll(can_focus=False):
            with _Setting(_("Language"), _("Of everything Kindmark says.")):
                yield Select(languages, value=chosen.spoken(), allow_blank=False, id="language")
            with _Setting(_("Colours"), _("Nothing is told by colour alone.")):
                yield Select(colours, value=chosen.colours.value, allow_blank=False, id="colours")
            with _Setting(_("Large text"), _("Fewer things on a screen, with more room.")):
                yield _on_or_off(chosen.large_text, "large_text")
            with _Setting(_("Reduced motion"), _("Nothing moves or fades by itself.")):
                yield _on_or_off(chosen.reduced_motion, "reduced_motion")
        yield Footer(show_command_palette=False)

    @on(Select.Changed)
    def _selected(self, event: Select.Changed) -> None:
        name, value = event.select.id or "", str(event.value)
        if name == "language":
            self._choose(language=value)
        elif name == "colours":
            self._choose(colours=Colours(value))
        else:
            self._choose(**{name: value == _ON})

    def _choose(self, **changes: object) -> None:
        before = self.app.settings
        chosen: AppSettings = msgspec.structs.replace(before, **changes)
        said = (before.spoken(), before.colours, before.large_text, before.reduced_motion)
        if (chosen.spoken(), chosen.colours, chosen.large_text, chosen.reduced_motion) != said:
            # Of the app, not of this screen, whose widgets are made anew for another language.
            self.app.run_worker(self.app.choose(chosen), group="settings")


def _on_or_off(is_on: bool, name: str) -> Select[str]:
    """Return a choice in words: a switch tells its state by colour and a small shift."""
    choices = [(_("On"), _ON), (_("Off"), _OFF)]
    return Select(choices, value=_ON if is_on else _OFF, allow_blank=False, id=name)


class _Setting(Horizontal):
    """A setting's name and what it does, to the left of what changes it."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__(
            Vertical(Label(title), Static(about, classes="muted"), classes="words"),
            classes="setting",
        )
