"""Calibrates an open model on answers that teachers labelled: judged as in marking, then fitted.

    gathered = gather(opened.model, Labelled(items, labels, questions), rates)
    for lot in gathered.lots:
        calibrated = calibrate(lot)
        calibrated.scaling, calibrated.before, calibrated.after

An adapter and a prompt are a lot of their own. What code alone decides is put to no model, and
counts for nothing here. Open the model with ``Options(cascade=False, fitted=False)``.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from runtime.judge.llm.fits import Scaling, trained_scaling
from runtime.judge.llm.fitting import PLAIN, Figures, cross_validated, fit, majority, measured
from runtime.judge.llm.judge import LlmJudge
from runtime.judge.llm.labelled import Answer, Labels
from runtime.judge.llm.subjects import Group
from runtime.marking import maths
from runtime.marking.decision import Calibration
from runtime.marking.drafts import Draft, drafted
from runtime.marking.item import Item
from runtime.marking.judgement import Judgement
from runtime.marking.mark import Verdict

FEWEST = 30
"""Labelled answers that the model judged from which a temperature is worth fitting: of fewer, the
figures beside it are noise."""


class Labelled(NamedTuple):
    """Items, what a teacher said of each (a verdict or a score), and which question it answers."""

    items: Sequence[Item]
    labels: Sequence[Verdict | float]
    questions: Sequence[str]


class Lot(NamedTuple):
    """Answers that one subject was asked about with one prompt."""

    group: Group
    answers: tuple[Answer, ...]

    @property
    def refusal(self) -> str:
        """Why nothing can be fitted to it; "" if it can."""
        if self.group.subject.head:
            return "It judges with a head, which was calibrated as it was converted."
        if len(self.answers) < FEWEST:
            return f"{FEWEST} labelled answers that the model judges are the least."
        labels = {str(one) for one in Labels(self.answers).known}
        if len(labels) < 2:
            return "All answers have the same label, so nothing tells sure from unsure."
        return ""


class Gathered(NamedTuple):
    """What was judged. Code ``decided`` so many answers alone, and so many could not be asked."""

    lots: tuple[Lot, ...]
    decided: int
    unasked: int


class Calibrated(NamedTuple):
    """A fit with what it helps: ``before`` is with what training fitted, if it did. ``after`` and
    ``majority`` are each of questions left out."""

    scaling: Scaling
    before: Figures
    after: Figures
    majority: Figures


def gather(
    judge: LlmJudge,
    labelled: Labelled,
    rates: Calibration,
    done: Callable[[int], None] = lambda _count: None,
) -> Gathered:
    """Judge labelled answers as they are marked; ``done`` is told how many are.

    Raises ``ModelError`` if the model fails or memory is short, ``StoppedError`` if it is stopped.
    """
    with maths.SymbolicChecker() as checker:
        drafts = [drafted(item, checker, rates) for item in labelled.items]
    asked = [at for at, draft in enumerate(drafts) if _is_asked(draft)]
    decided = len(drafts) - len(asked)
    done(decided)
    cases = [drafts[at].case() for at in asked]
    found: dict[int, Judgement] = {}
    for place, judgement in judge.judge_each(cases):
        found[place] = judgement
        done(decided + len(found))
    lots = []
    for group in judge.groups([case.item for case in cases]):
        answers = (_answer(labelled, asked[at], found[at]) for at in group.places)
        lots.append(Lot(group, tuple(one for one in answers if one)))
    return Gathered(tuple(lots), decided, len(asked) - sum(len(lot.answers) for lot in lots))


def calibrate(lot: Lot) -> Calibrated:
    """Fit to all answers of a lot without a refusal, and measure on questions left out."""
    answers = lot.answers
    subject, name = lot.group.subject, lot.group.name
    before = measured(answers, trained_scaling(subject.trained, name) or PLAIN)
    return Calibrated(fit(answers), before, cross_validated(answers), majority(answers))


def _is_asked(draft: Draft) -> bool:
    """Whether a model that reads is asked, as ``Marker`` does."""
    return draft.decision is None or draft.doubt is not None


def _answer(labelled: Labelled, at: int, judgement: Judgement) -> Answer | None:
    found = judgement.verdicts or judgement.scores
    if found is None:
        return None
    is_score = judgement.verdicts is None
    return Answer(labelled.items[at], found, is_score, labelled.labels[at], labelled.questions[at])
