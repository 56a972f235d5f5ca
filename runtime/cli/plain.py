"""Children's text made safe to print: a terminal obeys control characters, a table does not."""

import unicodedata

# Overrides of the writing direction would turn the rest of the line around.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Return ``text`` with control characters shown as "�"; line ends stay."""
    return "".join("�" if _obeyed(character) else character for character in text)


def one_line(text: str) -> str:
    """Return ``text`` on one line, blanks joined, safe to print."""
    return printable(" ".join(text.split()))


def _obeyed(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind in {"Cc", "Cs"} and character != "\n") or character in _TURNING
