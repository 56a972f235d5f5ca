"""Answers as item analysis counts them: the first try of each learner at each question.

for one in counted(store, Scope(class_id=4)): one.share          without any text
for one in answered(store, Scope(class_id=4)): one.whole, one.mark
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from runtime.desk.scope import Scope
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store

_AT_ONCE = 500
"""Rows that are made into objects in one go, for no other thread gets its turn meanwhile."""
_MISSED = frozenset({Verdict.INCORRECT, Verdict.PARTIAL})


class Counted(msgspec.Struct, frozen=True):
    """An answer in numbers, as it counts now. ``share`` of the points is in 0..1."""

    item_id: int
    learner_id: int | None
    nickname: str | None
    verdict: Verdict | None
    needs_review: bool
    overridden: bool
    marked: bool
    share: float | None

    @property
    def missed(self) -> bool:
        """Whether it is wrong or only partly right."""
        return self.verdict in _MISSED


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
        return _share(self.item, self.score)

    @property
    def missed(self) -> bool:
        """Whether it is wrong or only partly right."""
        return self.verdict in _MISSED


def items_of(store: Store, scope: Scope) -> dict[int, Item]:
    """Return the questions of a scope by id, without any answer."""
    where, values = scope.where()
    found = store.database.rows(_Question, _ITEMS.format(where=where), values)
    return {one.id: one.item for one in found}


def counted(store: Store, scope: Scope, items: dict[int, Item]) -> list[Counted]:
    """Return the first answers of a scope to each of ``items``, in their order."""
    where, values = scope.where()
    with store.database.read() as connection:
        rows = connection.execute(_COUNTED.format(where=where), values).fetchall()
    verdicts: dict[str | None, Verdict | None] = {None: None, **{one.value: one for one in Verdict}}
    return [
        Counted(
            item_id,
            learner_id,
            nickname,
            verdicts[verdict],
            bool(needs_review),
            bool(overridden),
            bool(marked),
            _share(items[item_id], score),
        )
        for item_id, learner_id, nickname, verdict, score, needs_review, overridden, marked in rows
    ]


def answered(
    store: Store,
    scope: Scope,
    learner_id: int | None = None,
    *,
    item_id: int | None = None,
    missed: bool = False,
) -> list[Answered]:
    """Return the first answers of a scope to each question, in their order.

    Those of a learner, or to one question, or only those that are wrong or partly right.
    """
    where, values = scope.where()
    for column, value in (("learner_id", learner_id), ("item_id", item_id)):
        if value is not None:
            where, values = f"{where} AND r.{column} = ?", (*values, value)
    if missed:
        where += " AND r.verdict IN ('incorrect', 'partial')"
    return list(_answered(store, _ANSWERED.format(where=where), values))


def _answered(store: Store, sql: str, values: tuple[int, ...]) -> Iterator[Answered]:
    last = 0
    while True:
        found = store.database.rows(Answered, sql, (*values, last, _AT_ONCE))
        yield from found
        if len(found) < _AT_ONCE:
            return
        last = found[-1].answer_id


def _share(item: Item, score: float | None) -> float | None:
    low, high = item.scale
    return None if score is None else min(1.0, max(0.0, (score - low) / (high - low)))


class _Question(msgspec.Struct, frozen=True):
    id: int
    item: Item


_ITEMS = """
SELECT id, body AS item FROM items
WHERE id IN (SELECT r.item_id FROM results AS r WHERE {where} AND r.attempt = 1)
"""
_COUNTED = """
SELECT r.item_id, r.learner_id, l.nickname, r.verdict, r.score, r.needs_review, r.overridden,
    r.marked_as IS NOT NULL
FROM results AS r LEFT JOIN learners AS l ON l.id = r.learner_id
WHERE {where} AND r.attempt = 1 ORDER BY r.answer_id
"""
# JSON's null stands for a mark that is not there yet.
_ANSWERED = """
SELECT r.answer_id, r.item_id, r.row_id, r.learner_id, l.nickname, r.text, a.steps, r.verdict,
    r.score, r.needs_review, r.overridden, r.misconception, r.comment, i.body AS item,
    coalesce(b.body, 'null') AS mark
FROM results AS r JOIN answers AS a ON a.id = r.answer_id JOIN items AS i ON i.id = r.item_id
LEFT JOIN learners AS l ON l.id = r.learner_id LEFT JOIN mark_bodies AS b ON b.mark_id = a.mark_id
WHERE {where} AND r.attempt = 1 AND r.answer_id > ? ORDER BY r.answer_id LIMIT ?
"""
