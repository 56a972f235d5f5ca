"""Item analysis: which question, which mistake, how many, who.

    analysis = overview(store, Scope(session_id=4))
    analysis.questions[0].facility            0.35: the mean share of the points
    found = mistakes(store, scope, analysis.questions[0].item_id, Likeness(worker))
    found[0].what                             "7/12", given by four learners
    analyse(store, scope, worker)             the overview with the mistakes in every question

The overview is counted in a tenth of a second for ten thousand answers; mistakes have each wrong
answer read, half a millisecond for each.

Facility and discrimination as in classical test theory (Lord and Novick 1968, chapter 15).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import correlation, fmean
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from runtime.desk.alike import by_key, by_meaning
from runtime.desk.answered import Answered, Counted, answered, counted, items_of
from runtime.desk.likeness import Likeness
from runtime.desk.same_answers import as_written, has_wrong_line, same_answer, same_words
from runtime.desk.scope import Scope
from runtime.desk.working import Worker
from runtime.errors import KindmarkError
from runtime.marking.decision import uses_judge
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.words import _

K = TypeVar("K")

FEWEST = 5
"""Learners from which on discrimination says anything."""
MOST_ALIKE = 300
"""Wrong answers to a question whose meanings are compared: more would take minutes."""


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """What several learners got wrong in the same way.

    ``kind`` is "misconception" (a known one), "value" (the same wrong final answer) or "words"
    (answers of like meaning); ``what`` names it or is the commonest of the answers. ``wrong_line``
    says that a line of the working is known to be wrong as well.
    """

    kind: str
    what: str
    answers: int
    learners: tuple[str, ...]
    answer_ids: tuple[int, ...]
    wrong_line: bool = False

    @property
    def words(self) -> str:
        """What went wrong, in words."""
        if not self.wrong_line:
            return self.what
        return _("{answer} (a line of the working is wrong)").format(answer=self.what)


class QuestionAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """A question over its answers.

    ``facility`` is the mean share of the points, ``discrimination`` how far those who do well
    elsewhere do well here (-1..1); ``None`` where there are too few answers to tell.
    """

    item_id: int
    question: str
    reference: str | None
    task: Task
    answers: int
    correct: int
    partial: int
    incorrect: int
    unmarked: int
    to_review: int
    facility: float | None
    discrimination: float | None
    mistakes: tuple[Mistake, ...] = ()


class LearnerAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """A learner over all questions; ``share`` of the points in 0..1, ``missed`` are item ids."""

    learner_id: int | None
    nickname: str
    answers: int
    correct: int
    partial: int
    incorrect: int
    to_review: int
    share: float | None
    missed: tuple[int, ...]


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """A class set, question by question (most trouble first) and learner by learner (by name)."""

    scope: Scope
    title: str
    answers: int
    pending: int
    to_review: int
    overridden: int
    share: float | None
    questions: tuple[QuestionAnalysis, ...]
    learners: tuple[LearnerAnalysis, ...]


def analyse(store: Store, scope: Scope, worker: Worker | None = None) -> Analysis:
    """Return the analysis of a scope.

    With a ``worker``, wrong answers in words are put together by meaning; without one, or where it
    cannot compare, by their words alone.
    """
    found = overview(store, scope)
    likeness = Likeness(worker) if worker else None
    questions = (
        replace(one, mistakes=mistakes(store, scope, one.item_id, likeness))
        for one in found.questions
    )
    return replace(found, questions=tuple(questions))


def overview(store: Store, scope: Scope) -> Analysis:
    """Return the analysis of a scope without what the mistakes were."""
    items = items_of(store, scope)
    found = counted(store, scope, items)
    of_item = _grouped(found, lambda one: one.item_id)
    of_learner = _grouped(found, lambda one: one.learner_id)
    shares = {learner: _shares(of_one) for learner, of_one in of_learner.items()}
    questions = [_question(items[item_id], of_item[item_id], shares) for item_id in of_item]
    return Analysis(
        scope=scope,
        title=title_of(store, scope),
        answers=len(found),
        pending=sum(not one.marked for one in found),
        to_review=sum(one.needs_review for one in found),
        overridden=sum(one.overridden for one in found),
        share=_mean(one.share for one in found),
        questions=tuple(sorted(questions, key=_trouble)),
        learners=tuple(sorted(map(_learner, of_learner.values()), key=_name)),
    )


def mistakes(
    store: Store, scope: Scope, item_id: int, likeness: Likeness | None = None
) -> tuple[Mistake, ...]:
    """Return what went wrong in one question of a scope, the commonest first.

    With ``likeness`` it may wait for the marking process.
    """
    return tuple(_mistakes(answered(store, scope, item_id=item_id, missed=True), likeness))


def title_of(store: Store, scope: Scope) -> str:
    """Return what a scope is called: its set, its class, or "" for all there is."""
    if scope.session_id is not None:
        session = store.sessions.get(scope.session_id)
        return store.sets.get(session.set_id).name if session.set_id is not None else ""
    return store.classes.get(scope.class_id).name if scope.class_id is not None else ""


_Shares = dict[int, float]
"""The share of the points by item."""


def _question(
    item: Item, answers: Sequence[Counted], shares: dict[int | None, _Shares]
) -> QuestionAnalysis:
    verdicts = Counter(one.verdict for one in answers)
    item_id = answers[0].item_id
    return QuestionAnalysis(
        item_id=item_id,
        question=item.question,
        reference=item.reference,
        task=item.task,
        answers=len(answers),
        correct=verdicts[Verdict.CORRECT],
        partial=verdicts[Verdict.PARTIAL],
        incorrect=verdicts[Verdict.INCORRECT],
        unmarked=verdicts[Verdict.UNMARKED] + verdicts[None],
        to_review=sum(one.needs_review for one in answers),
        facility=_mean(one.share for one in answers),
        discrimination=_discrimination(item_id, shares),
    )


def _discrimination(item_id: int, shares: dict[int | None, _Shares]) -> float | None:
    """Return the correlation of this item with the rest of the test (Henrysson 1963)."""
    pairs = [
        (own[item_id], fmean(share for other, share in own.items() if other != item_id))
        for learner, own in shares.items()
        if learner is not None and item_id in own and len(own) > 1
    ]
    here, rest = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if len(pairs) < FEWEST or len(set(here)) == 1 or len(set(rest)) == 1:
        return None
    return correlation(here, rest)


def _mistakes(wrong: Sequence[Answered], likeness: Likeness | None) -> list[Mistake]:
    known = [one for one in wrong if one.misconception]
    other = [one for one in wrong if not one.misconception and one.whole.text.strip()]
    found = [
        _mistake("misconception", known[group[0]].misconception or "", [known[at] for at in group])
        for group in by_key([one.misconception for one in known])
    ]
    if other and not uses_judge(other[0].item):
        groups = by_key([same_answer(one.whole, one.mark) if one.mark else None for one in other])
        whats = (as_written([other[at].whole for at in group]) for group in groups)
        named = [("value", what, group) for what, group in zip(whats, groups, strict=True)]
    elif other and other[0].item.task is Task.SHORT_ANSWER:
        groups = _like_groups(other, likeness)
        named = [("words", other[group[0]].whole.text, group) for group in groups]
    else:
        named = []
    found += [_mistake(kind, what, [other[at] for at in group]) for kind, what, group in named]
    return sorted(found, key=lambda one: -one.answers)


def _like_groups(wrong: Sequence[Answered], likeness: Likeness | None) -> list[list[int]]:
    texts = [one.whole.text for one in wrong]
    keys = [same_words(text) for text in texts]
    if likeness is None or len(texts) > MOST_ALIKE or len(set(keys)) < 2:
        return by_key(keys)
    try:
        return by_meaning(keys, likeness.products(texts))
    except KindmarkError:
        # Without the sentence encoder the same words still belong together.
        return by_key(keys)


def _mistake(kind: str, what: str, answers: Sequence[Answered]) -> Mistake:
    names = dict.fromkeys(one.nickname for one in answers if one.nickname)
    return Mistake(
        kind=kind,
        what=what,
        answers=len(answers),
        learners=tuple(names),
        answer_ids=tuple(one.answer_id for one in answers),
        wrong_line=kind == "value" and has_wrong_line(answers[0].mark),
    )


def _learner(answers: Sequence[Counted]) -> LearnerAnalysis:
    verdicts = Counter(one.verdict for one in answers)
    return LearnerAnalysis(
        learner_id=answers[0].learner_id,
        nickname=answers[0].nickname or "",
        answers=len(answers),
        correct=verdicts[Verdict.CORRECT],
        partial=verdicts[Verdict.PARTIAL],
        incorrect=verdicts[Verdict.INCORRECT],
        to_review=sum(one.needs_review for one in answers),
        share=_mean(one.share for one in answers),
        missed=tuple(dict.fromkeys(one.item_id for one in answers if one.missed)),
    )


def _grouped(answers: Iterable[Counted], key: Callable[[Counted], K]) -> dict[K, list[Counted]]:
    groups: dict[K, list[Counted]] = {}
    for one in answers:
        groups.setdefault(key(one), []).append(one)
    return groups


def _shares(answers: Iterable[Counted]) -> _Shares:
    of_item = _grouped((one for one in answers if one.share is not None), lambda one: one.item_id)
    return {
        item_id: _mean(one.share for one in of_one) or 0.0 for item_id, of_one in of_item.items()
    }


def _mean(shares: Iterable[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return fmean(known) if known else None


def _trouble(one: QuestionAnalysis) -> tuple[float, int]:
    return (2.0 if one.facility is None else one.facility, one.item_id)


def _name(one: LearnerAnalysis) -> tuple[bool, str]:
    return (one.learner_id is None, one.nickname.casefold())
