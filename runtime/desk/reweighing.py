"""New marks for the answers to one question, from what the teacher said of some of them.

    found = reweigh(gather(store, answer_id), likeness, calibration)
    found.marks          one for each answer of the question; found.why: why none could change

Maths: the same final answer gets the same mark. Short answers: a Gaussian process over how likely
the judge found each to be right. Essays: one over its scores. Then it is decided as at first.
"""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from runtime.desk.gathering import RECALIBRATED, Asked, Given, Marked
from runtime.desk.heard import Heard
from runtime.desk.likeness import Likeness
from runtime.desk.same_answers import same_answer, same_words
from runtime.desk.scores import score_distribution
from runtime.marking.decision import CERTAIN, UNCALIBRATED, Calibration, Decision, uses_judge
from runtime.marking.feedback import write_feedback
from runtime.marking.item import Task
from runtime.marking.judgement import Judgement
from runtime.marking.mark import Mark, Verdict
from runtime.words import _, noted

OVERRIDES = "overrides"
"""Key of a mark's provenance: the uids of the overrides it was recalibrated by."""

_SAME = noted("The teacher gave this mark to the same answer.")
_LIKE = noted("The teacher's marks of {count} answers to this question were taken into account.")
ENOUGH = 10
"""Scores from which on it is known how far off the others are; with fewer, the teacher sees all."""

_STILL = 1e-3
"""Chances and scores that move by less did not move."""


class Reweighed(msgspec.Struct, frozen=True):
    """A mark for each answer, in order; the marker's own where nothing is known of it."""

    marks: tuple[Mark, ...]
    why: str = ""


def reweigh(asked: Asked, likeness: Likeness, calibration: Calibration) -> Reweighed:
    """Return the marks that follow. May wait for the marking process, and raises its errors."""
    base = [one.base for one in asked.answers]
    if not asked.given:
        return Reweighed(tuple(base), _("No answer to this question was marked by a teacher yet."))
    item = asked.answers[0].item
    if not uses_judge(item):
        found: Mapping[int, Decision] = _same_marks(asked.answers, calibration)
        why = _("No other answer to this question is the same.")
    elif item.task in {Task.ESSAY, Task.RUBRIC}:
        found = _rescored(asked.answers, likeness, calibration)
        why = _("A few more marks are needed before they say something about other texts.")
    else:
        found = _recalibrated(asked.answers, likeness, calibration)
        why = _("Nothing is known of how the other answers were judged.")
    made_by = _made_by(asked)
    marks = [
        _with(one, found[place], made_by) if place in found and not one.given else one.base
        for place, one in enumerate(asked.answers)
    ]
    return Reweighed(tuple(marks), "" if found else why)


def _same_marks(answers: Sequence[Marked], calibration: Calibration) -> dict[int, Decision]:
    """Give the teacher's mark to answers that are the same, unless the teacher was of two minds."""
    keys = [same_answer(one.item, one.base) for one in answers]
    said = _agreed((key, one.given) for key, one in zip(keys, answers, strict=True))
    words = {same_words(one.item.text) for one in answers if one.given}
    found = {}
    for place, (key, one) in enumerate(zip(keys, answers, strict=True)):
        given = said.get(key)
        if given and not one.given:
            read = calibration.maths.get("equal", UNCALIBRATED)
            sure = CERTAIN if same_words(one.item.text) in words else read
            found[place] = _as_given(one, given, max(sure, one.base.confidence), calibration)
    return found


def _agreed(said: Iterable[tuple[Hashable | None, Given | None]]) -> dict[Hashable, Given]:
    found: dict[Hashable, Given] = {}
    divided = set()
    for key, given in said:
        if key is None or given is None or given.verdict is Verdict.UNMARKED:
            continue
        first = found.setdefault(key, given)
        if (first.verdict, first.score) != (given.verdict, given.score):
            divided.add(key)
    return {key: given for key, given in found.items() if key not in divided}


def _as_given(one: Marked, given: Given, sure: float, calibration: Calibration) -> Decision:
    """Decide as the teacher did; what talks to the marker is looked at all the same."""
    aimed = any(finding.kind == "manipulation" for finding in one.base.evidence)
    return Decision(
        verdict=given.verdict,
        score=given.score,
        confidence=sure,
        needs_review=aimed or sure < calibration.review_below,
        reasons=(*one.base.reasons, _SAME),
        traits=dict(one.base.traits),
        distribution=dict(one.base.distribution),
    )


def _recalibrated(
    answers: Sequence[Marked], likeness: Likeness, calibration: Calibration
) -> dict[int, Decision]:
    from runtime.marking.recalibration import recalibrated  # noqa: PLC0415 - numpy takes its time

    heard = Heard(answers)
    known = heard.known()
    if not known or len(known) == len(heard):
        return {}
    before = heard.shares
    after = recalibrated(before, likeness.centred(heard.texts), known)
    same = _shares_of_same(heard, known)
    decisions = {}
    for at, place in enumerate(heard.places):
        share = same.get(same_words(answers[place].item.text), float(after[at]))
        if at not in known and abs(share - before[at]) > _STILL:
            decided = heard.opinions[at].decide(share, calibration)
            decisions[place] = _said(decided, _LIKE.format(count=len(known)))
    return decisions


def _shares_of_same(heard: Heard, known: Mapping[int, float]) -> dict[str, float]:
    """Return by their words what the teacher gave to answers; nobody is surer than ``CERTAIN``."""
    found: dict[str, set[float]] = {}
    for at, given in known.items():
        share = min(CERTAIN, max(1 - CERTAIN, given))
        found.setdefault(same_words(heard.texts[at]), set()).add(share)
    return {words: min(shares) for words, shares in found.items() if len(shares) == 1}


def _rescored(
    answers: Sequence[Marked], likeness: Likeness, calibration: Calibration
) -> dict[int, Decision]:
    from runtime.marking.rescoring import FEWEST, rescored  # noqa: PLC0415 - as above

    heard = Heard(answers)
    known = heard.points()
    if len(known) < FEWEST or len(known) == len(heard):
        return {}
    found = rescored(heard.essays(likeness), known, answers[0].item.scale)
    decisions = {}
    for at, place in enumerate(heard.places):
        if found and at not in known:
            expected = float(found.means[at]), float(found.deviations[at])
            scores = score_distribution(answers[place].item, *expected)
            judgement = Judgement(scores=scores, calibrated=len(known) >= ENOUGH)
            decided = heard.opinions[at].decide_by(judgement, calibration)
            decisions[place] = _said(decided, _LIKE.format(count=len(known)))
    return decisions


def _said(decision: Decision, reason: str) -> Decision:
    return replace(decision, reasons=(*decision.reasons, reason))


def _with(one: Marked, decision: Decision, made_by: Mapping[str, str]) -> Mark:
    """Return the mark with another decision; words for the child follow a new verdict."""
    base = one.base
    if decision.verdict is not base.verdict:
        words = write_feedback(one.item, decision, base.evidence, base.first_wrong_step)
        base = replace(
            base, feedback=words.text, hints=words.hints, socratic_question=words.question
        )
    return replace(
        base,
        verdict=decision.verdict,
        score=decision.score,
        confidence=round(decision.confidence, 4),
        needs_review=decision.needs_review,
        reasons=decision.reasons,
        distribution=decision.distribution,
        judged=decision.judged,
        provenance={**base.provenance, **made_by},
    )


def _made_by(asked: Asked) -> dict[str, str]:
    """Return what makes these marks these: the overrides, and which answers were compared."""
    said = [(one.uid, one.verdict, one.score) for one in asked.given]
    compared = [(one.answer_id, one.base.provenance) for one in asked.answers]
    digest = hashlib.sha256(msgspec.json.encode((said, compared), order="deterministic"))
    uids = " ".join(sorted(one.uid for one in asked.given))
    return {RECALIBRATED: digest.hexdigest(), OVERRIDES: uids}
