"""What is done with a class: made, changed, dissolved, each with its question and its undo.

self.start(make(self))                      from a screen of the desk
self.start(change(self, class_))
self.start(dissolve(self, class_))
"""

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen
from runtime.app.screens.desk.dialogs import Ask, AskClass, ClassChoice
from runtime.records.store.rows import SchoolClass
from runtime.words import _


async def make(screen: DeskScreen) -> None:
    """Ask for a class and make it."""
    chosen = await screen.app.push_screen_wait(AskClass(_("A new class")))
    if chosen is None:
        return
    classes = screen.app.store.classes
    made = await screen.app.in_store(lambda: classes.add(chosen.name, chosen.days))

    async def undo() -> None:
        await screen.app.in_store(lambda: classes.remove(made.id))

    await screen.refilled()
    screen.did(_("The class {name} was made.").format(name=_short(made.name)), undo)


async def change(screen: DeskScreen, old: SchoolClass) -> None:
    """Ask for another name and period, and keep them."""
    before = ClassChoice(old.name, old.retention_days)
    chosen = await screen.app.push_screen_wait(AskClass(_("Class settings"), before))
    if chosen is None or chosen == before:
        return

    async def put(to: ClassChoice) -> None:
        await screen.app.in_store(
            lambda: screen.app.store.classes.change(old.id, name=to.name, retention_days=to.days)
        )

    async def undo() -> None:
        await put(before)

    await put(chosen)
    await screen.refilled()
    screen.did(_("The class {name} was changed.").format(name=_short(chosen.name)), undo)


async def dissolve(screen: DeskScreen, class_: SchoolClass) -> None:
    """Ask whether to dissolve a class, and do it."""
    name = _short(class_.name)
    facts = [
        _("The learners and all they wrote stay; only the class itself goes."),
        _("U brings it back as long as this program is open."),
    ]
    asked = Ask(_("Dissolve the class {name}?").format(name=name), facts, _("Dissolve"))
    if not await screen.app.push_screen_wait(asked):
        return
    classes = screen.app.store.classes
    gone = await screen.app.in_store(lambda: classes.remove(class_.id))

    async def undo() -> None:
        await screen.app.in_store(lambda: classes.restore(gone))

    await screen.refilled()
    screen.did(
        _("The class {name} was dissolved.").format(name=name),
        undo,
        _("The class {name} is here again, with its learners and sets.").format(name=name),
    )


def _short(name: str) -> str:
    return one_line(name, 40)
