"""The models of this machine: what is here, fits and is whole; which one marks; how fast each is.

    app.go("models")

Nothing is ever downloaded from here: a model that is missing names the command that brings it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, ProgressBar, Static

from runtime.app.benchmarking import Benchmark, MeasuredRun
from runtime.app.checking import check_files, has_hashes
from runtime.app.models_here import ModelHere, models_here
from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.widgets.model_facts import checked_words, facts_of, plots_of
from runtime.app.widgets.sizes import size_words
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.top_line import TopLine
from runtime.errors import KindmarkError, ModelError
from runtime.judge.catalogue import State
from runtime.judge.llm.locating import DEFAULT
from runtime.preferences import Preferences, keep, preferences
from runtime.words import N_, _

_STATES = {
    State.OK: N_("✓ here"),
    State.MISSING: N_("– not here"),
    State.DAMAGED: N_("✗ damaged"),
}
_KINDS = {"base": N_("model"), "adapter": N_("adapter"), "head": N_("head")}
_FITS = {True: N_("✓ yes"), False: N_("✗ no"), None: N_("? unknown")}


class ModelsScreen(KindmarkScreen):
    """A table of models, and below it what is known of the one that is chosen in it."""

    HELP = N_(
        "# Models\n\nEach line is a model, an adapter on one, or a head that reads one. **Here**"
        " means that its files are on this machine; **fits** that its memory is free now.\n\n"
        "Checking reads every byte and compares it with the catalogue. Measuring takes seconds for"
        " a small model and minutes for a large one; other work goes on meanwhile.\n\nNothing is"
        " downloaded from here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "use", N_("Mark with it")),
        Binding("c", "check", N_("Check files")),
        Binding("m", "measure", N_("Measure")),
        Binding("s", "stop", N_("Stop")),
    ]
    DEFAULT_CSS = """
    ModelsScreen DataTable { height: auto; max-height: 45%; }
    ModelsScreen #about { height: 1fr; padding: 0 2; }
    ModelsScreen #working { height: auto; padding: 0 2; display: none; }
    ModelsScreen #working.-shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._models: list[ModelHere] = []
        self._checked: dict[str, str] = {}
        self.measured: list[MeasuredRun] = []
        """What was measured while this screen is open, a run each."""
        self._stopped = False
        self._benchmark: Benchmark | None = None
        self._stoppable = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to stop while there is something to stop."""
        if action == "stop" and not self._stoppable:
            return False
        return super().check_action(action, parameters)

    def compose(self) -> ComposeResult:
        """Yield an empty table; ``fill`` brings the models."""
        yield TopLine(_("Models"))
        yield Table(id="models", cursor_type="row", zebra_stripes=True)
        with VerticalScroll(id="working"):
            yield Static(id="doing")
            yield ProgressBar(id="progress", show_eta=False)
        yield VerticalScroll(id="about", can_focus=True)
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """List the models."""
        self._models = await asyncio.to_thread(models_here)
        headings = (_("Name"), _("Kind"), _("Size"), _("Here"), _("Fits"), _("Licence"))
        table = self.query_one("#models", Table)
        fill_table(table, headings, map(_cells, self._models))
        table.focus()

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        self.start(self._tell_about(), group="about", exclusive=True)

    async def _tell_about(self) -> None:
        model = self._chosen()
        about = self.query_one("#about", VerticalScroll)
        async with self.batch():
            await about.remove_children()
            await about.mount_all([*facts_of(model, self._checked), *plots_of(self.measured)])

    def _chosen(self) -> ModelHere:
        row = self.query_one("#models", Table).cursor_row
        if not 0 <= row < len(self._models):
            raise ModelError(_("No model is chosen."), _("Choose one with the arrow keys."))
        return self._models[row]

    def action_use(self) -> None:
        """Mark with the chosen model from now on."""
        self.start(self._use(), group="use", exclusive=True)

    async def _use(self) -> None:
        model = self._chosen()
        if not model.marks:
            raise ModelError(
                _("A head does not mark by itself."),
                _("Choose what it stands on: {base}").format(base=model.entry.base),
            )
        _need_here(model)
        before = (await asyncio.to_thread(preferences)).model
        await self._switch(model.entry.name, before)

        async def undo() -> None:
            await self._switch(before, model.entry.name)

        self.app.did(_("{model} marks from now on.").format(model=model.entry.name), undo)

    async def _switch(self, name: str, before: str) -> None:
        """Open a model and keep the choice; one that does not open leaves the one before."""
        self._doing(_("Opening {model} …").format(model=name or DEFAULT))
        try:
            await asyncio.wrap_future(self.app.worker.open(name))
        except KindmarkError:
            self.app.worker.open(before)
            raise
        finally:
            self._doing("")
        kept = "" if name == DEFAULT else name
        await asyncio.to_thread(keep, Preferences(model=kept))
        if self.is_attached:
            await self.fill()
            await self._tell_about()

    def action_check(self) -> None:
        """Read every byte of the chosen model."""
        self.start(self._check(), group="work", exclusive=True)

    async def _check(self) -> None:
        model = self._chosen()
        _need_here(model)
        self._stopped = False
        self._doing(
            _("Reading every byte of {model} …").format(model=model.entry.name), 0.0, stops=True
        )
        try:
            found = await asyncio.to_thread(
                check_files, model.entry, model.folder, self._read, lambda: self._stopped
            )
        finally:
            self._stopped = True
            self._doing("")
        if found is not None:
            self._checked[model.entry.name] = checked_words(found, has_hashes(model.entry.file))
        await self._tell_about()

    def _read(self, done: int, whole: int) -> None:
        self.app.call_later(self._progress, done / max(1, whole))

    def _progress(self, share: float) -> None:
        if self.is_attached and not self._stopped:
            self.query_one("#progress", ProgressBar).update(total=1.0, progress=share)

    def action_measure(self) -> None:
        """Measure the chosen model."""
        self.start(self._measure(), group="work", exclusive=True)

    async def _measure(self) -> None:
        model = self._chosen()
        _need_here(model)
        if model.entry.kind != "base":
            raise ModelError(
                _("Only whole models can be measured."),
                _("Choose what it stands on: {base}").format(base=model.entry.base),
            )
        self._doing(_("Measuring {model} …").format(model=model.entry.name), stops=True)
        try:
            found = await asyncio.to_thread(self._run_benchmark, model.entry.name)
        finally:
            self._doing("")
            if self._benchmark:
                # Nobody waits for it any more, if the screen was left.
                self._benchmark.close()
        kept = {one.title: one for one in (*self.measured, *found)}
        self.measured = list(kept.values())
        await self._tell_about()
        for title in list(self.query("#about .title"))[1:2]:
            # The first plot; before it stands what is known of the model.
            title.scroll_visible(top=True, animate=False)

    def _run_benchmark(self, name: str) -> Sequence[MeasuredRun]:
        with Benchmark(name) as running:
            self._benchmark = running
            for line in running.lines():
                said = _("Measuring {model}: {what}").format(model=name, what=one_line(line, 50))
                self.app.call_later(self._doing, said, stops=True)
            return running.runs()

    def action_stop(self) -> None:
        """Stop checking or measuring; what was found until then stays."""
        self._stopped = True
        if self._benchmark:
            self._benchmark.stop()

    def _doing(self, words: str, share: float | None = None, *, stops: bool = False) -> None:
        """Say what goes on; "" when nothing does. Without ``share`` nobody knows how far it is."""
        if not self.is_attached:
            return
        self._stoppable = stops
        self.refresh_bindings()
        self.query_one("#working").set_class(bool(words), "-shown")
        self.query_one("#doing", Static).update(Content(words))
        bar = self.query_one("#progress", ProgressBar)
        bar.display = share is not None
        bar.update(total=1.0, progress=share or 0.0)


def _cells(model: ModelHere) -> Iterator[Text]:
    name = f"{model.entry.name} ★" if model.used else model.entry.name
    yield Text(name)
    yield Text(_(_KINDS[model.entry.kind]))
    yield Text(size_words(model.size) if model.size else "?")
    yield Text(_(_STATES[model.state]))
    yield Text(_(_FITS[model.fits]) if model.marks else "")
    yield Text(one_line(model.entry.licence, 24))


def _need_here(model: ModelHere) -> None:
    if model.state is State.MISSING:
        raise ModelError(
            _("{model} is not on this machine.").format(model=model.entry.name),
            _("Bring it with: {command}").format(command=model.get),
        )
