"""The records of one machine: learners, classes, questions, answers, marks, in one folder.

    from runtime.locations import records_folder
    from runtime.records.store import AgeBand, Store

    with Store.open(records_folder()) as store:
        if store.recovery:                        # it was damaged: say what was lost
            show(store.recovery.words())
        if store.read_only:                       # another program has it: look, do not touch
            show(store.in_use())
        mia = store.learners.add("Mia", "owl", AgeBand.YOUNG)
        with ClassSet.open("week1.jsonl") as rows:
            week = store.sets.add("Week 1", rows, origin="week1.jsonl")
        items = store.sets.items(week.id)
        session = store.sessions.start(
            learner_id=mia.id, set_id=week.id, item_order=[one.item_id for one in items])
        answer = store.answers.add(session.id, items[0].item_id, "3 1/2", learner_id=mia.id)
        for waiting in store.answers.pending():   # also what an earlier, killed program left
            mark = ...                            # of waiting.row.item, if that is not None
            store.marks.add(waiting.answer_id, mark)
        store.overrides.accept(answer.id, who="desk")
        store.screens.results(session_id=session.id)
        store.sessions.end(session.id)

What a call changes is on the disk when it returns; it happens whole or not at all. Such calls wait
for the disk (milliseconds), so make them in a worker thread; any thread may call. What goes wrong
is a ``StoreError`` or a ``BadInputError`` with words for the user. A row without an item is marked
by ``waiting.row.unmarked()``. Backups stand in ``backups``, erasing in ``removal``, purging in
``retention``, export and import in ``exporting`` and ``importing``.
"""

from runtime.records.store.errors import (
    DamagedStoreError,
    NewerStoreError,
    ReadOnlyStoreError,
    StoreError,
    StoreFullError,
)
from runtime.records.store.rows import AVATARS, AgeBand, SessionKind
from runtime.records.store.store import Store

__all__ = [
    "AVATARS",
    "AgeBand",
    "DamagedStoreError",
    "NewerStoreError",
    "ReadOnlyStoreError",
    "SessionKind",
    "Store",
    "StoreError",
    "StoreFullError",
]
