"""What prompts are made of: parts that say whose words they are.

Prompt -> messages -> parts; ``render`` turns them into segments and ``token_ids`` those into ids.
"""

from typing import Literal, NamedTuple

import msgspec


class Part(NamedTuple):
    """Some text. ``trusted``: our own wording; else words of a child, a teacher or a book."""

    text: str
    trusted: bool


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Part, ...]


Prompt = tuple[Message, ...]


class Segment(NamedTuple):
    """Rendered text. ``special``: special tokens are parsed in it; else they stay plain text."""

    text: str
    special: bool


def ours(text: str) -> Part:
    """Return our own wording."""
    return Part(text, trusted=True)


def theirs(text: str) -> Part:
    """Return words of anybody else."""
    return Part(text, trusted=False)
