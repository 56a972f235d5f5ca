"""What a learner has practised, how probably each skill is known, and the numbers behind it.

    app.push_screen(SkillsScreen(line))          a line of the learners of a class

Bayesian knowledge tracing with all its parameters in the open, in the words of the learner's own
page (screens/study/choosing.py).
"""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.widgets.bars import Bar, Bars
from runtime.app.widgets.top_line import TopLine
from runtime.app.widgets.verdicts import percent_words
from runtime.records.store.rows import Mastery
from runtime.records.store.screens import LearnerLine
from runtime.study.mastery import EXPLAINED, MASTERED, PARAMETERS
from runtime.study.skills import skill_name
from runtime.words import N_, _, ngettext


class SkillsScreen(DeskScreen):
    """A learner's skills, the least known first."""

    HELP: ClassVar[str] = N_("""\
# Skills of a learner

Each question trains a skill. After every answer in a study session Kindmark works out how probable
it is that the skill is known (Bayesian knowledge tracing, Corbett and Anderson 1995). A hint or a
second try counts for less than a right answer at once. The skill that is known least comes next in
the learner's sessions.

Answers taken in as a class set do not count here: nobody knows with what help they were written.
""")
    DEFAULT_CSS = """
    SkillsScreen VerticalScroll { padding: 0 2; }
    SkillsScreen .part { margin-top: 1; text-style: bold; }
    """
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, learner: LearnerLine) -> None:
        super().__init__()
        self._learner = learner

    def compose(self) -> ComposeResult:
        """Yield an empty chart and the parameters."""
        yield TopLine(_("Skills of {name}").format(name=one_line(self._learner.nickname, 30)))
        with VerticalScroll():
            yield Static(_("What was practised, and how sure it is"), classes="part")
            yield Static(id="none")
            yield Bars(most=1.0)
            yield Static(_("The numbers behind it"), classes="part")
            yield Static(Content("\n".join(_numbers())))
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show the learner's skills."""
        progress, learner_id = self.app.store.progress, self._learner.id
        skills = await self.app.in_store(lambda: progress.mastery(learner_id))
        skills.sort(key=lambda one: one.known)
        said = "" if skills else _("Nothing yet: this learner has not studied here.")
        self.query_one("#none", Static).update(Content(said))
        self.query_one("#none", Static).display = not skills
        self.query_one(Bars).bars = tuple(map(_bar, skills))


def _bar(one: Mastery) -> Bar:
    tries = ngettext("{count} try", "{count} tries", one.tries).format(count=one.tries)
    right = _("{count} right").format(count=one.correct)
    known = one.known >= MASTERED
    words = " · ".join((f"{percent_words(one.known):>5}", tries, right))
    return Bar(one_line(skill_name(one.skill), 30), one.known, words, known)


def _numbers() -> Iterator[str]:
    """Yield the parameters of the model in words."""
    for name, said in EXPLAINED.items():
        yield f"{percent_words(getattr(PARAMETERS, name)):>5}  {_(said)}"
    known = _("{share}  from here on a skill counts as known (›)")
    yield known.format(share=f"{percent_words(MASTERED):>5}")
