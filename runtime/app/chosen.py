"""The settings in use: language, colours, size and movement, changed while the app runs.

use(app)                                    what is seen, as ``app.settings`` says
await choose(app, other_settings)           from now on, and the next time
"""

import asyncio
from typing import TYPE_CHECKING

from runtime import words
from runtime.app import settings
from runtime.app.screens.base import Place
from runtime.app.settings import AppSettings
from runtime.app.themes import has_colours, theme_for
from runtime.errors import KindmarkError

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


def use(app: "KindmarkApp") -> None:
    """Colour, size and move as the settings say."""
    chosen = app.settings
    shades = has_colours() and not app.no_color
    app.theme = theme_for(chosen.colours, app.dark_terminal, shades=shades).name
    app.set_class(not shades, "-no-colours")
    app.set_class(chosen.large_text, "-large-text")
    app.animation_level = "none" if chosen.reduced_motion else "full"


async def choose(app: "KindmarkApp", chosen: AppSettings) -> None:
    """Use other settings at once, and keep them; what cannot be kept holds for today."""
    before, app.settings = app.settings, chosen
    use(app)
    if before.spoken() != chosen.spoken():
        # Only then: a learner who studies goes on in a language of their own.
        words.use(chosen.spoken())
    try:
        await asyncio.to_thread(settings.keep, chosen)
    except KindmarkError as error:
        app.tell(error)
    if (before.spoken(), before.large_text) != (chosen.spoken(), chosen.large_text):
        for screen in app.screen_stack:
            if isinstance(screen, Place):
                await screen.retell()
