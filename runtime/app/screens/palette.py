"""All there is to do, to be searched: Textual's command palette, in the language in use.

app.push_screen(Palette(placeholder=_("What would you like to do?")))
"""

from textual.command import CommandList, CommandPalette
from textual.widgets.option_list import Option

from runtime.words import _


class Palette(CommandPalette):
    """Says in our words that nothing was found."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # Textual has its own English sentence in the function that this one replaces.
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(
            self._NO_MATCHES_COUNTDOWN, lambda: self._say_nothing_fits(search_value)
        )

    def _say_nothing_fits(self, wanted: str) -> None:
        if wanted:
            words = Option(_("Nothing here has that name."), id=self._NO_MATCHES, disabled=True)
            self.query_one(CommandList).add_option(words)
        self._list_visible = bool(wanted)
