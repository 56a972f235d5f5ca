"""One question: write, see how it is read, check it, see what is right, take a hint, try again.

    app.push_screen(QuestionScreen(session))

The hint lies in the upper right corner, the check in the lower left one. The answer is in the
records before it is marked, and the screen stays usable while it is: one can go on to the next
question, and the sign of this one in the trail follows later.
"""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer, TextArea

from runtime.app.screens.study.checking import Checking
from runtime.app.screens.study.drafts import DraftKeeper
from runtime.app.screens.study.moving import MOVING, MovingScreen
from runtime.app.screens.study.reading import READING
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.app.widgets.study_foot import StudyFoot
from runtime.app.widgets.study_head import StudyHead
from runtime.app.widgets.study_work import StudyWork
from runtime.app.widgets.top_line import TopLine
from runtime.study.card import Card
from runtime.study.session import StudySession
from runtime.study.turn import Turn
from runtime.words import N_, _

_SHORT = 22
"""Rows below which buttons are one row high, and nothing stands apart."""


class QuestionScreen(MovingScreen):
    """The question of ``session`` that is asked now."""

    HELP = N_("""\
# A question

Write your answer, with your working line by line if you like. Below you see how it is read; nothing
counts before you choose **Check**.

- **Check** (Ctrl+S) looks at your answer. What is right is said first.
- **Hint** (F3) tells a little more each time. Taking one is fine.
- **Try again** (F4) and **Next** (F5) are there when your answer was looked at.
- **Skip** (F5) leaves a question out. It comes another time.
- **Text** (F8) turns to the text you read, where it does not fit beside your answer.
- Esc goes back to your page; everything is kept.

Signs at the top: ✓ right, ◐ partly, ↻ comes back, … kept, ○ open.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        # Not with priority: it would overtake what was typed just before.
        Binding("ctrl+s", "check", N_("Check")),
        Binding("f3", "hint", N_("Hint")),
        Binding("f4", "again", N_("Try again"), show=False),
        # Whatever has the focus: it is on what is done next.
        Binding("pageup", "scroll_card(-1)", N_("Back in what is said of your answer"), show=False),
        Binding("pagedown", "scroll_card(1)", N_("On in what is said of your answer"), show=False),
        *MOVING,
        READING,
    ]
    AUTO_FOCUS = "#answer"
    DEFAULT_CSS = """
    QuestionScreen #sides { height: 1fr; }
    QuestionScreen.-short StudyHead, QuestionScreen.-short #question { margin: 0; }
    QuestionScreen.-short #source { margin: 0; }
    QuestionScreen.-unknown StudyHead, QuestionScreen.-unknown #sides,
    QuestionScreen.-unknown StudyFoot { visibility: hidden; }
    """

    def __init__(self, session: StudySession) -> None:
        super().__init__(session)
        self._checking = Checking(session)
        self._drafts = DraftKeeper(self, session)
        self._card: Card | None = None

    def compose(self) -> ComposeResult:
        """Yield the question, the editor, the card in its place, and the keys below."""
        yield TopLine(_("Question"))
        yield StudyHead()
        yield from self.tabs()
        with Horizontal(id="sides"):
            yield from self.source()
            yield StudyWork(id="work")
        yield StudyFoot()
        yield Footer(show_command_palette=False)

    @on(events.Resize)
    def _make_room(self) -> None:
        """Leave out what is air in a low window."""
        short = self.app.size.height < _SHORT
        self.set_class(short, "-short")
        for foot in self.query(StudyFoot):
            foot.set_low(short)

    async def fill(self) -> None:
        """Show the question with all that happened to it."""
        turn = await self.app.in_store(self._session.turn)
        same = self._turn is not None and self._turn.item_id == turn.item_id
        self.remove_class("-unknown")
        self._make_room()
        self.show_source(turn.item.source)
        self._work.ask(turn)
        self.show_turn(turn)
        unsent = "" if same else self._drafts.ask(turn)
        if not same:
            self._work.text = unsent or turn.draft
        if turn.card and not unsent:
            self.show_card(turn.card)
        else:
            self._write()
        if turn.waiting and not same:
            await self._checking.mark_again(self)

    @property
    def _work(self) -> StudyWork:
        return self.query_one(StudyWork)

    def show_turn(self, turn: Turn) -> None:
        """Show how far the session is, and the hints of its question."""
        self._turn = turn
        self.query_one(StudyHead).show(turn)
        self._work.show_hints(turn.hints)

    def action_back(self) -> None:
        """Leave; what was written and not checked is there again when one comes back."""
        self._drafts.note(self._unsent())
        super().action_back()

    async def on_unmount(self) -> None:
        """Keep what was written, whatever ends the screen: Esc, the last question, Ctrl+Q."""
        await self._drafts.settle()

    @on(TextArea.Changed, "#answer")
    def _written(self) -> None:
        self._drafts.note(self._unsent())

    def unchecked(self) -> str:
        """Return what stands in the editor and was not checked."""
        draft, text = self._turn.draft if self._turn else "", self._work.text
        checked = self._card is not None or self._checking.kept is not None
        return "" if checked or text == draft else text

    def _unsent(self) -> str:
        """Return what stands in the editor, also behind a card, and was not handed in."""
        text, kept = self._work.text, self._checking.kept
        handed_in = (self._turn.draft if self._turn else "", kept.item.text if kept else "")
        return "" if text in handed_in else text

    async def settle(self) -> None:
        """Keep what was written and is passed over: it is there when the question comes again."""
        self._drafts.note(self._unsent())
        await self._drafts.settle()

    def leave(self) -> None:
        """Forget this question: another one is asked."""
        self._checking.leave()
        self._card = None
        self.set_busy(False)

    # Writing and checking

    def _write(self) -> None:
        """Show the editor."""
        self._show(None)
        self.focus_work()

    def focus_work(self) -> None:
        """Put the focus where the child works."""
        self._work.take_focus()

    def _show(self, card: Card | None) -> None:
        self._card = card
        self.turn_to_work()
        self._work.show(card)
        self.query_one(StudyFoot).show(card, tried=self.tried, last=self.last)
        self.refresh_bindings()

    @on(WorkingEditor.Refused)
    def _too_much(self, event: WorkingEditor.Refused) -> None:
        self.say(f"{event.why} {_('What you have written is as it was.')}")

    @on(StudyFoot.Check)
    def action_check(self) -> None:
        """Keep the answer, then have it marked."""
        if self._card is None and not self.query_one(StudyFoot).busy and self._turn:
            self.start(self._checking.check(self, self._work.text))

    def show_card(self, card: Card) -> None:
        """Show what is said of the answer; a second card of it takes the place of the first."""
        first = self._card is None
        self.say("")
        self._show(card)
        if first:
            self.query_one(StudyFoot).offer(card)

    def set_busy(self, busy: bool) -> None:
        """Have no second check begin while the answer to this very question is on its way."""
        self.query_one(StudyFoot).busy = busy

    # Hints, trying again

    @on(StudyHead.Hint)
    def action_hint(self) -> None:
        """Show the next hint."""
        self.start(self._hint())

    async def _hint(self) -> None:
        found = await self.app.in_store(self._session.hint)
        self.show_turn(await self.app.in_store(self._session.turn))
        if found is None:
            self.say(
                _("These are all the hints there are.")
                if self.tried
                else _("There is no further hint before you try.")
            )

    @on(StudyFoot.Again)
    def action_again(self) -> None:
        """Write again, from what was written, with the place to look at still in sight."""
        if self._card is not None:
            self.say(next(iter(self._card.look), ""))
            self._write()

    def action_scroll_card(self, pages: int) -> None:
        """Show what stands further down or up on the card."""
        self._work.scroll_card(pages)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        writing = self._card is None
        skips = writing and not self.tried and not self.last
        offered = {"check": writing, "skip": skips, "again": not writing, "finish": self.last}
        offered |= {"next": not skips and not self.last, "scroll_card": not writing}
        return offered.get(action, super().check_action(action, parameters))
