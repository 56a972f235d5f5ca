"""One question: write, see how it is read, check it, see what is right, take a hint, try again.

    app.push_screen(QuestionScreen(session))

The hint lies in the upper right corner, the check in the lower left one. The answer is in the
records before it is marked, and the screen stays usable while it is: one can go on to the next
question, and the sign of this one in the trail follows later.
"""

import asyncio
from typing import ClassVar
from weakref import WeakKeyDictionary

import msgspec
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Footer, Static, Tab, Tabs, TextArea

from runtime.app.plain import one_line, shown
from runtime.app.screens.base import KindmarkScreen
from runtime.app.screens.study.farewell import FarewellScreen
from runtime.app.screens.study.marking import marked
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.app.widgets.study_hints import HintLadder
from runtime.app.widgets.study_trail import StudyTrail
from runtime.app.widgets.top_line import TopLine
from runtime.errors import KindmarkError
from runtime.marking.decision import uses_judge
from runtime.marking.item import MAX_ANSWER_CHARS
from runtime.marking.mark import Verdict
from runtime.marking.writing.words import words
from runtime.study.card import Card
from runtime.study.session import NoAnswerError, StudySession, TooLongError
from runtime.study.turn import Kept, Turn
from runtime.words import N_, _, ngettext

_PREVIEW_SECONDS = 0.35
"""Longer than between two keys of a child who types, shorter than a pause to think."""
_WIDE = 104
"""Columns from which a source fits beside the answer."""
_GO_ON = {Verdict.CORRECT, Verdict.UNMARKED}
"""After these the next question is offered first; after others, another try."""
_MOST_COUNTED = 20_000
"""Characters in which words are counted while one types."""

_DRAFTS: WeakKeyDictionary[App[object], dict[tuple[int, int], str]] = WeakKeyDictionary()


class QuestionScreen(KindmarkScreen):
    """The question of ``session`` that is asked now."""

    HELP = N_("""\
# A question

Write your answer, with your working line by line if you like. Below you see how it is read; nothing
counts before you choose **Check**.

- **Check** (Ctrl+S) looks at your answer. What is right is said first.
- **Hint** (F3) tells a little more each time. Taking one is fine.
- **Try again** and **Next** are there when your answer was looked at.
- **Text** (F8) turns to the text you read, where it does not fit beside your answer.
- Esc goes back to your page; everything is kept.

Signs at the top: ✓ right, ◐ partly, ↻ comes back, … kept, ○ open.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "check", N_("Check"), priority=True),
        Binding("f3", "hint", N_("Hint")),
        Binding("f4", "again", N_("Try again"), show=False),
        Binding("f5", "next", N_("Next")),
        Binding("f8", "source", N_("Text")),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = "#answer"
    DEFAULT_CSS = """
    QuestionScreen .study-head { height: 1; padding: 0 1; margin-top: 1; }
    QuestionScreen #hint { height: 1; min-width: 12; border: none; padding: 0 1; }
    QuestionScreen #sides { height: 1fr; }
    QuestionScreen #tabs { display: none; }
    QuestionScreen #tabs Tab { color: $foreground; }
    QuestionScreen #source { display: none; width: 1fr; padding: 0 1; margin: 1 1 0 1;
        border: round $secondary; }
    QuestionScreen #work { width: 1fr; padding: 0 1; }
    QuestionScreen #question { height: auto; max-height: 40%; margin: 1 0; }
    QuestionScreen #asked { text-style: bold; height: auto; }
    QuestionScreen #preview { height: 1; padding: 0 1; }
    QuestionScreen .study-foot { height: auto; padding: 0 1; }
    QuestionScreen .study-foot Button { margin-right: 2; }
    QuestionScreen .study-foot Static { width: 1fr; height: 3; content-align: left middle; }
    QuestionScreen.-with-source.-wide #source { display: block; }
    QuestionScreen.-with-source.-narrow #tabs { display: block; }
    QuestionScreen.-with-source.-narrow.-reading #source { display: block; }
    QuestionScreen.-with-source.-narrow.-reading #work { display: none; }
    """

    def __init__(self, session: StudySession) -> None:
        super().__init__()
        self._session = session
        self._turn: Turn | None = None
        self._kept: Kept | None = None
        self._card: Card | None = None
        self._pause: Timer | None = None
        self._moving = False

    def compose(self) -> ComposeResult:
        """Yield the question, the editor, the card in its place, and the keys below."""
        yield TopLine(_("Question"))
        with Horizontal(classes="study-head"):
            yield StudyTrail()
            yield Button(_("Hint"), id="hint", compact=True)
        yield Tabs(Tab(_("Your answer"), id="writing"), Tab(_("Text"), id="reading"), id="tabs")
        with Horizontal(id="sides"):
            with VerticalScroll(id="source"):
                yield Static(id="read")
            with Vertical(id="work"):
                with VerticalScroll(id="question", can_focus=False):
                    yield Static(id="asked")
                yield HintLadder()
                yield WorkingEditor(id="answer")
                yield StudyCard()
                yield Static(id="preview")
        with Horizontal(classes="study-foot"):
            yield Button(_("Check"), id="check", variant="primary")
            yield Button(_("Try again"), id="again")
            yield Button(_("Next"), id="next")
            yield Static(id="status")
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the question with all that happened to it."""
        turn = await self.app.in_store(self._session.turn)
        same = self._turn is not None and self._turn.item_id == turn.item_id
        self._turn = turn
        self._show_question(turn)
        editor = self.query_one(WorkingEditor)
        unsent = None if same else self._drafts().pop((self._session.id, turn.item_id), None)
        if not same:
            editor.text = turn.draft if unsent is None else unsent
            editor.move_cursor(editor.document.end)
        if turn.card and unsent is None:
            self._show_card(turn.card)
        else:
            self._write()
        if turn.waiting and not same:
            await self._mark_again()

    def action_back(self) -> None:
        """Leave; what was written and not checked is there again when one comes back."""
        turn, text = self._turn, self.query_one(WorkingEditor).text
        if turn and self._kept is None and text not in {"", turn.draft}:
            self._drafts()[self._session.id, turn.item_id] = text
        super().action_back()

    def _drafts(self) -> dict[tuple[int, int], str]:
        """Return what was not checked yet in this app, by session and question."""
        return _DRAFTS.setdefault(self.app, {})

    def _show_question(self, turn: Turn) -> None:
        item = turn.item
        self.query_one("#asked", Static).update(Content(shown(item.question)))
        self.query_one("#question").scroll_home(animate=False)
        self.query_one("#read", Static).update(Content(shown(item.source or "")))
        self.set_class(bool(item.source), "-with-source")
        self.query_one(WorkingEditor).numbered = not uses_judge(item)
        self._show_trail(turn)
        ladder = self.query_one(HintLadder)
        ladder.hints = turn.hints

    def _show_trail(self, turn: Turn) -> None:
        trail = self.query_one(StudyTrail)
        trail.number, trail.trail = turn.number, turn.trail
        hint = self.query_one("#hint", Button)
        hint.disabled = not turn.more_hints
        hint.label = Content(_("Hint ({left})").format(left=turn.more_hints))

    # Writing and the preview

    def _write(self) -> None:
        """Show the editor."""
        self._card = None
        self._show_parts()
        self._turn_to_work()
        self.query_one(WorkingEditor).focus()
        self._look_soon()

    def _show_parts(self) -> None:
        card = self._card
        self.query_one(WorkingEditor).display = card is None
        self.query_one(StudyCard).display = card is not None
        self.query_one("#preview").display = card is None
        self.query_one("#check").display = card is None
        right = card is not None and card.verdict in _GO_ON
        self.query_one("#again").display = card is not None
        self.query_one("#again", Button).variant = "default" if right else "primary"
        self.query_one("#next", Button).variant = "primary" if right else "default"
        turn = self._turn
        last = turn is not None and turn.number == turn.total
        self.query_one("#next", Button).label = _("Finish") if last else _("Next")
        self.refresh_bindings()

    @on(TextArea.Changed, "#answer")
    def _look_soon(self) -> None:
        """Look at the answer when the child pauses."""
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(_PREVIEW_SECONDS, self._look)

    @on(WorkingEditor.Refused)
    def _too_much(self, event: WorkingEditor.Refused) -> None:
        self._say(f"{_too_long(event.characters)} {_('What you have written is as it was.')}")

    def _look(self) -> None:
        self.start(self._preview())

    async def _preview(self) -> None:
        turn, text = self._turn, self.query_one(WorkingEditor).text
        if turn is None:
            return
        preview = self.query_one("#preview", Static)
        if len(text) > MAX_ANSWER_CHARS:
            preview.update(Content(_too_long(len(text))))
        elif uses_judge(turn.item):
            preview.update(Content(_counted(text, turn.item.language)))
        elif not text.strip():
            preview.update("")
        else:
            item = msgspec.structs.replace(turn.item, answer=text, steps=())
            try:
                reading = await asyncio.wrap_future(self.app.worker.look(item))
            except KindmarkError:
                reading = None  # The preview is a kindness; checking will say what is wrong.
            if self.query_one(WorkingEditor).text == text:
                preview.update(Content(_read(reading)))

    # Checking

    def action_check(self) -> None:
        """Keep the answer, then have it marked."""
        if self._card is None and not self.query_one("#check").disabled:
            self.start(self._check())

    @on(Button.Pressed, "#check")
    def _pressed_check(self) -> None:
        self.action_check()

    async def _check(self) -> None:
        text = self.query_one(WorkingEditor).text
        self._set_busy(True)
        try:
            kept = self._kept
            if kept is None or kept.item.text != text:
                kept = await self.app.in_store(lambda: self._session.submit(text))
            await self._mark(kept)
        except (NoAnswerError, TooLongError) as error:
            self._say(f"{error.message} {error.remedy}")
            self._set_busy(False)
        except KindmarkError as error:
            self._say(
                _("Your answer could not be kept. It is still here: {why}").format(
                    why=f"{error.message} {error.remedy}"
                )
            )
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        """Have no second check begin while the answer to this very question is on its way."""
        self.query_one("#check", Button).disabled = busy

    async def _mark_again(self) -> None:
        """Mark the answer that was waiting when the session was left."""
        waiting = await self.app.in_store(self._session.waiting)
        for pending in waiting:
            item = pending.row.item
            if item and self._turn:
                answer = await self.app.in_store(
                    lambda: self.app.store.answers.get(pending.answer_id)  # noqa: B023
                )
                await self._mark(Kept(pending.answer_id, answer.item_id, item))

    async def _mark(self, kept: Kept) -> None:
        """Show how the answer is marked while its question is the one that is asked."""
        self._kept = kept
        self._say(self._kept_words(kept))
        try:
            async for card, whole in marked(self.app, self._session, kept):
                if self._is_asked(kept):
                    self._set_busy(False)
                    self._show_card(card)
                if whole:
                    await self._follow(kept)
        except KindmarkError as error:
            if self._is_asked(kept):
                self._set_busy(False)
                self._say(
                    _("Your answer is kept. It could not be looked at yet: {why}").format(
                        why=f"{error.message} {error.remedy}"
                    )
                )

    def _kept_words(self, kept: Kept) -> str:
        if self.app.model_line and uses_judge(kept.item):
            return _(
                "Your answer is kept. I am still getting ready to read texts; you can go on "
                "with the next question."
            )
        return _("Your answer is kept. I am looking at it.")

    def _is_asked(self, kept: Kept) -> bool:
        return self._turn is not None and self._turn.item_id == kept.item_id

    async def _follow(self, kept: Kept) -> None:
        """Show in the trail what has become of an answer."""
        turn = await self.app.in_store(self._session.turn)
        if self._turn and turn.item_id == self._turn.item_id:
            self._turn = turn
            self._show_trail(turn)
        if self._kept is kept:
            self._kept = None

    def _show_card(self, card: Card) -> None:
        first = self._card is None
        self._card = card
        self._say("")
        self._turn_to_work()
        self.query_one(StudyCard).show(card)
        self._show_parts()
        if first:
            right = card.verdict in _GO_ON
            self.query_one("#next" if right else "#again", Button).focus()

    def _say(self, words_: str) -> None:
        self.query_one("#status", Static).update(Content(one_line(words_, 300)))

    # Hints, trying again, going on

    def action_hint(self) -> None:
        """Show the next hint."""
        self.start(self._hint())

    @on(Button.Pressed, "#hint")
    def _pressed_hint(self) -> None:
        self.action_hint()

    async def _hint(self) -> None:
        if await self.app.in_store(self._session.hint) is None:
            self._say(_("There is no further hint before you try."))
        turn = await self.app.in_store(self._session.turn)
        self._turn = turn
        self._show_trail(turn)
        self.query_one(HintLadder).hints = turn.hints

    def action_again(self) -> None:
        """Write again, from what was written."""
        if self._card is not None:
            self._say("")
            self._write()

    @on(Button.Pressed, "#again")
    def _pressed_again(self) -> None:
        self.action_again()

    def action_next(self) -> None:
        """Go on to the next question, or to the end."""
        if not self._moving:
            self._moving = True
            self.start(self._next())

    @on(Button.Pressed, "#next")
    def _pressed_next(self) -> None:
        self.action_next()

    async def _next(self) -> None:
        try:
            await self._move()
        finally:
            self._moving = False

    async def _move(self) -> None:
        if await self.app.in_store(self._session.next):
            self._kept, self._card = None, None
            self._set_busy(False)
            self._say("")
            await self.fill()
        else:
            farewell = await self.app.in_store(self._session.end)
            self.app.switch_screen(FarewellScreen(farewell))

    # The source

    def action_source(self) -> None:
        """Turn between the text and the answer."""
        tabs = self.query_one(Tabs)
        tabs.active = "writing" if tabs.active == "reading" else "reading"

    def _turn_to_work(self) -> None:
        self.query_one(Tabs).active = "writing"

    @on(Tabs.TabActivated, "#tabs")
    def _turned(self, event: Tabs.TabActivated) -> None:
        reads = event.tab.id == "reading"
        self.set_class(reads, "-reading")
        if self._turn and self._turn.item.source:
            writing = "StudyCard" if self._card else "WorkingEditor"
            self.query_one("#source" if reads else writing).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that do something now."""
        del parameters
        if action == "check":
            return self._card is None
        if action == "again":
            return self._card is not None
        if action == "source":
            return self.has_class("-with-source") and self.has_class("-narrow")
        return True


def _read(reading: str | None) -> str:
    if reading is None:
        return ""
    if not reading:
        return _("I see no number yet.")
    return _("I read this as {reading}").format(reading=one_line(reading, 60))


def _counted(text: str, language: str) -> str:
    count = len(words(text[:_MOST_COUNTED], language))
    return ngettext("{count} word", "{count} words", count).format(count=count)


def _too_long(count: int) -> str:
    return _("This is longer than I can read: {count} characters.").format(count=f"{count:,}")
