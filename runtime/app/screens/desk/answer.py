"""One answer on the screen: look, accept or change, comment, and on to the next.

    app.push_screen(AnswerScreen(answer_ids, place))

After each word of the teacher the desk works out which other marks it speaks about; the screen says
so in a quiet line, and nothing changes before it was looked at.
"""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.changes import ChangesDialog
from runtime.app.screens.desk.dialogs import AskWords
from runtime.app.widgets.answer_sheet import AnswerSheet
from runtime.app.widgets.top_line import TopLine
from runtime.desk.recalibrating import Recalibration
from runtime.desk.review import Sheet
from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.words import N_, _, ngettext, number


class AnswerScreen(DeskScreen):
    """Walks through answers in an order that stays as it was when the first was opened."""

    HELP = N_("""\
# One answer

**A** accepts the mark. **C**, **P** and **W** (or **1**, **2**, **3**) change it to right, partly
right or wrong; **S** gives points. **M** adds a comment. **N** and **B** go on and back.

What is underlined in the answer has a number, which stands again below with what was found.

After a change Kindmark works out which other answers to this question it speaks about, and says
so below: **Y** shows them; nothing changes before you have seen it. **U** takes your last step
back, **D** shows what made the mark.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", N_("Accept")),
        Binding("c,1", "change('correct')", N_("Right")),
        Binding("p,2", "change('partial')", N_("Partly")),
        Binding("w,3", "change('incorrect')", N_("Wrong")),
        Binding("s", "score", N_("Points"), show=False),
        Binding("m", "comment", N_("Comment"), show=False),
        Binding("n,right", "move(1)", N_("Next")),
        Binding("b,left", "move(-1)", N_("Previous"), show=False),
        Binding("y", "others", N_("See what follows"), show=False),
        Binding("d", "details", N_("What made the mark"), show=False),
        # U and Y are said in the status line when there is use for them: the footer has no room.
        Binding("u", "undo_step", N_("Undo"), show=False),
    ]
    AUTO_FOCUS = "AnswerSheet"

    def __init__(self, answer_ids: Sequence[int], place: int, said: str = "") -> None:
        """Begin at one of some answers; ``said`` is why it is these."""
        super().__init__()
        self._said = said
        self._ids, self._at = list(answer_ids), place
        self._sheet: Sheet | None = None
        self._found: Recalibration | None = None

    def compose(self) -> ComposeResult:
        """Yield an empty sheet; ``fill`` brings the answer."""
        yield TopLine()
        yield AnswerSheet()
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the answer of this place."""
        desk, answer_id = self.doings.desk, self._ids[self._at]
        sheet = await self.app.in_store(lambda: desk.sheet(answer_id))
        self._sheet = sheet
        who = one_line(sheet.learner or _("nobody named"), 30)
        at = _("{number} of {count}").format(number=self._at + 1, count=len(self._ids))
        self.query_one(TopLine).title = f"{who} · {at}"
        self.query_one(AnswerSheet).show(sheet)
        self.refresh_bindings()
        if self._said:
            self.say(self._said)
            self._said = ""

    def action_move(self, by: int) -> None:
        """Go to the next answer, or to one before."""
        place = self._at + by
        if not 0 <= place < len(self._ids):
            self.say(_("This is the last one.") if by > 0 else _("This is the first one."))
            return
        self._at = place
        if self._found is None:
            self.say("")
        self.start(self.fill(), group="answer", exclusive=True)

    def action_accept(self) -> None:
        """Confirm the mark."""
        self.start(self._accept(), group="word")

    async def _accept(self) -> None:
        desk, sheet = self.doings.desk, self._shown()
        await self.app.in_store(lambda: desk.accept(sheet.answer_id))
        await self._kept(_("Accepted."))

    def action_change(self, verdict: str) -> None:
        """Put another verdict in the place of the mark."""
        self.start(self._change(Verdict(verdict)), group="word")

    async def _change(self, verdict: Verdict) -> None:
        desk, sheet = self.doings.desk, self._shown()
        await self.app.in_store(lambda: desk.change(sheet.answer_id, verdict=verdict))
        await self._kept(_("Changed."))

    def action_score(self) -> None:
        """Give points."""
        self.start(self._score(), group="word")

    async def _score(self) -> None:
        desk, sheet = self.doings.desk, self._shown()
        low, high = sheet.item.scale
        asked = _("Points from {low} to {high}").format(
            low=number(low, "g"), high=number(high, "g")
        )
        before = number(sheet.score, "g") if sheet.score is not None else ""
        typed = await self.app.push_screen_wait(AskWords(asked, before))
        if not typed:
            return
        score = points(typed)
        await self.app.in_store(lambda: desk.change(sheet.answer_id, score=score))
        await self._kept(_("Changed."))

    def action_comment(self) -> None:
        """Add a comment for the child or for oneself."""
        self.start(self._comment(), group="word")

    async def _comment(self) -> None:
        desk, sheet = self.doings.desk, self._shown()
        before = sheet.override.comment if sheet.override else ""
        words = await self.app.push_screen_wait(AskWords(_("Comment"), before))
        if words is None or words == before:
            return
        await self.app.in_store(lambda: desk.comment(sheet.answer_id, words))
        await self._kept(_("Your comment is kept."), foresee=False)

    def _shown(self) -> Sheet:
        if self._sheet is None:
            raise BadInputError(_("No answer is shown yet."), _("Try again in a moment."))
        return self._sheet

    async def _kept(self, said: str, *, foresee: bool = True) -> None:
        """Say what was done, show it, and find what follows from it."""
        answer_id = self._shown().answer_id
        self.did(said)
        await self.fill()
        if foresee:
            self._found = None
            self.start(self._foresee(answer_id, said), group="foresee", exclusive=True)

    async def _foresee(self, answer_id: int, said: str) -> None:
        found = await asyncio.wrap_future(self.doings.desk.foresee(answer_id))
        if found.changes or found.surer:
            self._found = found
            self.say(_follows(said, len(found.changes) + len(found.surer)))
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer Y only where something follows."""
        del parameters
        return action != "others" or self._found is not None

    def action_others(self) -> None:
        """Show what else would change."""
        self.start(self._others(), group="word")

    async def _others(self) -> None:
        found = self._found
        if found is None or not await self.app.push_screen_wait(ChangesDialog(found)):
            return
        desk = self.doings.desk
        self._found = None
        await self.app.in_store(lambda: desk.apply(found))
        await self.fill()
        self.did(_("The other marks follow yours."))

    async def refilled(self) -> None:
        """Show the answer as it is after something was taken back."""
        self._found = None
        await self.fill()

    def action_details(self) -> None:
        """Show what made the mark, or hide it."""
        sheet = self.query_one(AnswerSheet)
        sheet.toggle_class("-details")
        if sheet.has_class("-details"):
            sheet.scroll_end(animate=False)


def _follows(said: str, others: int) -> str:
    """Return what was done and that more follows from it, in a line of a small terminal."""
    return ngettext(
        "{done} U takes it back. Y shows what follows for {count} other.",
        "{done} U takes it back. Y shows what follows for {count} others.",
        others,
    ).format(done=said, count=others)


def points(typed: str) -> float:
    """Return a number as it was typed, with a point or a comma. Raises ``BadInputError``."""
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        raise BadInputError(
            _("{typed} is no number of points.").format(typed=one_line(typed, 20)),
            _("Type a number such as 2 or 2.5."),
        ) from None
