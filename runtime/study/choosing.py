"""Which question comes next: what is due for review, then the skill that is known least.

    choose(open_items, known, due, last_skill)

Two questions of one skill follow each other only if no other skill is open: mixed practice is kept
longer than blocked practice (Rohrer and Taylor 2007). What was right before comes last.
"""

from collections.abc import Mapping, Sequence

import msgspec

from runtime.study.mastery import MASTERED, PARAMETERS


class Question(msgspec.Struct, frozen=True):
    """A question that may be asked: its id in the records, its skill, whether it was right ever."""

    item_id: int
    skill: str
    done: bool = False


def choose(
    questions: Sequence[Question],
    known: Mapping[str, float],
    due: Sequence[int] = (),
    last: str = "",
) -> Question | None:
    """Return the next of ``questions``, which stand in the order of their set; ``None`` if empty.

    ``due`` are the ids to be reviewed, the most urgent first; ``last`` is the skill asked last.
    """
    places = {item_id: place for place, item_id in enumerate(due)}
    waiting = [one for one in questions if one.item_id in places]
    if waiting:
        return min(waiting, key=lambda one: places[one.item_id])

    def worth(at: int) -> tuple[bool, bool, bool, float, int]:
        one = questions[at]
        level = known.get(one.skill, PARAMETERS.start)
        return (one.done, level >= MASTERED, one.skill == last, round(level, 2), at)

    best = min(range(len(questions)), key=worth, default=None)
    return None if best is None else questions[best]
