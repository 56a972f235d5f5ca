"""A set that was just taken in: the desk's home shows it, and U takes it out again.

remember(doings, taken)

Once it was marked, more would go than came with it: then U asks first.
"""

from runtime.app.plain import one_line
from runtime.app.screens.desk.dialogs import Ask
from runtime.app.screens.desk.doings import Arrived, Doings
from runtime.errors import BadInputError
from runtime.records.store.desk import Taken
from runtime.words import _, ngettext


def remember(doings: Doings, taken: Taken) -> None:
    """Have the desk's home show what was taken in, and U take it out again."""
    name, class_id = one_line(taken.questions.name, 40), taken.session.class_id
    said = ngettext(
        "{count} answer of “{name}” was taken in. K marks it, U takes it out again.",
        "{count} answers of “{name}” were taken in. K marks them, U takes them out again.",
        taken.answers,
    ).format(count=taken.answers, name=name)
    back = ngettext(
        "“{name}” was taken out again: {count} answer, and who came only with it.",
        "“{name}” was taken out again: {count} answers, and who came only with them.",
        taken.answers,
    ).format(count=taken.answers, name=name)

    async def undo() -> None:
        await doings.leave_alone(taken.session.id)
        await _confirm(doings, taken)
        await doings.desk_step()

    doings.did(said, undo, back)
    if class_id is not None:
        doings.arrived = Arrived(class_id, taken.session.id, said)


async def _confirm(doings: Doings, taken: Taken) -> None:
    """Ask before marks go too. Raises ``BadInputError`` if they are to stay."""
    marks = await doings.count_marks(taken.session.id)
    if not marks:
        return
    name = one_line(taken.questions.name, 40)
    facts = [
        ngettext(
            "{count} mark goes with it, and what you said of it.",
            "{count} marks go with it, and what you said of them.",
            marks,
        ).format(count=marks)
    ]
    asked = Ask(_("Take “{name}” out again?").format(name=name), facts, _("Take out"))
    if not await doings.app.push_screen_wait(asked):
        raise BadInputError(_("“{name}” stays.").format(name=name), _("Nothing was changed."))
