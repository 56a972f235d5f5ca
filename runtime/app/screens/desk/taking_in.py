"""Taking a class set in: choose a file, see every row with what is wrong with it, then keep it.

app.push_screen(TakingIn(class_))        None: the class is chosen, or made, on the way
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import (
    Button,
    Checkbox,
    ContentSwitcher,
    DataTable,
    DirectoryTree,
    Footer,
    Input,
    Label,
    Static,
)

from runtime.app.plain import one_line, shown
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.doings import doings_of
from runtime.app.widgets.path_input import PathInput
from runtime.app.widgets.set_files import ENDINGS, SetFiles
from runtime.app.widgets.tables import fill_table
from runtime.app.widgets.tick import Tick
from runtime.app.widgets.top_line import TopLine
from runtime.desk.importing import ImportPreview
from runtime.errors import BadInputError
from runtime.locations import shipped_examples
from runtime.marking.item import Task
from runtime.records.rows import Row
from runtime.records.store.rows import SchoolClass
from runtime.words import N_, _, ngettext

_MOST_ROWS = 100
"""Rows of the preview that are drawn, those with problems first: nobody reads more."""
_NAME_CHARS = 60

TASKS = {
    Task.MATH: N_("maths"),
    Task.SHORT_ANSWER: N_("short answers"),
    Task.ESSAY: N_("essays"),
    Task.RUBRIC: N_("by rubric"),
}


class TakingIn(DeskScreen):
    """First the file, then its preview."""

    HELP = N_("""\
# Taking a class set in

A class set is a **JSONL** file (a line for each answer) or a **CSV** table with the columns `id`,
`task`, `question`, `answer` and, where there is one, `reference`, `learner` and others.

Type the name of the file (the right arrow takes what is suggested) or choose it in the tree. Then
you see each row: what is wrong with a row stands beside it, and nothing is kept until you press
**Take in**. Rows with problems are left out. What was taken in can be taken out again with **U**.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "take", N_("Take in")),
        Binding("ctrl+o", "choose", N_("Another file")),
    ]
    DEFAULT_CSS = """
    TakingIn #steps { height: 1fr; }
    TakingIn #choice { height: 1fr; }
    TakingIn #path { margin: 0 1; }
    TakingIn SetFiles { height: 1fr; margin: 0 2; background: $background; }
    TakingIn #preview { height: 1fr; }
    TakingIn #summary { height: auto; max-height: 8; padding: 0 2; }
    TakingIn #rows { height: 1fr; }
    TakingIn .row { height: auto; padding: 0 1; margin-top: 1; }
    TakingIn .row > Label { width: auto; }
    TakingIn .row > Input { width: 1fr; }
    """

    def __init__(self, class_: SchoolClass | None) -> None:
        super().__init__()
        self._class = class_
        self._preview: ImportPreview | None = None

    def compose(self) -> ComposeResult:
        """Yield the field and the tree, and behind them the preview."""
        own = self._class.name if self._class else ""
        name = own or _("a new class")
        yield TopLine(_("Take in: {name}").format(name=one_line(name, 30)))
        with ContentSwitcher(initial="choice", id="steps"):
            with Vertical(id="choice"):
                yield PathInput(
                    placeholder=_("The file: class.csv, week1.jsonl …"),
                    endings=ENDINGS,
                    id="path",
                )
                yield SetFiles(_start(), id="files")
            with Vertical(id="preview"):
                yield VerticalScroll(id="summary", can_focus=False)
                yield DataTable(id="rows", cursor_type="row", zebra_stripes=True)
                with Horizontal(classes="row"):
                    yield Label(_("Class"))
                    yield Input(own, id="class", max_length=_NAME_CHARS, compact=True)
                    yield Label(_("Set"))
                    yield Input(id="name", max_length=_NAME_CHARS, compact=True)
                with Horizontal(classes="row"):
                    yield Button(_("Take in"), variant="primary", id="take")
                    yield Button(_("Another file"), id="other")
                    yield Tick(_("Also what is here already"), id="again", compact=True)
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the preview again, in the language in use now."""
        if self._preview:
            await self._show(self._preview)

    @on(DirectoryTree.FileSelected)
    def _picked(self, event: DirectoryTree.FileSelected) -> None:
        self.query_one("#path", PathInput).value = str(event.path)
        self.start(self._look(), group="look", exclusive=True)

    @on(Input.Submitted, "#path")
    def _typed_path(self) -> None:
        self.start(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        path = str(self.query_one("#path", PathInput).path)
        self.say(_("Reading {file} …").format(file=path))
        class_id = self._class.id if self._class else None
        desk = doings_of(self.app).desk
        try:
            preview = await self.app.in_store(lambda: desk.look_at(path, class_id))
        finally:
            self.say("")
        self._preview = preview
        self.query_one("#name", Input).value = one_line(preview.name, _NAME_CHARS)
        await self._show(preview)

    async def _show(self, preview: ImportPreview) -> None:
        summary = self.query_one("#summary", VerticalScroll)
        await summary.remove_children()
        await summary.mount_all(Static(Content(line)) for line in summary_lines(preview))
        problems = bool(preview.problems)
        wrong = (_("What is wrong"),) if problems else ()
        headings = (_("Line"), *wrong, _("Learner"), _("Task"), _("Answer"))
        again = {row.line for row in preview.duplicates}
        rows = sorted(preview.rows, key=lambda row: (row.item is not None, row.line))
        cells = (_cells(row, problems, row.line in again) for row in rows[:_MOST_ROWS])
        fill_table(self.query_one("#rows", DataTable), headings, cells)
        self.query_one("#again", Checkbox).display = bool(preview.duplicates)
        self.query_one("#steps", ContentSwitcher).current = "preview"
        named = bool(self.query_one("#class", Input).value)
        self.query_one("#rows" if not preview.new else "#take" if named else "#class").focus()

    @on(Button.Pressed, "#other")
    def action_choose(self) -> None:
        """Choose another file."""
        self.query_one("#steps", ContentSwitcher).current = "choice"
        self.query_one("#path").focus()

    @on(Button.Pressed, "#take")
    @on(Input.Submitted, "#name, #class")
    def action_take(self) -> None:
        """Keep what the preview shows."""
        self.start(self._take(), group="take", exclusive=True)

    async def _take(self) -> None:
        preview = self._preview
        if preview is None:
            raise BadInputError(_("There is no file yet."), _("Choose one first."))
        name = self.query_one("#name", Input).value
        again = self.query_one("#again", Checkbox).value
        doings = self.doings
        preview = await self._for_class(preview)
        taken = await self.app.in_store(lambda: doings.desk.take(preview, name, again=again))
        self.dismiss()
        said = ngettext(
            "{count} answer of “{name}” was taken in.",
            "{count} answers of “{name}” were taken in.",
            taken.answers,
        ).format(count=taken.answers, name=one_line(taken.questions.name))
        doings.did(said, doings.desk_step)
        self.app.notify(_("{done} U takes it back.").format(done=said), markup=False)

    async def _for_class(self, preview: ImportPreview) -> ImportPreview:
        """Return the preview for the class that was typed, which is made if it is new."""
        typed = self.query_one("#class", Input).value.strip()
        if not typed:
            raise BadInputError(_("The class has no name."), _("Type one, such as 4b."))
        classes = await self.app.in_store(self.app.store.classes.all)
        found = next((one for one in classes if one.name == typed), None)
        if found is None:
            made = await self._made(typed)
            return msgspec.structs.replace(preview, class_id=made.id)
        if found.id == preview.class_id:
            return preview
        # Who is known, and what is there already, is another matter in another class.
        desk, class_id = self.doings.desk, found.id
        return await self.app.in_store(lambda: desk.look_at(preview.path, class_id))

    async def _made(self, name: str) -> SchoolClass:
        made = await self.app.in_store(lambda: self.app.store.classes.add(name))

        async def undo() -> None:
            await self.app.in_store(lambda: self.app.store.classes.remove(made.id))

        self.doings.did(_("The class {name} was made.").format(name=made.name), undo)
        return made


def summary_lines(preview: ImportPreview) -> Iterator[str]:
    """Yield what a class set would bring, and what to look at before it is kept."""
    tasks = ", ".join(f"{_(TASKS[Task(task)])} {count}" for task, count in preview.tasks.items())
    said = ngettext(
        "{count} answer can be taken in ({tasks})",
        "{count} answers can be taken in ({tasks})",
        preview.new,
    ).format(count=preview.new, tasks=tasks or "–")
    questions = ngettext("{count} question", "{count} questions", preview.questions)
    new = sum(one.learner is None for one in preview.learners)
    learners = ngettext("{count} learner", "{count} learners", len(preview.learners))
    learners_said = learners.format(count=len(preview.learners))
    if not preview.new:
        said = _("No answer of this file can be taken in")
    sign = "✓" if preview.new else "✗"
    yield " · ".join((f"{sign} {said}", questions.format(count=preview.questions), learners_said))
    if new:
        yield ngettext(
            "  {count} learner is new and will be added to the class.",
            "  {count} learners are new and will be added to the class.",
            new,
        ).format(count=new)
    for one in preview.learners:
        if one.resembles:
            yield "! " + _("“{name}” is new. Is “{known}” meant?").format(
                name=one_line(one.name, 30), known=one_line(one.resembles, 30)
            )
    if preview.problems:
        yield "✗ " + ngettext(
            "{count} row has a problem and is left out: see below.",
            "{count} rows have problems and are left out: see below.",
            len(preview.problems),
        ).format(count=len(preview.problems))
    if preview.duplicates:
        yield "! " + ngettext(
            "{count} answer is here already and is left out.",
            "{count} answers are here already and are left out.",
            len(preview.duplicates),
        ).format(count=len(preview.duplicates))
    if len(preview.rows) > _MOST_ROWS:
        said = _("The first {count} rows are shown, those with problems before the rest.")
        yield f"  {said.format(count=_MOST_ROWS)}"
    if preview.anonymous:
        yield "! " + ngettext(
            "{count} answer names no learner.",
            "{count} answers name no learner.",
            preview.anonymous,
        ).format(count=preview.anonymous)


def _cells(row: Row, problems: bool, again: bool) -> Iterator[Text]:
    yield Text(str(row.line), justify="right")
    if problems:
        yield Text(f"✗ {one_line(f'{row.problem}. {row.remedy}', 70)}" if row.problem else "")
    item = row.item
    yield Text(one_line((item.learner or "–") if item else "", 20))
    yield Text(_(TASKS[item.task]) if item else "")
    mark = _("(here already) ") if again else ""
    yield Text(mark + one_line(shown(item.text, 200) if item else "", 60))


def _start() -> Path:
    """Return the folder the tree begins with: the user's, or if there is none the examples'."""
    try:
        home = Path.home()
    except RuntimeError:
        return shipped_examples()
    return home if home.is_dir() else shipped_examples()
