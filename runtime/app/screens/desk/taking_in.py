"""Taking a class set in: choose a file, see every row with what is wrong with it, then keep it.

app.push_screen(TakingIn(class_))        None: the class is chosen, or made, on the way
"""

import asyncio
import os
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, ContentSwitcher, DirectoryTree, Footer, Input, Select

from runtime.app.plain import one_line
from runtime.app.screens.desk.arriving import remember
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.preview_pane import PreviewPane
from runtime.app.widgets.path_input import PathInput, completed
from runtime.app.widgets.set_files import ENDINGS, SetFiles
from runtime.app.widgets.top_line import TopLine
from runtime.desk.importing import ImportPreview
from runtime.errors import BadInputError
from runtime.locations import shipped_examples
from runtime.records.store.rows import SchoolClass
from runtime.words import N_, _


class TakingIn(DeskScreen):
    """First the file, then its preview."""

    HELP = N_("""\
# Taking a class set in

A class set is a **JSONL** file (a line for each answer) or a **CSV** table with a column for the
question and one for the answer; the right answer and the learner are good to have. Usual names
of columns are known in English and Italian, and so is what Excel writes.

Type the name of the file (**Enter** takes what is suggested) or choose it in the tree. Then
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
    """

    def __init__(self, class_: SchoolClass | None) -> None:
        super().__init__()
        self._class = class_
        self._school: list[SchoolClass] = []
        self._preview: ImportPreview | None = None

    def compose(self) -> ComposeResult:
        """Yield the field and the tree, and behind them the preview."""
        own = self._class.name if self._class else ""
        yield TopLine(_("Take in: {name}").format(name=one_line(own or _("a new class"), 30)))
        with ContentSwitcher(initial="choice", id="steps"):
            with Vertical(id="choice"):
                placeholder = _("The file: class.csv, week1.jsonl …")
                yield PathInput(placeholder=placeholder, endings=ENDINGS, id="path")
                yield SetFiles(_start(), id="files")
            yield PreviewPane(own)
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the preview again, in the language in use now."""
        if self._preview:
            await self._show(self._preview)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to take in once it was looked at."""
        if action in {"take", "choose"} and self._preview is None:
            return False
        return super().check_action(action, parameters)

    @on(DirectoryTree.FileSelected)
    def _picked(self, event: DirectoryTree.FileSelected) -> None:
        self.query_one("#path", PathInput).value = str(event.path)
        self.start(self._look(), group="look", exclusive=True)

    @on(Input.Submitted, "#path")
    def _typed_path(self) -> None:
        self.start(self._look_at_typed(), group="look", exclusive=True)

    async def _look_at_typed(self) -> None:
        """Look at what was typed; where that is no file, at what is suggested in its place."""
        field = self.query_one("#path", PathInput)
        if not await asyncio.to_thread(_is_file, field.path):
            suggested = await asyncio.to_thread(completed, field.value, ENDINGS)
            if suggested:
                field.value = suggested
                field.cursor_position = len(suggested)
                if suggested.endswith(os.sep):
                    return
        await self._look()

    async def _look(self) -> None:
        path = str(self.query_one("#path", PathInput).path)
        self.say(_("Reading {file} …").format(file=path))
        desk, classes = self.doings.desk, self.app.store.classes
        try:
            self._school = await self.app.in_store(classes.all)
            class_id = self._typed_class_id()
            preview = await self.app.in_store(lambda: desk.look_at(path, class_id))
        finally:
            self.say("")
        pane = self.query_one(PreviewPane)
        pane.suggest([one.name for one in self._school], preview.name)
        await self._show(preview)
        self.query_one("#steps", ContentSwitcher).current = "preview"
        pane.focus_next_step(preview)

    async def _show(self, preview: ImportPreview) -> None:
        self._preview = preview
        pane = self.query_one(PreviewPane)
        await pane.show(preview, bool(pane.class_name) and preview.class_id is None)
        self.refresh_bindings()

    def _typed_class_id(self) -> int | None:
        """Return the class that was typed, in any case; ``None`` for one that is to be made."""
        typed = self.query_one(PreviewPane).class_name.casefold()
        return next((one.id for one in self._school if one.name.casefold() == typed), None)

    @on(Input.Changed, "#class")
    def _other_class(self) -> None:
        if self._preview:
            self.start(self._compare(), group="look", exclusive=True)

    async def _compare(self) -> None:
        """Show who and what is known in the class that was typed; another file is not read."""
        preview, class_id = self._need_preview(), self._typed_class_id()
        if preview.class_id != class_id:
            desk, old = self.doings.desk, preview
            preview = await self.app.in_store(lambda: desk.for_class(old, class_id))
        await self._show(preview)

    @on(Select.Changed, "#task")
    def _other_task(self) -> None:
        if self._preview:
            self.start(self._look_again(self._preview), group="look", exclusive=True)

    async def _look_again(self, old: ImportPreview) -> None:
        desk, task = self.doings.desk, self.query_one(PreviewPane).chosen_task
        look = await self.app.in_store(lambda: desk.look_at(old.path, old.class_id, task=task))
        await self._show(look)

    def _need_preview(self) -> ImportPreview:
        if self._preview is None:
            raise BadInputError(_("There is no file yet."), _("Choose one first."))
        return self._preview

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
        pane, doings = self.query_one(PreviewPane), self.doings
        self._need_preview()
        if not pane.class_name:
            raise BadInputError(_("The class has no name."), _("Type one, such as 4b."))
        await self._compare()
        preview, name, wanted = self._need_preview(), pane.set_name, pane.wanted()
        taken = await self.app.in_store(lambda: doings.desk.take(preview, name, wanted))
        remember(doings, taken)
        self.dismiss()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _start() -> Path:
    """Return the folder the tree begins with: the user's, or if there is none the examples'."""
    try:
        home = Path.home()
    except RuntimeError:
        return shipped_examples()
    return home if home.is_dir() else shipped_examples()
