"""The colours: light, dark, and high contrast in both.

Every pair of text and background has a contrast of at least 4.5 to 1, 7 to 1 in high contrast
(WCAG 2.2, success criteria 1.4.3 and 1.4.6); the tests measure it. Nothing is told by colour alone.
"""

import os
import re

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


def has_colours() -> bool:
    """Whether this kind of terminal has any (terminfo's names); not whether they are wanted."""
    return not re.match(r"vt\d|xterm-mono$|.*-m$", os.environ.get("TERM", ""))


def theme_for(colours: str, dark_terminal: bool | None = None, *, shades: bool = True) -> Theme:
    """Return the theme a setting names; "auto" follows the terminal.

    ``dark_terminal`` is what it has said of its background itself (``background``); ``None``: what
    ``COLORFGBG`` says, else dark, as most terminals are. Without ``shades``, edges tell what is
    what.
    """
    if colours in _NAMED:
        return _NAMED[colours]
    if not shades:
        return CONTRAST_DARK
    dark = _said_to_be_dark() if dark_terminal is None else dark_terminal
    return DARK if dark else LIGHT


def _said_to_be_dark() -> bool:
    """Whether nothing says that the background is light.

    ``COLORFGBG`` ends with the number of the background among the 16 colours; 7 and 15 are the
    whites (rxvt, Konsole, iTerm2).
    """
    last = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return not (last.isdecimal() and int(last) in {7, 15})
