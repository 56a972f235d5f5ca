"""What a marker tells while it works, and what it asks of a model that writes.

    for event in marker.stream(items):
        show(event.place, event.kind, event.text)

Of every item comes a verdict first, then pieces of a reason and of feedback, and the whole mark.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence, Mark


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something new about the item at ``place``.

    "verdict" has a mark whose words come from code and templates; "reason" (for the teacher) and
    "feedback" (for the child) have a piece of text each; "done" has the finished mark. With
    ``withdrawn`` (why, in words) what came before of this kind is to be taken back.
    """

    place: int
    kind: Literal["verdict", "reason", "feedback", "done"]
    text: str = ""
    withdrawn: str = ""
    mark: Mark | None = None


class Wanted(msgspec.Struct, frozen=True):
    """A marked answer that words are wanted for.

    ``item`` and ``evidence`` are as the judge saw them, so that what it read of them is read once.
    """

    item: Item
    evidence: tuple[Evidence, ...]
    mark: Mark


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of text about the wanted answer at ``place``; ``end`` comes with the last one.

    With ``withdrawn`` (why, in words) all of this kind that came before does not count.
    """

    place: int
    kind: Literal["reason", "feedback"]
    text: str = ""
    end: bool = False
    withdrawn: str = ""


class Author(Protocol):
    """A model that writes reasons and feedback."""

    def write(self, wanted: Sequence[Wanted]) -> Iterator[Words]:
        """Yield words as they come, of several answers by turns.

        Raises ``ModelError`` if the model fails.
        """
