"""Learners change their own profile, on their own page.

    if may_change(app): await change_own(app)

Who has a PIN is asked for it once more: a classmate may have come by while the screen was open.
"""

from typing import TYPE_CHECKING

from runtime import words
from runtime.app.admission import admitted
from runtime.app.places import PLACES
from runtime.app.screens.base import Place
from runtime.records.store.rows import Learner

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


def may_change(app: "KindmarkApp") -> bool:
    """Whether somebody is on a page of their own."""
    if app.learner is None:
        return False
    kind = type(app.screen)
    return (kind.__module__, kind.__name__) == PLACES["study"]


async def change_own(app: "KindmarkApp") -> None:
    """Change the profile of who studies; Ctrl+Z takes it back while they are here. In a worker."""
    from runtime.app.screens.profile import change_profile  # noqa: PLC0415

    before = app.learner
    if before is None:
        return
    app.store.need_to_write()
    if not await admitted(app, before):
        return
    changed = await change_profile(app, before)
    if changed is None:
        return

    async def undo() -> None:
        await changed.undo()
        await _is_now(app, await app.in_store(lambda: app.store.learners.get(before.id)))

    await _is_now(app, changed.learner)
    app.did(changed.said, undo)


async def _is_now(app: "KindmarkApp", learner: Learner) -> None:
    before, app.learner = app.learner, learner
    if before and before.language != learner.language:
        words.use(learner.language)
        for screen in app.screen_stack:
            if isinstance(screen, Place):
                await screen.retell()
