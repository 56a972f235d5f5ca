"""The learners of a class: how each is doing, a report on one, and erasing one for good.

app.push_screen(LearnersScreen(class_))
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Footer

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.dialogs import Ask, AskPlace
from runtime.app.screens.desk.places import suggested
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.top_line import TopLine
from runtime.desk.scope import Scope
from runtime.desk.writing_files import write_whole
from runtime.errors import BadInputError
from runtime.records.store.exporting import export_jsonl
from runtime.records.store.removal import Removed, erase, plan_erasure
from runtime.records.store.retention import plan_purge, purge
from runtime.records.store.rows import SchoolClass
from runtime.records.store.screens import LearnerLine
from runtime.words import N_, _, ngettext

_COUNTED = {
    "sessions": N_("sessions: {count}"),
    "answers": N_("answers: {count}"),
    "drafts": N_("drafts: {count}"),
    "marks": N_("marks: {count}"),
    "overrides": N_("your own words on them: {count}"),
    "hints_used": N_("hints: {count}"),
    "learners": N_("learners: {count}"),
}


class LearnersScreen(DeskScreen):
    """A table of learners."""

    HELP = N_("""\
# Learners

**R** writes a report on one learner. **K** (or **Enter**) shows what a learner has practised and
how sure it is; **P** changes the nickname, the picture or the PIN. **X** writes all there is about
the class into one file, for another machine (`kindmark records import`).

**E** erases a learner: every word of theirs, from the records and from all backups, and then every
file is searched for what may be left. You see beforehand what would go. Erasing cannot be taken
back; that is what it is for.

**G** erases what is older than the class keeps its work (see the class settings on the desk).
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "report", N_("Report")),
        Binding("k", "skills", N_("Skills")),
        Binding("p", "profile", N_("Profile …"), show=False),
        Binding("x", "export", N_("Export"), show=False),
        Binding("e", "erase", N_("Erase …")),
        Binding("g", "purge", N_("Erase old work …"), show=False),
    ]
    DEFAULT_CSS = """
    LearnersScreen Table { height: 1fr; }
    """

    def __init__(self, class_: SchoolClass) -> None:
        super().__init__()
        self._class = class_
        self._lines: list[LearnerLine] = []

    def compose(self) -> ComposeResult:
        """Yield an empty table."""
        yield TopLine(_("Learners of {name}").format(name=one_line(self._class.name, 30)))
        yield Table(id="learners", cursor_type="row", zebra_stripes=True)
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """List the learners."""
        class_id = self._class.id
        self._lines = await self.app.in_store(lambda: self.app.store.screens.learners(class_id))
        headings = (_("Nickname"), _("Age"), _("Answers"), _("Right"), _("To review"), _("Last"))
        fill_table(self.query_one("#learners", Table), headings, map(_cells, self._lines))

    def _chosen(self) -> LearnerLine:
        at = self.query_one("#learners", Table).cursor_row
        if not 0 <= at < len(self._lines):
            raise BadInputError(_("There is no learner in this class."), _("Take a set in first."))
        return self._lines[at]

    @on(DataTable.RowSelected)
    def action_skills(self) -> None:
        """Show what the chosen learner has practised."""
        from runtime.app.screens.desk.skills import SkillsScreen  # noqa: PLC0415

        self.app.push_screen(SkillsScreen(self._chosen()))

    def action_profile(self) -> None:
        """Change the chosen learner's profile."""
        self.start(self._profile(), group="learner", exclusive=True)

    async def _profile(self) -> None:
        from runtime.app.screens.profile import change_profile  # noqa: PLC0415 - to paint sooner

        one, learners = self._chosen(), self.app.store.learners
        learner = await self.app.in_store(lambda: learners.get(one.id))
        changed = await change_profile(self.app, learner)
        if changed:
            await self.fill()
            self.did(changed.said, changed.undo)

    def action_report(self) -> None:
        """Write a report on the chosen learner."""
        self.start(self._report(), group="learner", exclusive=True)

    async def _report(self) -> None:
        one = self._chosen()
        place = suggested(one.nickname, ".html")
        asked = _("Report on {name}").format(name=one_line(one.nickname, 30))
        path = await self.app.push_screen_wait(AskPlace(asked, place))
        if path is None:
            return
        desk, scope = self.doings.desk, Scope(class_id=self._class.id)
        await self.app.in_store(lambda: desk.write_learner_report(scope, one.id, Path(path)))
        self.say(_("Written: {path}").format(path=path))

    def action_export(self) -> None:
        """Write all there is about the learners of the class, to take in on another machine."""
        self.start(self._export(), group="learner", exclusive=True)

    async def _export(self) -> None:
        place = suggested(self._class.name, ".jsonl")
        asked = _("Write all records of {name}").format(name=one_line(self._class.name, 30))
        path = await self.app.push_screen_wait(AskPlace(asked, place))
        if path is None:
            return
        store, ids = self.app.store, [line.id for line in self._lines]
        rows = await self.app.in_store(lambda: b"".join(export_jsonl(store, ids)))
        await asyncio.to_thread(write_whole, Path(path), rows)
        self.say(_("Written: {path}").format(path=path))

    def action_erase(self) -> None:
        """Erase the chosen learner for good."""
        self.start(self._erase(), group="learner", exclusive=True)

    async def _erase(self) -> None:
        one, store = self._chosen(), self.app.store
        store.need_to_write()
        learner = await self.app.in_store(lambda: store.learners.get(one.id))
        would = await self.app.in_store(lambda: plan_erasure(store, learner))
        asked = _("Erase {name} for good?").format(name=one_line(one.nickname, 30))
        if await self.app.push_screen_wait(Ask(asked, [*gone(would), _warning()], _("Erase"))):
            self.say(_("Erasing, and searching every file …"))
            removed = await self.app.in_store(lambda: erase(store, learner))
            await self.fill()
            self._tell(removed)

    def action_purge(self) -> None:
        """Erase work that is older than its class keeps it."""
        self.start(self._purge(), group="learner", exclusive=True)

    async def _purge(self) -> None:
        store = self.app.store
        store.need_to_write()
        would = await self.app.in_store(lambda: plan_purge(store))
        if not any(would.values()):
            self.say(_("No work is older than its class keeps it."))
            return
        asked = _("Erase all work that is older than its class keeps it?")
        if await self.app.push_screen_wait(Ask(asked, [*gone(would), _warning()], _("Erase"))):
            self.say(_("Erasing, and searching every file …"))
            removed = await self.app.in_store(lambda: purge(store))
            await self.fill()
            self._tell(removed)

    def _tell(self, removed: Removed) -> None:
        proof = removed.proof
        files = len(proof.files)
        if proof.clean:
            said = ngettext(
                "✓ Erased. {count} file was searched: no trace is left.",
                "✓ Erased. {count} files were searched: no trace is left.",
                files,
            )
        else:
            said = _("✗ Erased, but traces are left in: {names}")
        names = ", ".join(str(path) for path in proof.traces)
        self.say(said.format(count=files, names=names))


def gone(counts: dict[str, int]) -> Iterator[str]:
    """Yield what would go, a line for each kind of which there is something."""
    yield _("What would go:")
    for table, words in _COUNTED.items():
        if counts.get(table):
            yield f"  {_(words).format(count=counts[table])}"


def _warning() -> str:
    return _("It goes from all backups, too, and cannot be taken back.")


def _cells(line: LearnerLine) -> Iterator[Text]:
    yield Text(one_line(line.nickname, 24))
    yield Text(line.age_band.value)
    yield Text(str(line.answers), justify="right")
    yield Text(str(line.correct), justify="right")
    yield Text(f"! {line.to_review}" if line.to_review else "–", justify="right")
    yield Text(f"{line.last.astimezone():%Y-%m-%d}" if line.last else "–")
