"""Which answers to a question to mark first: a few marks that say most about all the others.

    looks = propose(store, Scope(class_id=4), likeness)
    looks.question, looks.answer_ids        the most telling first

Maths: the commonest answers that nobody has marked, since the same answer gets the same mark.
Texts: see ``runtime.marking.telling``.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import msgspec

from runtime.desk.gathering import Asked, Marked, gather
from runtime.desk.heard import Heard
from runtime.desk.likeness import Likeness
from runtime.desk.same_answers import same_answer
from runtime.desk.scope import Scope
from runtime.errors import BadInputError
from runtime.marking.decision import uses_judge
from runtime.marking.item import Task
from runtime.records.store import Store
from runtime.words import _

LOOKS = 5
"""Answers that are proposed at a time: a few minutes' work, after which more is known."""


class FirstLooks(msgspec.Struct, frozen=True):
    """A question, and the ids of the answers to it that are to be marked first."""

    question: str
    answer_ids: tuple[int, ...]


def propose(
    store: Store, scope: Scope, likeness: Likeness, item_id: int | None = None
) -> FirstLooks:
    """Return what to mark first of one question, or of that with most to review in a scope.

    May wait for the marking process, and raises its errors. Raises ``BadInputError`` where there is
    nothing to review.
    """
    answer_id = most_to_review(store, scope, item_id)
    nothing = _("There is nothing here to mark first.")
    if answer_id is None:
        raise BadInputError(nothing, _("No mark waits for your eye."))
    found = first_looks(gather(store, answer_id), likeness)
    if not found.answer_ids:
        raise BadInputError(nothing, _("Code alone decided these marks."))
    return found


def first_looks(asked: Asked, likeness: Likeness, count: int = LOOKS) -> FirstLooks:
    """Return up to ``count`` answers without a mark of the teacher's, the most telling first.

    May wait for the marking process, and raises its errors.
    """
    item = asked.answers[0].item
    if not uses_judge(item):
        found = _commonest(asked.answers)
    elif item.task in {Task.ESSAY, Task.RUBRIC}:
        found = _telling_essays(asked.answers, likeness, count)
    else:
        found = _telling_answers(asked.answers, likeness, count)
    return FirstLooks(asked.question, tuple(one.answer_id for one in found[:count]))


def most_to_review(store: Store, scope: Scope, item_id: int | None = None) -> int | None:
    """Return an answer to the question of a scope with most to review; ``None`` if nothing is.

    With ``item_id`` it is this question.
    """
    inside, values = scope.where()
    narrow = "" if item_id is None else " AND r.item_id = ?"
    given = values if item_id is None else (*values, item_id)
    row = store.database.row(_Most, _MOST.format(inside=inside, narrow=narrow), given)
    return row.answer_id if row else None


class _Most(msgspec.Struct, frozen=True):
    answer_id: int


_MOST = """
SELECT min(r.answer_id) AS answer_id FROM results AS r
WHERE {inside}{narrow} AND r.needs_review = 1
GROUP BY r.item_id ORDER BY count(*) DESC, r.item_id LIMIT 1
"""


def _commonest(answers: Sequence[Marked]) -> list[Marked]:
    """Return one of each answer in maths that waits for a word of the teacher, commonest first."""
    groups: defaultdict[Hashable, list[Marked]] = defaultdict(list)
    for one in answers:
        key = same_answer(one.item, one.base)
        groups[("alone", one.answer_id) if key is None else key].append(one)
    open_ = [group for group in groups.values() if not any(one.given for one in group)]
    unsure = [group for group in open_ if any(one.base.needs_review for one in group)]
    ordered = sorted(unsure, key=lambda group: (-len(group), group[0].base.confidence))
    return [group[0] for group in ordered]


def _telling_answers(answers: Sequence[Marked], likeness: Likeness, count: int) -> list[Marked]:
    from runtime.marking.telling import doubt_of_answers, telling  # noqa: PLC0415 - numpy

    heard = Heard(answers)
    if not heard:
        return []
    known = heard.known()
    doubt = doubt_of_answers(heard.shares, likeness.centred(heard.texts), known)
    return _found(heard, telling(doubt, known, range(len(heard)), count))


def _telling_essays(answers: Sequence[Marked], likeness: Likeness, count: int) -> list[Marked]:
    from runtime.marking.telling import doubt_of_essays, telling  # noqa: PLC0415 - numpy

    heard = Heard(answers)
    if not heard:
        return []
    doubt = doubt_of_essays(heard.essays(likeness))
    return _found(heard, telling(doubt, heard.points(), range(len(heard)), count))


def _found(heard: Heard, places: Sequence[int]) -> list[Marked]:
    return [heard.answers[place] for place in places]
