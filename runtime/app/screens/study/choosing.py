"""How the next question is chosen: the skills with their numbers, open to everyone."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.widgets.bars import Bar, Bars
from runtime.app.widgets.top_line import TopLine
from runtime.study.mastery import EXPLAINED, MASTERED, PARAMETERS
from runtime.study.overview import overview
from runtime.study.schedule import DAYS
from runtime.study.skills import skill_name
from runtime.words import N_, _


class HowChosen(KindmarkScreen):
    """The learner's skills, and the parameters behind them."""

    HELP = N_("""\
# How questions are chosen

Each question trains a skill. After every answer Kindmark works out how probable it is that the
skill is known (Bayesian knowledge tracing, Corbett and Anderson 1995). A hint or a second try
counts for less than a right answer at once. The skill that is known least comes next, and never
the same skill twice in a row if there is another.
""")
    DEFAULT_CSS = """
    HowChosen VerticalScroll { padding: 1 2; }
    HowChosen .part { margin-top: 1; text-style: bold; }
    """

    def compose(self) -> ComposeResult:
        """Yield skills and parameters."""
        yield TopLine(_("How questions are chosen"))
        with VerticalScroll():
            yield Static(_("What you have practised, and how sure it is"), classes="part")
            yield Bars(most=1.0)
            yield Static(_("The numbers behind it"), classes="part")
            for line in _numbers():
                yield Static(Content(line))
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the learner's skills."""
        learner, store = self.app.learner, self.app.store
        if learner is None:
            return
        found = await self.app.in_store(lambda: overview(store, learner))
        self.query_one(Bars).bars = tuple(
            Bar(one_line(skill_name(one.skill), 30), one.known, f"{one.known:.0%}")
            for one in found.skills
        )


def _numbers() -> list[str]:
    lines = [f"{getattr(PARAMETERS, name):.0%}  {_(said)}" for name, said in EXPLAINED.items()]
    known = _("{share}  from here on a skill counts as known").format(share=f"{MASTERED:.0%}")
    days = ", ".join(f"{one:g}" for one in DAYS)
    again = _("What was missed comes back after so many days: {days}").format(days=days)
    return [*lines, known, again]
