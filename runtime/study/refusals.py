"""Why a text cannot be taken as an answer.

    check_answer(text)      raises NoAnswerError or TooLongError, with words for a child
    too_much(text)          the sentence about a text that is too long, "" if it is not

What is typed here may be shorter than what a class set may bring: each key wraps and draws the
whole paragraph anew, and no key may hold the screen up for 50 ms.
"""

from runtime.errors import BadInputError
from runtime.words import N_, _, number

MOST_CHARS = 20_000
"""Twice a long school essay; a key in one paragraph of that width takes some 15 ms."""
MOST_LINES = 1000
"""Far more than the lines of any working."""


class NoAnswerError(BadInputError):
    """Nothing was written."""

    title = N_("Nothing to check yet")


class TooLongError(BadInputError):
    """More was written, or pasted, than can be marked."""

    title = N_("That is too much text")


def check_answer(text: str) -> None:
    """Raise ``NoAnswerError`` or ``TooLongError`` if a text cannot be taken as an answer."""
    if not text.strip():
        raise NoAnswerError(
            _("There is nothing to check yet."), _("Write something first; a guess is fine.")
        )
    if too_much(text):
        raise TooLongError(
            too_much(text),
            _("It is still here. Keep what belongs to your answer and take out the rest."),
        )


def too_much(text: str) -> str:
    """Return a sentence about a text that is too long for an answer, "" if it is not."""
    if _width(text) > MOST_CHARS:
        said = _("This is longer than I can read: {count} characters.")
        return said.format(count=number(len(text)))
    lines = text.count("\n") + 1
    if lines > MOST_LINES:
        return _("These are more lines than I can read: {count}.").format(count=number(lines))
    return ""


def _width(text: str) -> int:
    """Return about how many places a text takes in a row: wrapping and drawing cost that much."""
    if text.isascii():
        return len(text) + 3 * text.count("\t")
    # Scripts with characters two places wide begin there.
    return len(text) + 3 * text.count("\t") + sum(one >= "\u1100" for one in text)
