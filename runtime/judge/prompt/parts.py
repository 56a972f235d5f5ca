"""What prompts are made of: parts that say whose words they are.

Prompt -> messages -> parts; ``render`` turns them into segments and ``token_ids`` those into ids.
"""

from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec


class Whose(StrEnum):
    """Who wrote a part."""

    OURS = "ours"
    """Our wording: the only words in which special tokens are parsed."""
    GIVEN = "given"
    """A teacher or a book: the same for a whole class."""
    CHILD = "child"
    """A child, or code that quotes one: never stored."""
    REPLY = "reply"
    """The model's reply to one child, said back to it."""


class Part(NamedTuple):
    """Some text and whose it is."""

    text: str
    whose: Whose


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Part, ...]


Prompt = tuple[Message, ...]


class Segment(NamedTuple):
    """Rendered text. ``special``: special tokens are parsed in it; else they stay plain text.

    ``private``: it holds words of a child, or words said about them.
    """

    text: str
    special: bool
    private: bool = False


def ours(text: str) -> Part:
    """Return our own wording."""
    return Part(text, Whose.OURS)


def given(text: str) -> Part:
    """Return words of a teacher or a book."""
    return Part(text, Whose.GIVEN)


def childs(text: str) -> Part:
    """Return words of a child, or about one child's words."""
    return Part(text, Whose.CHILD)


def reply(text: str) -> Message:
    """Return the turn of a model that has replied ``text``."""
    return Message("assistant", (Part(text, Whose.REPLY),))
