"""A class set being marked: how far, how fast, how long still; pause, resume, stop.

Leaving this screen stops nothing: a quiet line above every screen goes on to say how far it is.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Footer, Label, ProgressBar, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.doings import doings_of
from runtime.app.widgets.durations import duration_words
from runtime.app.widgets.top_line import TopLine
from runtime.desk.job import Progress, State
from runtime.words import N_, _

_STATES = {
    State.RUNNING: N_("Marking …"),
    State.PAUSED: N_("Paused. Nothing is lost; P goes on."),
    State.STOPPED: N_("Stopped. What was marked stays; the rest waits."),
    State.DONE: N_("✓ Every answer has a mark. Enter shows what needs review."),
    State.FAILED: N_("✗ Marking has ended early. What was marked stays."),
}
_LOOK_SECONDS = 0.25
"""How often the figures are drawn anew: faster than anybody reads them."""


class MarkingScreen(DeskScreen):
    """Follows the job of the desk."""

    HELP = N_(
        "# Marking\n\nEach mark is kept as it comes. You may leave this screen, pause, stop, or"
        " even switch the machine off: what is marked stays, and the rest is marked next time.\n\n"
        "The time left is counted from the latest answers; essays take longer than sums."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", N_("Pause / go on")),
        Binding("s", "stop", N_("Stop")),
        Binding("enter", "review", N_("Look at the marks")),
    ]
    DEFAULT_CSS = """
    MarkingScreen #marking { padding: 1 2; height: 1fr; }
    MarkingScreen ProgressBar { width: 100%; margin: 1 0; }
    MarkingScreen Bar { width: 1fr; }
    MarkingScreen #buttons { height: auto; margin-top: 1; }
    MarkingScreen #buttons Button { margin-right: 2; }
    MarkingScreen #met { color: $warning; margin-top: 1; }
    """

    # Enter is to show the marks, not to press whichever button comes first.
    AUTO_FOCUS = ""

    _looking: Timer | None = None

    def compose(self) -> ComposeResult:
        """Yield what is filled in as the job goes on."""
        doings = doings_of(self.app)
        yield TopLine(_("Marking"))
        with Vertical(id="marking"):
            yield Static(Content(one_line(doings.job_name)), classes="title")
            yield Label(id="state")
            yield ProgressBar(show_eta=False, id="bar")
            yield Label(id="figures")
            yield Static(id="met")
            with Horizontal(id="buttons"):
                yield Button(_("Pause / go on"), id="pause", action="screen.pause")
                yield Button(_("Stop"), id="stop", action="screen.stop")
                yield Button(_("Look at the marks"), action="screen.review")
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show how far it is, now and again."""
        self._show()
        if self._looking is None:
            self._looking = self.set_interval(_LOOK_SECONDS, self._show)

    def _show(self) -> None:
        progress = self.doings.progress
        if progress is None or not self.is_attached:
            return
        self.query_one("#state", Label).update(_(_STATES[progress.state]))
        self.query_one("#bar", ProgressBar).update(
            total=max(1, progress.total), progress=progress.done if progress.total else 1
        )
        self.query_one("#figures", Label).update(figures(progress))
        for name in ("#pause", "#stop"):
            self.query_one(name).disabled = progress.ended
        met = f"! {progress.error.message} {progress.error.remedy}" if progress.error else ""
        self.query_one("#met", Static).update(Content(met))

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.doings.pause_or_resume()
        self._show()

    def action_stop(self) -> None:
        """Stop; the rest is marked another time."""
        if self.doings.job:
            self.doings.job.stop()

    def action_review(self) -> None:
        """Look at the marks; marking goes on meanwhile."""
        from runtime.app.screens.desk.table import ReviewTable  # noqa: PLC0415
        from runtime.desk.scope import Scope  # noqa: PLC0415

        doings = self.doings
        scope = Scope(session_id=doings.job_session)
        self.app.switch_screen(ReviewTable(scope, doings.job_name))


def figures(progress: Progress) -> str:
    """Return the numbers of a job as a line."""
    parts = [_("{done} of {total} answers").format(done=progress.done, total=progress.total)]
    if progress.per_second and not progress.ended:
        parts.append(_("{rate} a second").format(rate=f"{progress.per_second:.2g}"))
    if progress.seconds_left is not None and not progress.ended:
        left = duration_words(progress.seconds_left)
        parts.append(_("about {time} left").format(time=left))
    return " · ".join(parts)
