"""Look-alike characters: what children, keyboards and phones write for the same sign.

``plain`` keeps every character's place, so spans found in plain text hold in the original.
"""

import re
import unicodedata

_LOOKALIKES = {
    "-": "−‐‑‒–—﹣－",
    "*": "×⋅·∙✕✖∗",
    "/": "÷⁄∕",
    ":": "：∶",
    ",": "，",
    ".": "．٫",
    "'": "’‘ʼ",
    '"': "“”″",
    " ": "\u00a0\u2007\u2008\u2009\u200a\u202f\u3000\t\u200b",
    "=": "＝",
    "%": "％",
    "$": "＄",
    "(": "（",
    ")": "）",
    "+": "＋",
    "π": "𝜋",
}
_FULLWIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_TABLE = str.maketrans(
    {odd: sign for sign, odds in _LOOKALIKES.items() for odd in odds} | _FULLWIDTH
)

VULGAR = {
    char: unicodedata.normalize("NFKC", char).replace("⁄", "/") for char in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
}
"""Every one-character fraction and what it stands for: ½ is 1/2."""

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def plain(text: str) -> str:
    """Return the text with look-alikes replaced one for one; the length stays."""
    return text.translate(_TABLE)


def squeezed(text: str) -> str:
    """Return the text with every run of white space as one space, trimmed."""
    return " ".join(text.split())


def shown(text: str, limit: int = 60) -> str:
    """Return the text as a message quotes it: on one line and not too long."""
    line = squeezed("".join(char if char.isprintable() else " " for char in text))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def wording(text: str) -> str:
    """Return letters, digits and single spaces only, casefolded: how texts are compared."""
    return squeezed(re.sub(r"[^\w]+|_", " ", unicodedata.normalize("NFKC", text).casefold()))
