"""The questions of a session, each with its skill: those of a set or those due; which is next."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from runtime.records.store import Store
from runtime.records.store.rows import SetItem
from runtime.study.choosing import Question, choose
from runtime.study.knowledge import known_skills
from runtime.study.schedule import due_first
from runtime.study.skills import skill_of

_MOST_DUE = 50


def set_questions(store: Store, set_id: int) -> list[SetItem]:
    """Return the questions of a set in their order. Raises ``BadInputError`` if there is no set."""
    store.sets.get(set_id)
    return [_with_skill(one) for one in store.sets.items(set_id)]


def due_questions(store: Store, learner_id: int, besides: Iterable[int] = ()) -> list[SetItem]:
    """Return what a learner should practise again now, the longest overdue first.

    ``besides`` are items that belong to it anyway: a session that goes on has asked them already.
    """
    due = due_first(store.progress.schedule(learner_id), store.database.clock())[:_MOST_DUE]
    wanted = list(dict.fromkeys((*besides, *due)))
    known: dict[int, SetItem] = {}
    for one_set in store.sets.all():
        if len(known) == len(wanted):
            break
        for one in store.sets.items(one_set.id):
            if one.item_id in wanted:
                known.setdefault(one.item_id, _with_skill(one))
    found = (known.get(item_id) or _answered(store, learner_id, item_id) for item_id in wanted)
    return [one for one in found if one]


def next_question(
    store: Store, learner_id: int, questions: Mapping[int, SetItem], asked: Sequence[int]
) -> int | None:
    """Return which of ``questions`` (by id) comes after those ``asked``; ``None`` if all were."""
    done = store.progress.right_items(learner_id)
    open_ones = [
        Question(one.item_id, one.skill, one.item_id in done)
        for one in questions.values()
        if one.item_id not in asked
    ]
    due = due_first(store.progress.schedule(learner_id), store.database.clock())
    last = questions[asked[-1]].skill if asked else ""
    chosen = choose(open_ones, known_skills(store, learner_id), due, last)
    return chosen.item_id if chosen else None


def _answered(store: Store, learner_id: int, item_id: int) -> SetItem | None:
    """Return a question whose set is not in use any more, from what the learner answered to it."""
    lines = store.screens.results(learner_id=learner_id, item_id=item_id, limit=1)
    if not lines:
        return None
    item = store.answers.item(lines[0].answer_id)
    question = msgspec.structs.replace(item, id="", answer="", steps=(), learner=None)
    return _with_skill(SetItem(item_id=item_id, position=0, skill="", item=question))


def _with_skill(one: SetItem) -> SetItem:
    return msgspec.structs.replace(one, skill=skill_of(one.skill, one.item))
