"""What an item gives to judge by, and so with which prompt it can be marked.

prompt_names(item)[0]           "explain" for an Italian answer about a source
check(item, "mark_rubric")      raises BadInputError where there is no rubric
"""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from runtime.errors import BadInputError
from runtime.judge.prompt.explaining import ITALIAN, explaining
from runtime.marking.item import Item, Task
from runtime.marking.rubric import Criterion, Rubric
from runtime.words import _, noted

PromptName = Literal["mark_maths", "mark_short_answer", "mark_essay", "mark_rubric", "explain"]
"""The functions of the prompt contract that ask for a mark."""

SCORED: frozenset[PromptName] = frozenset({"mark_essay", "mark_rubric"})
"""Those that ask for a score; the others ask for a verdict."""

_NAMES: Mapping[Task, PromptName] = {
    Task.MATH: "mark_maths",
    Task.SHORT_ANSWER: "mark_short_answer",
    Task.ESSAY: "mark_essay",
    Task.RUBRIC: "mark_rubric",
}


def prompt_names(item: Item) -> tuple[PromptName, ...]:
    """Return the prompts that can mark an item, the one that fits best first.

    Italian answers about a source are reasoned about. The others serve adapters that were trained
    on them.
    """
    best = _NAMES[item.task]
    if item.task is Task.SHORT_ANSWER and item.source:
        if explaining(item.language) is ITALIAN:
            return "explain", best
        return best, "explain"
    if item.task is Task.ESSAY and item.rubric and not _is_empty(item.rubric):
        return best, "mark_rubric"
    return (best,)


def traits(item: Item) -> tuple[Criterion, ...]:
    """Return the criteria with levels to choose between, the first of each name."""
    criteria = item.rubric.criteria if item.rubric else ()
    named = {one.name: one for one in reversed(criteria) if one.name and len(one.levels) > 1}
    return tuple(one for one in criteria if named.get(one.name) is one)


def repeated(item: Item) -> tuple[str, ...]:
    """Return a note on every name that more than one criterion has."""
    names = Counter(one.name for one in (item.rubric.criteria if item.rubric else ()) if one.name)
    return tuple(
        noted(
            "{count} criteria are named {name!r}: only the first got a score of its own.",
            count=count,
            name=name,
        )
        for name, count in names.items()
        if count > 1
    )


def check(item: Item, name: PromptName) -> None:
    """Raise ``BadInputError`` where there is nothing to judge by."""
    has_rubric = item.rubric is not None and not _is_empty(item.rubric)
    if name == "mark_rubric" and not has_rubric:
        raise BadInputError(
            _("There is no rubric to score this by."), _("Say in 'rubric' what is looked for.")
        )
    if name == "mark_maths" and not item.reference:
        raise BadInputError(
            _("There is no reference answer."), _("Add the right answer as 'reference'.")
        )
    if name in {"mark_short_answer", "explain"} and not (
        item.reference or item.source or has_rubric
    ):
        raise BadInputError(
            _("There is nothing to compare this answer with."),
            _("Add the right answer as 'reference'."),
        )


def _is_empty(rubric: Rubric) -> bool:
    words = (rubric.description, *(word for one in rubric.criteria for word in _words(one)))
    return not any(word.strip() for word in words)


def _words(criterion: Criterion) -> tuple[str, ...]:
    return criterion.name, criterion.description, *criterion.levels.values()
