"""Multiple-choice answers: which option a text names, by letter, number from 1 or its own words."""

from collections.abc import Sequence
from string import ascii_uppercase


def letter_of(text: str, options: Sequence[str]) -> str | None:
    """Return the letter of the option that ``text`` names; None if it names none.

    Words go before numbers: "2" is the option that says 2, if there is one.
    """
    named = text.strip()
    letters = ascii_uppercase[: len(options)]
    if named in options[: len(letters)]:
        return letters[options.index(named)]
    if len(named) == 1 and named.upper() in letters:
        return named.upper()
    if named.isdecimal() and 1 <= int(named) <= len(letters):
        return letters[int(named) - 1]
    return None
