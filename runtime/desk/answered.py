"""Answers as item analysis counts them: the first try of each learner at each question.

for one in answered(store, Scope(class_id=4)): one.share
"""

from functools import cached_property

import msgspec

from runtime.desk.scope import Scope
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store


class Answered(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An answer as it counts now: the teacher's word before the mark.

    ``item`` has no answer in it; ``whole`` is the item with what the child wrote.
    """

    answer_id: int
    item_id: int
    row_id: str
    learner_id: int | None
    nickname: str | None
    text: str
    steps: tuple[str, ...]
    verdict: Verdict | None
    score: float | None
    needs_review: bool
    overridden: bool
    misconception: str | None
    comment: str | None
    item: Item
    mark: Mark | None

    @cached_property
    def whole(self) -> Item:
        """The question with this answer."""
        return msgspec.structs.replace(
            self.item, id=self.row_id, answer=self.text, steps=self.steps, learner=self.nickname
        )

    @property
    def share(self) -> float | None:
        """The share of the points in 0..1; ``None`` while there is no score."""
        low, high = self.item.scale
        if self.score is None:
            return None
        return min(1.0, max(0.0, (self.score - low) / (high - low)))

    @property
    def missed(self) -> bool:
        """Whether it is wrong or only partly right."""
        return self.verdict in {Verdict.INCORRECT, Verdict.PARTIAL}


def answered(store: Store, scope: Scope, learner_id: int | None = None) -> list[Answered]:
    """Return the first answers of a scope (of a learner) to each question, in their order."""
    where, values = scope.where()
    if learner_id is not None:
        where, values = f"{where} AND r.learner_id = ?", (*values, learner_id)
    return store.database.rows(Answered, _ANSWERED.format(where=where), values)


# JSON's null stands for a mark that is not there yet.
_ANSWERED = """
SELECT r.answer_id, r.item_id, r.row_id, r.learner_id, l.nickname, r.text, a.steps, r.verdict,
    r.score, r.needs_review, r.overridden, r.misconception, r.comment, i.body AS item,
    coalesce(b.body, 'null') AS mark
FROM results AS r JOIN answers AS a ON a.id = r.answer_id JOIN items AS i ON i.id = r.item_id
LEFT JOIN learners AS l ON l.id = r.learner_id LEFT JOIN mark_bodies AS b ON b.mark_id = a.mark_id
WHERE {where} AND r.attempt = 1 ORDER BY r.answer_id
"""
