"""Answers on their way through the marking process, and what is done with the marks.

    async for card, whole in marked(app, session, kept):
        show(card)

The first card may be provisional (the words of a model come after its verdict); the last one is
kept. An answer whose marking fails stays in the records and is marked later.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from runtime.errors import KindmarkError
from runtime.marking.events import Event
from runtime.marking.mark import Mark
from runtime.records.store.rows import Learner
from runtime.study.card import Card, card_of
from runtime.study.session import StudySession
from runtime.study.turn import Kept

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


async def marked(
    app: "KindmarkApp", session: StudySession, kept: Kept
) -> AsyncIterator[tuple[Card, bool]]:
    """Yield the cards of an answer, the whole one last, when its mark is in the records.

    Raises ``KindmarkError`` if it cannot be marked now.
    """
    loop = asyncio.get_running_loop()
    early: asyncio.Queue[Mark | None] = asyncio.Queue()

    def told(event: Event) -> None:
        if event.kind == "verdict" and event.mark:
            loop.call_soon_threadsafe(early.put_nowait, event.mark)

    future = asyncio.wrap_future(app.worker.mark([kept.item], feedback=True, told=told))
    future.add_done_callback(lambda _done: early.put_nowait(None))
    while (mark := await early.get()) is not None:
        yield await asyncio.to_thread(card_of, kept.item, mark, session.band), False
    (mark,) = await future
    yield await app.in_store(lambda: session.marked(kept.answer_id, mark)), True


async def mark_what_waits(app: "KindmarkApp", learner: Learner) -> int:
    """Mark what an earlier, killed program left, and return how many answers that were.

    What cannot be marked now goes on waiting; nobody is told, since nothing is lost.
    """
    if app.store.read_only:
        return 0
    sessions = await app.in_store(lambda: StudySession.with_unmarked(app.store, learner))
    count = 0
    for session in sessions:
        for pending in await app.in_store(session.waiting):
            item = pending.row.item
            try:
                if item is None:
                    mark = pending.row.unmarked()
                else:
                    (mark,) = await asyncio.wrap_future(app.worker.mark([item]))
                await app.in_store(lambda: session.marked(pending.answer_id, mark))  # noqa: B023
            except KindmarkError:
                return count
            count += 1
    return count
