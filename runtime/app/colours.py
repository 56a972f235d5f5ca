"""What the colours one can choose are called."""

from runtime.app.settings import Colours
from runtime.words import N_

COLOURS = {
    Colours.AUTO: N_("Colours of the terminal"),
    Colours.LIGHT: N_("Light"),
    Colours.DARK: N_("Dark"),
    Colours.CONTRAST_LIGHT: N_("Light, high contrast"),
    Colours.CONTRAST_DARK: N_("Dark, high contrast"),
}
