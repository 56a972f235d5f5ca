"""The colours: light, dark, and high contrast in both.

Every pair of text and background has a contrast of at least 4.5 to 1, 7 to 1 in high contrast
(WCAG 2.2, success criteria 1.4.3 and 1.4.6); the tests measure it. Nothing is told by colour alone.
"""

import os

from textual.theme import Theme

LIGHT = Theme(
    name="kindmark-light",
    primary="#1f5aa6",
    secondary="#0f6b5f",
    accent="#6a1fd0",
    success="#146c2e",
    warning="#8a5300",
    error="#b3261e",
    foreground="#1b1b1f",
    background="#fbfaf6",
    surface="#f2efe8",
    panel="#e7e2d7",
    dark=False,
    variables={"text-muted": "#55534e"},
)

DARK = Theme(
    name="kindmark-dark",
    primary="#8ab4f8",
    secondary="#7fd1c4",
    accent="#c9a7ff",
    success="#7bd88f",
    warning="#f2b950",
    error="#ff8a80",
    foreground="#ece9e2",
    background="#16181d",
    surface="#1f2229",
    panel="#2a2e37",
    dark=True,
    variables={"text-muted": "#b5b1a8"},
)

CONTRAST_LIGHT = Theme(
    name="kindmark-contrast-light",
    primary="#00339a",
    secondary="#004d40",
    accent="#5b00b0",
    success="#00420f",
    warning="#5c3200",
    error="#8c0000",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#f0f0f0",
    dark=False,
    variables={"text-muted": "#000000"},
)

CONTRAST_DARK = Theme(
    name="kindmark-contrast-dark",
    primary="#9ecbff",
    secondary="#8ff5e2",
    accent="#e0c3ff",
    success="#8dff9d",
    warning="#ffd866",
    error="#ffb3ab",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#161616",
    dark=True,
    variables={"text-muted": "#ffffff"},
)

THEMES = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)

_NAMED = {theme.name.removeprefix("kindmark-"): theme for theme in THEMES}


def theme_for(colours: str) -> Theme:
    """Return the theme a setting names; "auto" follows what the terminal says of itself."""
    return _NAMED.get(colours) or (DARK if _terminal_is_dark() else LIGHT)


def _terminal_is_dark() -> bool:
    """Whether the terminal says that its background is dark; most terminals say nothing.

    ``COLORFGBG`` ends with the number of the background among the 16 colours; 7 and 15 are the
    whites (rxvt, Konsole, iTerm2).
    """
    last = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return last.isdecimal() and int(last) not in {7, 15}
