"""A learner's own report: each question with the answer, how it was marked, and words about it.

    write_learner_report(store, scope, learner_id, Path("mia.html"))

One page to print and hand out: praise and next steps first, no ranking, nobody else's work.
"""

from pathlib import Path

import msgspec

from runtime.desk.analysis import title_of
from runtime.desk.answered import Answered, answered
from runtime.desk.scope import Scope
from runtime.desk.writing_files import write_whole
from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.words import N_, _, current, ngettext, number

_HERE = Path(__file__).parent
_STYLE = _HERE.parent / "report" / "page.css"

_SAID = {
    Verdict.CORRECT: N_("right"),
    Verdict.PARTIAL: N_("partly right"),
    Verdict.INCORRECT: N_("not right yet"),
    Verdict.UNMARKED: N_("not marked"),
}


class _Sheet(msgspec.Struct, frozen=True):
    """A question with what stands below it, as pairs of a name and words."""

    question: str
    lines: tuple[tuple[str, str], ...]


def learner_html(store: Store, scope: Scope, learner_id: int) -> str:
    """Return the page. Raises ``BadInputError`` if the learner has no answer in the scope."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - takes time
    from markupsafe import Markup  # noqa: PLC0415

    name = store.learners.get(learner_id).nickname
    answers = answered(store, scope, learner_id)
    if not answers:
        raise BadInputError(
            _("{name} has no answer here.").format(name=name), _("Choose another learner.")
        )
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("learner_report.html").render(
        language=current(),
        title=_("{name}: {work}").format(name=name, work=title_of(store, scope) or _("my work")),
        lead=_lead(answers),
        sheets=[_sheet(one) for one in answers],
        foot=_("Made by Kindmark on this machine; nothing of it was sent anywhere."),
        style=Markup(_STYLE.read_text("utf-8")),
    )


def write_learner_report(store: Store, scope: Scope, learner_id: int, path: Path) -> None:
    """Write the page, whole or not at all. Raises ``BadInputError`` if it cannot be written."""
    write_whole(path, learner_html(store, scope, learner_id).encode("utf-8", errors="replace"))


def _lead(answers: list[Answered]) -> str:
    right = sum(one.verdict is Verdict.CORRECT and not one.needs_review for one in answers)
    unsure = sum(one.needs_review for one in answers)
    if not right and unsure:
        return _waiting(unsure)
    if not right:
        return ngettext(
            "{count} answer, with something to learn from it.",
            "{count} answers, with something to learn from each.",
            len(answers),
        ).format(count=len(answers))
    words = ngettext(
        "{right} of {count} answer is right.", "{right} of {count} answers are right.", len(answers)
    )
    known = words.format(right=right, count=len(answers))
    return f"{known} {_waiting(unsure)}" if unsure else known


def _waiting(count: int) -> str:
    return ngettext(
        "Your teacher still looks at {count} answer.",
        "Your teacher still looks at {count} answers.",
        count,
    ).format(count=count)


def _sheet(one: Answered) -> _Sheet:
    mark = one.mark
    # Words about a mark that the teacher changed may no longer be true.
    words = mark.feedback if mark and mark.verdict is one.verdict else ""
    lines = (
        (_("Answer"), one.whole.text or _("(empty)")),
        (_("Mark"), _marked(one)),
        (_("Teacher"), one.comment or ""),
        (_("Feedback"), "" if one.needs_review else words),
    )
    return _Sheet(one.item.question, tuple(line for line in lines if line[1]))


def _marked(one: Answered) -> str:
    """Return the mark in words; one that is not sure is not told before the teacher saw it."""
    if one.needs_review:
        return _("your teacher still looks at this one")
    verdict = _(_SAID[one.verdict or Verdict.UNMARKED])
    if one.score is None:
        return verdict
    return _("{verdict}, {score} of {most} points").format(
        verdict=verdict, score=number(one.score, "g"), most=number(one.item.scale[1], "g")
    )
