"""What else would change in the class, seen before it does.

if await app.push_screen_wait(ChangesDialog(found)): ...        found is a Recalibration
"""

from collections.abc import Iterator

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Footer, Label

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkDialog
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.verdicts import percent_words, verdict_words
from runtime.desk.recalibrating import Change, Recalibration
from runtime.words import N_, _, ngettext

_MOST_ROWS = 60


class ChangesDialog(KindmarkDialog[bool | None]):
    """Answers ``True`` to apply the changes; ``None`` for not now."""

    HELP = N_(
        "# What else would change\n\nYour marks say something about the other answers to the same"
        " question. Here you see which marks would follow yours. What you marked or accepted"
        " yourself is never changed, and applying can be taken back with **U**."
    )
    AUTO_FOCUS = "#apply"
    DEFAULT_CSS = """
    ChangesDialog > .dialog { width: 100; }
    ChangesDialog .asked { text-style: bold; margin-bottom: 1; width: 100%; }
    ChangesDialog Table { height: auto; max-height: 35vh; }
    ChangesDialog .buttons { height: auto; margin-top: 1; }
    ChangesDialog Button { margin-right: 2; }
    """

    def __init__(self, found: Recalibration) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """Yield the marks that would change, those with another verdict first."""
        with Vertical(classes="dialog"):
            yield Label(Content(changes_words(self._found)), classes="asked")
            yield Table(id="changes", cursor_type="row")
            with Horizontal(classes="buttons"):
                yield Button(_("Apply"), variant="primary", id="apply")
                yield Button(_("Not now"), id="later")
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """List the changes."""
        headings = (_("Learner"), _("Now"), _("Then"), _("Sure"), _("Answer"))
        changes = (*self._found.changes, *self._found.surer)[:_MOST_ROWS]
        fill_table(self.query_one("#changes", Table), headings, map(_cells, changes))

    @on(Button.Pressed, "#apply")
    def _apply(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#later")
    def _later(self) -> None:
        self.action_back()


def changes_words(found: Recalibration) -> str:
    """Return in a sentence or two what would change."""
    parts = []
    if found.changes:
        count = len(found.changes)
        parts.append(
            ngettext(
                "{count} other mark would change.", "{count} other marks would change.", count
            ).format(count=count)
        )
    if found.surer:
        count = len(found.surer)
        parts.append(
            ngettext(
                "{count} mark would stay, with another confidence.",
                "{count} marks would stay, with another confidence.",
                count,
            ).format(count=count)
        )
    if found.settled > 0:
        parts.append(
            ngettext(
                "{count} would need no review any more.",
                "{count} would need no review any more.",
                found.settled,
            ).format(count=found.settled)
        )
    return " ".join(parts)


def _cells(change: Change) -> Iterator[Text]:
    yield Text(one_line(change.learner or "–", 14))
    yield Text(verdict_words(change.before.verdict))
    then = verdict_words(change.after.verdict)
    yield Text(then if change.is_seen else "=", style="bold" if change.is_seen else "")
    before, after = change.before.confidence, change.after.confidence
    yield Text(f"{percent_words(before)} → {percent_words(after)}")
    yield Text(one_line(change.text, 60))
