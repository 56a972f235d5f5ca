"""Keys as sentences name them.

key_words("^s"), key_words("pgup")        "Ctrl+S", "PgUp"
"""

_ON_THE_KEY = {"pgup": "PgUp", "pgdn": "PgDn"}


def key_words(display: str) -> str:
    """Return a key, as Textual displays it, as it stands on the keyboard."""
    if display.startswith("^"):
        return f"Ctrl+{display[1:].upper()}"
    return "+".join(_ON_THE_KEY.get(part, part.capitalize()) for part in display.split("+"))
