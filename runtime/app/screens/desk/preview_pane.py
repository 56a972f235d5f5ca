"""The preview of a class set: what it would bring, its rows, and what is to be kept of it.

pane = self.query_one(PreviewPane)
await pane.show(preview)
pane.wanted(), pane.class_name, pane.set_name
"""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Button, Checkbox, DataTable, Input, Label, Select, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.preview_words import (
    MOST_ROWS,
    TASKS,
    row_cells,
    row_marks,
    row_words,
    summary_lines,
)
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.tick import Tick
from runtime.desk.importing import ImportPreview, Tries, Wanted
from runtime.records.rows import Row
from runtime.words import N_, _

_NAME_CHARS = 60
_LEAST_CHARS, _MOST_CHARS, _OTHER_CHARS = 24, 60, 46
"""Of what is wrong with a row; all of it stands under the table. The rest of a row needs room."""
_TRIES = {
    Tries.LAST: N_("the last answer counts"),
    Tries.FIRST: N_("the first answer counts"),
    Tries.EVERY: N_("every answer is kept"),
}


class PreviewPane(Vertical):
    """What was read of a file; nothing of it is kept yet."""

    DEFAULT_CSS = """
    PreviewPane { height: 1fr; }
    PreviewPane #summary { height: auto; max-height: 8; padding: 0 2; }
    PreviewPane #rows { height: 1fr; }
    PreviewPane #row { height: auto; max-height: 2; padding: 0 2; color: $text-muted; }
    PreviewPane .row { height: auto; padding: 0 1; }
    PreviewPane .row > Label { width: auto; margin-right: 1; }
    PreviewPane .row > Input { width: 1fr; margin-right: 1; }
    PreviewPane #tries { width: 27; margin-right: 1; }
    PreviewPane #task { width: 18; margin-right: 1; }
    PreviewPane .row > Button { margin-right: 2; }
    """

    def __init__(self, class_name: str) -> None:
        super().__init__(id="preview")
        self._class_name = class_name
        self._rows: list[Row] = []
        self._preview: ImportPreview | None = None
        self._new_class = False

    def compose(self) -> ComposeResult:
        """Yield words, rows, and what is chosen."""
        yield VerticalScroll(id="summary", can_focus=False)
        yield Table(id="rows", cursor_type="row", zebra_stripes=True)
        yield Static(id="row")
        with Horizontal(classes="row", id="choices"):
            tries = [(_(words), one) for one, words in _TRIES.items()]
            yield Select(tries, value=Tries.LAST, allow_blank=False, compact=True, id="tries")
            tasks = [(_(words), task.value) for task, words in TASKS.items()]
            prompt = _("as it looks")
            yield Select(tasks, prompt=prompt, compact=True, id="task")
            yield Tick(_("Also what is here already"), id="again", compact=True)
        with Horizontal(classes="row"):
            yield Label(_("Class"))
            such = _("such as 4b")
            yield Input(
                self._class_name, placeholder=such, id="class", max_length=_NAME_CHARS, compact=True
            )
            yield Label(_("Set"))
            yield Input(id="name", max_length=_NAME_CHARS, compact=True)
        with Horizontal(classes="row"):
            yield Button(_("Take in"), variant="primary", id="take")
            yield Button(_("Another file"), id="other")

    @property
    def class_name(self) -> str:
        """The class that was typed."""
        return " ".join(self.query_one("#class", Input).value.split())

    @property
    def set_name(self) -> str:
        """What the set is to be called."""
        return self.query_one("#name", Input).value

    @property
    def chosen_task(self) -> str | None:
        """The task all rows are of; ``None`` for what each says or looks like."""
        chosen = self.query_one("#task", Select).value
        return chosen if isinstance(chosen, str) else None

    def wanted(self) -> Wanted:
        """Return what is to be kept, and the class that may be made for it."""
        tries = self.query_one("#tries", Select).value
        return Wanted(
            again=self.query_one("#again", Checkbox).value,
            tries=tries if isinstance(tries, Tries) else Tries.LAST,
            into=self.class_name,
        )

    def suggest(self, classes: Sequence[str], name: str) -> None:
        """Offer the names of the classes, and a name for the set."""
        self.query_one("#class", Input).suggester = SuggestFromList(classes, case_sensitive=False)
        self.query_one("#name", Input).value = one_line(name, _NAME_CHARS)
        with self.prevent(Select.Changed):
            self.query_one("#task", Select).clear()

    async def show(self, preview: ImportPreview, new_class: bool) -> None:
        """Show a preview; ``new_class`` says that its class is still to be made."""
        self._preview, self._new_class = preview, new_class
        self._fill_rows(preview)
        choices = {
            "#tries": bool(preview.compared.tries),
            "#task": preview.guessed,
            "#again": bool(preview.duplicates),
        }
        for name, there in choices.items():
            self.query_one(name).display = there
        self.query_one("#choices").display = any(choices.values())
        await self._summarise()

    @on(Select.Changed, "#tries")
    @on(Checkbox.Changed, "#again")
    async def _summarise(self) -> None:
        """Say again what would be kept, by what is chosen now."""
        if self._preview is None:
            return
        lines = list(summary_lines(self._preview, self.wanted()))
        if self._new_class:
            said = _("The class {name} is new and will be made.")
            lines.append(f"  {said.format(name=one_line(self.class_name, 30))}")
        summary = self.query_one("#summary", VerticalScroll)
        await summary.remove_children()
        await summary.mount_all(Static(Content(line)) for line in lines)

    def _fill_rows(self, preview: ImportPreview) -> None:
        marks = row_marks(preview)
        chars = max(_LEAST_CHARS, min(_MOST_CHARS, self.app.size.width - _OTHER_CHARS))
        problem_chars = chars if preview.problems else 0
        # What is to be looked at first stands first.
        rows = sorted(
            preview.rows, key=lambda row: (row.item is not None, row.line not in marks, row.line)
        )
        self._rows = rows[:MOST_ROWS]
        wrong = (_("What is wrong"),) if problem_chars else ()
        headings = (_("Line"), *wrong, _("Learner"), _("Task"), _("Answer"))
        cells = (row_cells(row, problem_chars, marks.get(row.line, "")) for row in self._rows)
        fill_table(self.query_one("#rows", Table), headings, cells)

    def focus_next_step(self, preview: ImportPreview) -> None:
        """Put the focus where the next thing is to be done."""
        nothing, named = not preview.new, bool(self.class_name)
        self.query_one("#rows" if nothing else "#take" if named else "#class").focus()

    @on(DataTable.RowHighlighted, "#rows")
    def _row_chosen(self, event: DataTable.RowHighlighted) -> None:
        row = self._rows[event.cursor_row] if event.cursor_row < len(self._rows) else None
        self.query_one("#row", Static).update(Content(one_line(row_words(row), 300) if row else ""))
