"""A class set being marked: how far, how fast, how long still; pause, resume, stop.

Leaving this screen stops nothing: a quiet line above every screen goes on to say how far it is.
"""

import asyncio
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
from runtime.app.screens.desk.marking_words import figures, result_words
from runtime.app.widgets.top_line import TopLine
from runtime.desk.progress import Progress, State
from runtime.errors import BadInputError
from runtime.preferences import preferences
from runtime.words import N_, _

_STATES = {
    State.RUNNING: N_("Marking …"),
    State.PAUSED: N_("Paused. Nothing is lost; P goes on."),
    State.STOPPED: N_("Stopped. What was marked stays; the rest waits."),
    State.DONE: N_("✓ Every answer has a mark."),
    State.FAILED: N_("✗ Marking has ended early. What was marked stays."),
}
_LOOK_SECONDS = 0.25
"""How often the figures are drawn anew: faster than anybody reads them."""


class MarkingScreen(DeskScreen):
    """Follows the job of the desk."""

    HELP = N_(
        "# Marking\n\nEach mark is kept as it comes. You may leave this screen, pause, stop, or"
        " even switch the machine off: what is marked stays, and the rest is marked next time.\n\n"
        "The time left is counted from the latest answers; essays take longer than sums. Where a"
        " language model marks, **F** has it write feedback too, or not."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", N_("Pause / go on")),
        Binding("s", "stop", N_("Stop")),
        Binding("enter", "review", N_("Look at the marks")),
        Binding("f", "feedback", N_("Feedback too / not"), show=False),
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
    _shown: State | None = None
    _model_writes = False
    """Whether a language model marks, which may also write to the child."""

    def compose(self) -> ComposeResult:
        """Yield what is filled in as the job goes on."""
        doings = doings_of(self.app)
        yield TopLine(_("Marking"))
        with Vertical(id="marking"):
            yield Static(Content(one_line(doings.job_name)), classes="title")
            yield Label(id="state")
            yield ProgressBar(show_eta=False, id="bar")
            yield Label(id="figures")
            yield Label(id="result")
            yield Static(id="writing")
            yield Static(id="met")
            with Horizontal(id="buttons"):
                yield Button(_("Pause / go on"), id="pause", action="screen.pause")
                yield Button(_("Stop"), id="stop", action="screen.stop")
                yield Button(_("Look at the marks"), action="screen.review")
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show how far it is, now and again."""
        self._model_writes = await asyncio.to_thread(_model_writes)
        self._show()
        if self._looking is None:
            self._looking = self.set_interval(_LOOK_SECONDS, self._show)

    def on_screen_resume(self) -> None:
        """Somebody looks on."""
        self.doings.watched = True

    def on_screen_suspend(self) -> None:
        """Nobody looks on any more."""
        self.doings.watched = False

    def on_unmount(self) -> None:
        """Nobody looks on any more."""
        self.doings.watched = False

    def _show(self) -> None:
        progress = self.doings.progress
        if progress is None or not self.is_attached:
            return
        self.query_one("#state", Label).update(_(_STATES[progress.state]))
        self.query_one("#bar", ProgressBar).update(
            total=max(1, progress.total), progress=progress.done if progress.total else 1
        )
        self.query_one("#figures", Label).update(figures(progress))
        self.query_one("#result", Label).update(result_words(progress))
        self.query_one("#writing", Static).update(self._writing_words(progress))
        for name in ("#pause", "#stop"):
            self.query_one(name).display = not progress.ended
        met = f"! {progress.error.message} {progress.error.remedy}" if progress.error else ""
        # What is being waited for, while it seems that nothing goes on.
        self.query_one("#met", Static).update(Content(met or self._waiting(progress)))
        if progress.state is not self._shown:
            self._shown = progress.state
            self.refresh_bindings()

    def _writing_words(self, progress: Progress) -> str:
        job = self.doings.job
        if progress.ended or job is None or not self._model_writes:
            return ""
        if job.writing:
            return _(
                "The model also writes a reason and feedback. F leaves them out: it is faster."
            )
        return _("Marks only. F has the model write reasons and feedback too.")

    def _waiting(self, progress: Progress) -> str:
        return "" if progress.ended else self.app.model_line

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has ended is neither paused nor stopped."""
        progress = self.doings.progress
        if action in {"pause", "stop", "feedback"} and (progress is None or progress.ended):
            return False
        if action == "feedback":
            return self._model_writes
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.doings.pause_or_resume()
        self._show()

    def action_feedback(self) -> None:
        """Have feedback written too, or not, from the next answers on."""
        if job := self.doings.job:
            job.writing = not job.writing
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


def _model_writes() -> bool:
    try:
        return bool(preferences().model)
    except BadInputError:
        # Its place is the models' screen, which says what is wrong with it.
        return False
