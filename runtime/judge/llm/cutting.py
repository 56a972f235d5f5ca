"""What is left out where question, source and answer are longer than the model can read.

    kept, notes = fitted(item, build, room, measure)

Question, rubric and reference are read whole or not at all. A source keeps, in half of the room
that they leave, the passages closest to question and reference: the same ones for every answer
that is long, so that a class still shares them. An answer keeps its beginning and its end, three
parts to one. Whatever is left out leaves a mark in the text and a note for the teacher.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError
from runtime.judge.llm.passages import closest, joined
from runtime.judge.prompt import Prompt
from runtime.judge.prompt.wording import HEAD_SHARE, OMITTED
from runtime.marking.item import Item
from runtime.words import _, noted, number

Measure = Callable[[str], int]
Build = Callable[[Item], list[Prompt]]

LEAST = 48
"""Tokens that an answer must have: less than some thirty words cannot be judged."""

# What is written without blanks, such as a pasted image, counts as many words.
_WORD = re.compile(r"\S{1,40}")


class Fitted(NamedTuple):
    """An item whose prompts fit, and what was cut, in words."""

    item: Item
    notes: tuple[str, ...] = ()


def fitted(item: Item, build: Build, room: int, measure: Measure) -> Fitted:
    """Return the item, cut so that every prompt that ``build`` makes of it has ``room`` tokens.

    Raises ``BadInputError`` with the numbers if what is never cut leaves no room for an answer.
    """

    def size(changed: Item) -> int:
        return max(words_size(prompt, measure) for prompt in build(changed))

    if size(item) <= room:
        return Fitted(item)
    bare = _answered(item, "")
    fixed = size(_sourced(bare, "x"))
    if room - fixed < LEAST:
        raise _too_long(item, fixed, room, measure)
    notes = []
    half = room - max(LEAST, (room - fixed) // 2)
    if item.source and size(bare) > half:
        source = _cut_source(item, lambda text: size(_sourced(bare, text)) <= half)
        notes.append(_source_note(item.source, source))
        bare = _sourced(bare, source)
    left = room - size(bare)
    answer, note = cut_answer(item.text, left, measure)
    return Fitted(_answered(bare, answer), (*notes, *note))


def words_size(prompt: Prompt, measure: Measure) -> int:
    """Return how many tokens a prompt's words have, without what a chat template adds."""
    return sum(measure(part.text) for message in prompt for part in message.parts)


def cut_answer(text: str, room: int, measure: Measure) -> tuple[str, tuple[str, ...]]:
    """Return a text of at most ``room`` tokens and a note if it was cut, at the ends of words."""
    if measure(text) <= room:
        return text, ()
    words = [match.span() for match in _WORD.finditer(text)]
    low, high = 0, len(words) - 1
    while low < high:
        middle = (low + high + 1) // 2
        fits = measure(_ends(text, words, middle)) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    # Tokens merge, so fewer words may take as many; never more than the room.
    kept = next((n for n in range(low, 0, -1) if measure(_ends(text, words, n)) <= room), 0)
    note = noted(
        "Of the answer's {count:,} words the judge read the first {first:,} and the last {last:,}.",
        count=len(words),
        first=_head(kept),
        last=kept - _head(kept),
    )
    return _ends(text, words, kept), (note,)


def _ends(text: str, words: list[tuple[int, int]], kept: int) -> str:
    head = _head(kept)
    tail = kept - head
    start = text[: words[head - 1][1]] if head else ""
    return start + OMITTED + (text[words[-tail][0] :] if tail else "")


def _head(kept: int) -> int:
    return round(kept * HEAD_SHARE)


def _cut_source(item: Item, fits: Callable[[str], bool]) -> str:
    """Return as many of the closest passages as fit, in their order."""
    text = item.source or ""
    ranked = closest(text, f"{item.question} {item.reference or ''}", item.language)
    low, high = 0, len(ranked)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(joined(text, ranked[:middle])) else (low, middle - 1)
    return joined(text, ranked[:low])


def _source_note(source: str, kept: str) -> str:
    read = len(kept.replace(OMITTED.strip(), " ").split())
    return noted(
        "Of the source's {count:,} words the judge read {read:,}:"
        " the passages closest to the question.",
        count=len(source.split()),
        read=read,
    )


def _answered(item: Item, answer: str) -> Item:
    return msgspec.structs.replace(item, answer=answer, steps=())


def _sourced(item: Item, source: str) -> Item:
    return msgspec.structs.replace(item, source=source) if item.source else item


def _too_long(item: Item, fixed: int, room: int, measure: Measure) -> BadInputError:
    rubric = msgspec.json.encode(item.rubric).decode() if item.rubric else ""
    sizes = {
        "question": measure(item.question),
        "reference": measure(item.reference or ""),
        "rubric": measure(rubric),
    }
    longest = max(sizes, key=lambda name: sizes[name])
    remedies = {
        "question": _("Shorten the question, or use a model that reads more."),
        "reference": _("Shorten the reference, or use a model that reads more."),
        "rubric": _("Shorten the rubric, or use a model that reads more."),
    }
    return BadInputError(
        _(
            "The question and what goes with it take {fixed} tokens; the model has"
            " room for {room}, {least} of them for an answer."
        ).format(fixed=number(fixed), room=number(room), least=LEAST),
        remedies[longest],
    )
