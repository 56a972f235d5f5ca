"""What is known of one model, and bars of what was measured of all.

about.mount_all([*facts_of(model, checked), *plots_of(measured)])
"""

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from runtime.app.benchmarking import MeasuredRun
from runtime.app.models_here import ModelHere
from runtime.app.plain import shown
from runtime.app.widgets.bars import Bar, Bars
from runtime.app.widgets.facts import Fact
from runtime.app.widgets.sizes import size_words
from runtime.judge.catalogue import State
from runtime.words import N_, _, number


def facts_of(model: ModelHere, checked: Mapping[str, str]) -> Iterator[Widget]:
    """Yield what is known of a model; ``checked`` has the words of those that were checked."""
    entry = model.entry
    yield Static(Content(shown(entry.title)), classes="title")
    if model.used:
        yield Fact(_("In use"), _("it marks the answers (★)"), "right")
    if model.state is State.MISSING:
        yield Fact(_("To bring it here"), model.get)
    if entry.memory_mb:
        yield Fact(_("Memory needed"), _("about {size}").format(size=_megabytes(entry.memory_mb)))
    elif model.marks and model.fits is None:
        yield Fact(_("Memory needed"), _("found out by: kindmark doctor --fit"))
    yield Fact(_("Files"), ", ".join(file.name for file in entry.file))
    yield Fact(_("Folder"), shown(str(model.folder)))
    said = checked.get(entry.name)
    tone = "" if said is None else "right" if "✗" not in said else "wrong"
    yield Fact(_("Checked"), (said or _("not yet: C does it")).lstrip("✗ "), tone)
    yield Fact(_("From"), shown(entry.source))


def _megabytes(count: int) -> str:
    return size_words(count * 1_000_000)


def checked_words(found: State, fixed: bool) -> str:
    """Return what reading every byte came to; ``fixed`` tells whether there was a hash."""
    if found is not State.OK:
        return "✗ " + _("its files are not what the catalogue says; bring it again")
    if fixed:
        return _("every byte is as the catalogue says")
    return _("readable to the last byte; the catalogue fixes its size and no hash")


def plots_of(measured: Sequence[MeasuredRun]) -> Iterator[Widget]:
    """Yield a plot for each kind of figure, with a bar for each model that was measured."""
    for name, title, unit in _PLOTTED:
        bars = [
            Bar(one.title, value, f"{number(value, ',.0f')} {unit}")
            for one in measured
            if (value := one.median(name)) is not None
        ]
        if bars:
            yield Static(Content(_(title)), classes="title")
            yield Bars(bars)
    for one in measured:
        if one.problem:
            yield Fact(one.title, one.problem, "wrong")


_PLOTTED = (
    ("answers", N_("Verdicts a minute, a class at a time (longer is better)"), "/min"),
    ("p50", N_("Milliseconds for one answer (shorter is better)"), "ms"),
    ("peak", N_("Most memory (shorter is better)"), "MB"),
)
