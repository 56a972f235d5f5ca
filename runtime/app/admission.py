"""Who may go where: the desk and learners with a PIN ask for it; each learner studies alone.

    await admitted(app, learner)            None: the desk
    await study_as(app, learner)            until they leave
    await went_to(app, "models")

In a worker: dialogs are waited for.
"""

from typing import TYPE_CHECKING

from runtime import words
from runtime.app import places
from runtime.records.store.rows import Learner

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


async def went_to(app: "KindmarkApp", place: str) -> None:
    """Show a place over what is shown now, or go back to it where it is below."""
    kind = places.place_of(place)
    if any(isinstance(screen, kind) for screen in app.screen_stack):
        while not isinstance(app.screen, kind):
            await app.pop_screen()
    elif place != "desk" or await admitted(app, None):
        await app.push_screen(kind())


async def admitted(app: "KindmarkApp", learner: Learner | None) -> bool:
    """Ask for the PIN of a learner, or of the desk (whose first visitor sets it).

    Raises ``ReadOnlyStoreError`` if that visitor may only look.
    """
    from runtime.app.screens.new_pin import NewPinDialog  # noqa: PLC0415
    from runtime.app.screens.pin import PinDialog  # noqa: PLC0415

    right: bool | None = True
    if learner is None and not await app.in_store(app.store.pins.is_set):
        app.store.need_to_write()
        right = await app.push_screen_wait(NewPinDialog())
    elif learner is None or learner.has_pin:
        right = await app.push_screen_wait(PinDialog(learner))
    return bool(right)


async def study_as(app: "KindmarkApp", learner: Learner) -> None:
    """Let a learner study, in the learner's language, until they leave."""
    app.learner = learner
    words.use(learner.language)
    try:
        with app.undos.of_ones_own():
            await app.push_screen_wait(places.place_of("study")())
    finally:
        app.learner = None
        words.use(app.settings.spoken())
