"""Texts on their way into the store: kept exactly, or refused in words.

storable("3 1/2\\x1b[31m", "answer")     the same text: how to show it is the screen's matter
"""

import secrets

from runtime.errors import BadInputError

MAX_NAME_CHARS = 80
"""Longer than any nickname or class name a screen can show on one line."""

MAX_TEXT_CHARS = 5_000_000
"""Far more than a child can write; a file pasted by mistake should not fill the disk."""


def new_uid() -> str:
    """Return a name no other row has, on any machine."""
    return secrets.token_hex(16)


def storable(text: str, what: str) -> str:
    """Return ``text`` as it is. Raises ``BadInputError`` if it is no text or far too long."""
    if len(text) > MAX_TEXT_CHARS:
        raise BadInputError(
            f"The {what} has {len(text):,} characters, more than {MAX_TEXT_CHARS:,}.",
            "Check that no file was pasted in by mistake.",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInputError(
            f"The {what} has half a character at place {error.start + 1}.", "Type it again."
        ) from None
    return text


def short_name(name: str, what: str) -> str:
    """Return ``name`` on one line. Raises ``BadInputError`` if it is empty or too long."""
    line = " ".join(storable(name, what).split())
    if not line or len(line) > MAX_NAME_CHARS:
        raise BadInputError(
            f"The {what} is {'empty' if not line else f'{len(line)} characters long'}.",
            f"Give it 1 to {MAX_NAME_CHARS} characters.",
        )
    return line
