"""Texts on their way into the store: kept exactly, or refused in words.

storable("3 1/2\\x1b[31m", "answer")     the same text: how to show it is the screen's matter
"""

import secrets

from runtime.errors import BadInputError
from runtime.words import N_, _, number

NAMES = (
    *(N_("answer"), N_("working"), N_("hint"), N_("name"), N_("nickname"), N_("comment")),
    *(N_("name of the class"), N_("name of the learner"), N_("name of the set")),
)
"""What texts are called where one is refused."""

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
            _("The {what} has {count} characters, more than {most}.").format(
                what=_(what), count=number(len(text)), most=number(MAX_TEXT_CHARS)
            ),
            _("Check that no file was pasted in by mistake."),
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInputError(
            _("The {what} has half a character at place {place}.").format(
                what=_(what), place=error.start + 1
            ),
            _("Type it again."),
        ) from None
    return text


def short_name(name: str, what: str) -> str:
    """Return ``name`` on one line. Raises ``BadInputError`` if it is empty or too long."""
    line = " ".join(storable(name, what).split())
    if not line or len(line) > MAX_NAME_CHARS:
        raise BadInputError(
            _("The {what} is {count} characters long.").format(what=_(what), count=len(line))
            if line
            else _("The {what} is empty.").format(what=_(what)),
            _("Give it 1 to {most} characters.").format(most=MAX_NAME_CHARS),
        )
    return line
