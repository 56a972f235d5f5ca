"""What waits to be marked, in batches: answers to one question stay together.

    for batch in batches(store, session_id):
        batch.task, batch.answer_ids

A model reads a question once for all the answers to it that come in one batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from runtime.marking.item import Task
from runtime.records.store import Store

MOST = 32
"""Answers a batch: what the marking process marks in one go."""


class Waiting(msgspec.Struct, frozen=True):
    """An answer without a mark, by what its batch depends on."""

    task: Task
    item_id: int
    answer_id: int


class Batch(msgspec.Struct, frozen=True):
    """Answers of one task that are marked together."""

    task: Task
    answer_ids: tuple[int, ...]


def batches(store: Store, session_id: int | None = None) -> list[Batch]:
    """Return all that waits, in a session or anywhere; what is marked fastest comes first."""
    where = "" if session_id is None else " AND a.session_id = ?"
    values = () if session_id is None else (session_id,)
    waiting = store.database.rows(Waiting, _WAITING.format(where=where), values)
    order = list(Task)
    waiting.sort(key=lambda one: (order.index(one.task), one.item_id, one.answer_id))
    return [
        Batch(task, tuple(ids))
        for task, of_task in groupby(waiting, lambda one: one.task)
        for ids in _packed(_questions(of_task))
    ]


_WAITING = """
SELECT i.task, a.item_id, a.id AS answer_id FROM answers AS a JOIN items AS i ON i.id = a.item_id
WHERE a.mark_id IS NULL{where}
"""


def _questions(waiting: Iterable[Waiting]) -> Iterator[list[int]]:
    """Yield the answers to each question, ``MOST`` at a time."""
    for _item, of_one in groupby(waiting, lambda one: one.item_id):
        ids = [one.answer_id for one in of_one]
        yield from (ids[start : start + MOST] for start in range(0, len(ids), MOST))


def _packed(groups: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    """Put groups that are small into one batch; none is torn apart."""
    full: list[int] = []
    for group in groups:
        if full and len(full) + len(group) > MOST:
            yield full
            full = []
        full = [*full, *group]
    if full:
        yield full
