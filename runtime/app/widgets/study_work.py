"""Where a child works: the question, the hints, and the editor or the card in its place.

work.ask(turn)                 the question, with its latest answer in the editor
work.show(card)                what is said of the answer; None goes back to the editor
work.text
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from runtime.app.plain import shown
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.app.widgets.study_hints import HintLadder
from runtime.app.widgets.study_preview import StudyPreview
from runtime.marking.decision import uses_judge
from runtime.marking.item import Item
from runtime.marking.mark import Verdict
from runtime.study.card import Card
from runtime.study.turn import Turn


class StudyWork(Vertical):
    """One question with one answer, which is being written or has been looked at."""

    DEFAULT_CSS = """
    StudyWork { width: 1fr; padding: 0 1; }
    StudyWork #question { height: auto; max-height: 40%; margin: 1 0; }
    StudyWork #asked { text-style: bold; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._item: Item | None = None
        self._card: Card | None = None
        self._hints: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the parts, empty."""
        with VerticalScroll(id="question", can_focus=False):
            yield Static(id="asked")
        yield HintLadder()
        yield WorkingEditor(id="answer")
        yield StudyCard()
        yield StudyPreview(id="preview")

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return self.query_one(WorkingEditor).text

    @text.setter
    def text(self, text: str) -> None:
        editor = self.query_one(WorkingEditor)
        editor.text = text
        editor.move_cursor(editor.document.end)

    def ask(self, turn: Turn) -> None:
        """Show a question; what stands in the editor stays."""
        self._item = turn.item
        self.query_one("#asked", Static).update(Content(shown(turn.item.question)))
        self.query_one("#question").scroll_home(animate=False)
        self.query_one(WorkingEditor).numbered = not uses_judge(turn.item)

    def show(self, card: Card | None) -> None:
        """Show a card in the place of the editor, or the editor."""
        self._card = card
        self.query_one(WorkingEditor).display = card is None
        self.query_one(StudyPreview).display = card is None
        self.query_one(StudyCard).display = card is not None
        if card:
            self.query_one(StudyCard).show(card)
        else:
            self._look_soon()
        self.show_hints(self._hints)

    def show_hints(self, hints: tuple[str, ...]) -> None:
        """Show hints; who has found the answer needs none, and the room is better used."""
        self._hints = hints
        found = self._card is not None and self._card.verdict is Verdict.CORRECT
        self.query_one(HintLadder).hints = () if found else hints

    def scroll_card(self, pages: int) -> None:
        """Show what stands a page further down on the card, or up."""
        card = self.query_one(StudyCard)
        card.scroll_relative(y=pages * card.scrollable_content_region.height)

    def take_focus(self) -> None:
        """Put the focus into the card, else into the editor."""
        self.query_one("StudyCard" if self._card else "WorkingEditor").focus()

    def on_resize(self) -> None:
        """Let the ladder see how much room there is now."""
        self.query_one(HintLadder).refresh(layout=True)

    @on(TextArea.Changed, "#answer")
    def _look_soon(self) -> None:
        if self._item:
            self.query_one(StudyPreview).look_soon(self._item, self.text)
