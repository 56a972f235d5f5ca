"""Text of children and files as a screen may show it: nothing in it is run, styles or hides.

    shown("a\\x1b[31mb\\u202ec")      "a␛[31mb⟨RLO⟩c"

Records keep every character as it was typed; only what is drawn is changed.
"""

import unicodedata

from runtime.words import number

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
"""Unicode's own pictures of the control characters."""

_BREAKS = {"\n", "\t"}

_BIDI = {
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u061c": "ALM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
"""Controls that change the order in which what follows is drawn (Unicode Standard Annex 9)."""


def shown(text: str, most: int | None = None) -> str:
    """Return ``text`` with its control characters made visible, and at most ``most`` of it.

    Line ends and tabs stay; what is cut off is counted in words.
    """
    text = text.replace("\r\n", "\n")
    kept = text if most is None else text[:most]
    # Nearly all texts: Python calls no control, half or unassigned character printable.
    harmless = kept.replace("\n", "").replace("\t", "").isprintable()
    drawn = kept if harmless else "".join(map(_drawn, kept))
    return drawn if len(kept) == len(text) else f"{drawn} … (+{number(len(text) - len(kept))})"


def one_line(text: str, most: int = 80) -> str:
    """Return ``text`` as one line of at most ``most`` characters, for tables and titles."""
    flat = " ".join(shown(text[: 4 * most]).split())
    return flat if len(flat) <= most and len(text) <= 4 * most else f"{flat[: most - 1]}…"


def _drawn(character: str) -> str:
    if character in _BREAKS:
        return character
    if character in _BIDI:
        return f"⟨{_BIDI[character]}⟩"
    code = ord(character)
    if code in _PICTURES:
        return _PICTURES[code]
    kind = unicodedata.category(character)
    # Other controls, halves of pairs and unassigned characters have no picture of their own.
    return f"⟨{code:X}⟩" if kind in {"Cc", "Cs", "Cn"} else character
