"""A text by its traits: one thing that is good already, and one next step.

    found = look_at(item, mark)
    found.praise, found.next_step

A rubric's criteria come first, where the mark has them; else what code can count: length, own
words, clean sentences, words of the source. Never both lists: a child can work on one thing.
"""

from collections.abc import Iterator

import msgspec

from runtime.marking.ages import Band
from runtime.marking.child_words import ByAge, tell
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark
from runtime.marking.writing.words import content_stems, words
from runtime.study import trait_words

_SHORT_ESSAY, _SHORT_ANSWER = 40, 6
"""Words below which more is asked for: some three sentences, and one."""
_MANY_FINDINGS = 0.05
"""Findings a word from which spelling is the next step: one line in two."""
_ENOUGH_OF_SOURCE = 0.15
"""Share of the source's words of content in a summary that covers most of it."""


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """``levels`` are a rubric's: name, level reached, highest level (0 where it is not known)."""

    praise: str
    next_step: str
    word_count: int
    levels: tuple[tuple[str, float, float], ...] = ()


def look_at(item: Item, mark: Mark, band: Band) -> Traits:
    """Return what to say of a text."""
    count = len(words(item.text, item.language))
    levels = _levels(item, mark)

    def says(what: ByAge, **values: object) -> str:
        return tell(what, band, item.language, **values)

    if len(levels) > 1:
        best, least = max(levels, key=_share), min(levels, key=_share)
        return Traits(
            praise=says(trait_words.GOOD_AT, trait=best[0]),
            next_step=says(trait_words.WORK_ON, trait=least[0]),
            word_count=count,
            levels=levels,
        )
    good, lacking = _counted(item, mark, count)
    return Traits(
        praise=says(next(good)), next_step=says(next(lacking)), word_count=count, levels=levels
    )


def _levels(item: Item, mark: Mark) -> tuple[tuple[str, float, float], ...]:
    criteria = item.rubric.criteria if item.rubric else ()
    most = {one.name: float(max(one.levels, default=0)) for one in criteria}
    return tuple((name, level, most.get(name, 0.0)) for name, level in mark.traits.items())


def _share(level: tuple[str, float, float]) -> float:
    _, reached, most = level
    return reached / most if most else reached


def _counted(item: Item, mark: Mark, count: int) -> tuple[Iterator[ByAge], Iterator[ByAge]]:
    """Return what is good and what is lacking, the most telling first; neither is ever empty."""
    kinds = [finding.kind for finding in mark.evidence]
    slips = kinds.count("spelling") + kinds.count("grammar")
    copied = "copied" in kinds
    long_enough = count >= (_SHORT_ANSWER if item.task is Task.SHORT_ANSWER else _SHORT_ESSAY)
    covers = _covered(item) >= _ENOUGH_OF_SOURCE if item.source else long_enough
    checks = (
        (covers, trait_words.COVERS, trait_words.SAY_MORE_OF_IT),
        (not copied, trait_words.OWN_WORDS, trait_words.USE_OWN_WORDS),
        (long_enough, trait_words.LONG_ENOUGH, trait_words.ADD_A_REASON),
        (slips <= _MANY_FINDINGS * count, trait_words.CLEAN, trait_words.CHECK_SPELLING),
    )
    good = [praise for holds, praise, _ in checks if holds and count]
    lacking = [step for holds, _, step in checks if not holds]
    last = trait_words.CHECK_SPELLING if slips else trait_words.READ_ALOUD
    return iter((*good, trait_words.BEGUN)), iter((*lacking, last))


def _covered(item: Item) -> float:
    """Return the share of the source's words of content that the text takes up."""
    wanted = content_stems(words(item.source or "", item.language))
    said = content_stems(words(item.text, item.language))
    return len(wanted & said) / max(1, len(wanted))
