"""Reviewing: which answers to look at first, all there is to see of one, and the teacher's word.

review = Review(store)
lines = review.lines(Scope(session_id=4), Filters(flagged=True), limit=200)
sheet = review.sheet(lines[0].answer_id)
review.change(sheet.answer_id, Verdict.PARTIAL, None, "Unit missing.", steps)
"""

from collections.abc import Iterable, Sequence

import msgspec

from runtime.desk.gathering import RECALIBRATED
from runtime.desk.opinions import opinion
from runtime.desk.scope import Scope
from runtime.desk.undoing import Steps
from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.marking.scores import PARTIAL_CREDIT, graded, on_scale
from runtime.records.store import Store
from runtime.records.store.rows import Override, StoredMark
from runtime.records.store.screens import EXCERPT_CHARS, ResultLine
from runtime.words import _, number

WHO = "desk"
"""Who gave an override, as records have it: the desk is behind the teacher's PIN."""


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which answers to list; what is not given does not count."""

    item_id: int | None = None
    learner_id: int | None = None
    verdict: Verdict | None = None
    flagged: bool = False
    """Only those that need review."""
    overridden: bool | None = None
    search: str = ""
    """Stands in the answer or in the learner's name, in any case."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers of a scope there are, and how many the filters let through."""

    answers: int
    pending: int
    to_review: int
    overridden: int
    matching: int


class Span(msgspec.Struct, frozen=True, order=True):
    """A piece of the answer's text that a finding is about, in code points, end exclusive."""

    start: int
    end: int
    kind: str
    message: str


class Bar(msgspec.Struct, frozen=True):
    """A verdict or a score with its probability in 0..1, as the marker saw it."""

    label: str
    probability: float


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One answer with all that is known of it. ``item.text`` is what the child wrote, exactly."""

    answer_id: int
    item_id: int
    learner: str | None
    attempt: int
    item: Item
    mark: Mark | None
    override: Override | None
    verdict: Verdict | None
    """What counts: the teacher's word before the mark."""
    score: float | None
    spans: tuple[Span, ...]
    bars: tuple[Bar, ...]
    marks: tuple[StoredMark, ...]
    """Every mark it was ever given, in order."""

    @property
    def recalibrated(self) -> bool:
        """Whether the mark was changed by the teacher's marks of other answers."""
        return bool(self.mark and RECALIBRATED in self.mark.provenance)


class _Head(msgspec.Struct, frozen=True):
    item_id: int
    nickname: str | None
    attempt: int
    verdict: Verdict | None
    score: float | None


class Review:
    """Asks the store and writes the teacher's word into it."""

    def __init__(self, store: Store) -> None:
        """Review what is in ``store``."""
        self._store = store

    def lines(self, scope: Scope, filters: Filters, limit: int, offset: int) -> list[ResultLine]:
        """Return a page of answers: to review first, the least sure first, then by question."""
        where, values = _matching(scope, filters)
        sql = _LINES.format(where=where)
        return self._store.database.rows(ResultLine, sql, (*values, limit, offset))

    def order(self, scope: Scope, filters: Filters) -> list[int]:
        """Return the ids of all answers that ``lines`` would list, in its order."""
        where, values = _matching(scope, filters)
        with self._store.database.read() as connection:
            return [answer_id for (answer_id,) in connection.execute(_IDS + where + _ORDER, values)]

    def lines_of(self, answer_ids: Sequence[int]) -> list[ResultLine]:
        """Return these answers in this order; those that are gone are left out."""
        wanted = msgspec.json.encode(answer_ids).decode()
        found = self._store.database.rows(ResultLine, _LINES_OF, (wanted,))
        by_id = {line.answer_id: line for line in found}
        return [by_id[one] for one in answer_ids if one in by_id]

    def counts(self, scope: Scope, filters: Filters) -> Counts:
        """Count the answers of a scope."""
        inside, scoped = scope.where()
        where, values = _matching(scope, filters)
        sql = _COUNTS.format(inside=inside, where=where)
        found = self._store.database.row(Counts, sql, (*values, *scoped))
        assert found is not None
        return found

    def sheet(self, answer_id: int) -> Sheet:
        """Return one answer. Raises ``BadInputError`` if it is not there."""
        item = self._store.answers.item(answer_id)
        head = self._store.database.row(_Head, _HEAD, (answer_id,))
        assert head is not None
        current = self._store.marks.current(answer_id)
        mark = current.mark if current else None
        return Sheet(
            answer_id=answer_id,
            item_id=head.item_id,
            learner=head.nickname,
            attempt=head.attempt,
            item=item,
            mark=mark,
            override=self._store.overrides.current(answer_id),
            verdict=head.verdict,
            score=head.score,
            spans=spans(item, mark),
            bars=bars(item, mark),
            marks=tuple(self._store.marks.history(answer_id)),
        )

    def accept(self, answer_id: int, comment: str, steps: Steps) -> Override:
        """Confirm the mark."""
        made = self._store.overrides.accept(answer_id, who=WHO, comment=comment)
        self._undoable(answer_id, _("A mark was accepted."), steps)
        return made

    def change(
        self,
        answer_id: int,
        verdict: Verdict | None,
        score: float | None,
        comment: str | None,
        steps: Steps,
    ) -> Override:
        """Put verdict, score and comment in the place of the mark; what is not given stays."""
        now = self._store.overrides.current(answer_id)
        found = self._store.marks.current(answer_id)
        counts = now or (found.mark if found else None)
        if verdict is None and score is None:
            if counts is None:
                raise BadInputError(
                    _("This answer has no mark yet."), _("Mark it, or give it a mark.")
                )
            verdict, score = counts.verdict, counts.score
        elif verdict is not Verdict.UNMARKED:
            verdict, score = completed(self._store.answers.item(answer_id), verdict, score)
        words = (now.comment if now else "") if comment is None else comment
        made = self._store.overrides.change(
            answer_id, verdict or Verdict.UNMARKED, score, who=WHO, comment=words
        )
        self._undoable(answer_id, _("A mark was changed."), steps)
        return made

    def _undoable(self, answer_id: int, what: str, steps: Steps) -> None:
        steps.done(what, lambda: self._store.overrides.undo(answer_id))


def completed(
    item: Item, verdict: Verdict | None, score: float | None
) -> tuple[Verdict, float | None]:
    """Return verdict and score where one of them is given.

    Raises ``BadInputError`` for a score off the scale, and for a pair that contradicts itself.
    """
    low, high = item.scale
    if score is None:
        shares = {Verdict.CORRECT: 1.0, Verdict.PARTIAL: PARTIAL_CREDIT, Verdict.INCORRECT: 0.0}
        found = verdict or Verdict.UNMARKED
        return found, on_scale(item, shares[found]) if found in shares else None
    # Written so that NaN is refused as well.
    if not low <= score <= high:
        raise BadInputError(
            _("{score} is not on the scale of this question.").format(score=number(score, "g")),
            _("Give {low} to {high} points.").format(low=number(low, "g"), high=number(high, "g")),
        )
    if verdict not in {None, graded(item, score)}:
        raise BadInputError(
            _("This verdict and {score} points contradict each other.").format(
                score=number(score, "g")
            ),
            _("Only full points are correct, and only no points are incorrect."),
        )
    return graded(item, score), score


def spans(item: Item, mark: Mark | None) -> tuple[Span, ...]:
    """Return what findings point at in the text, in order; they may overlap."""
    found = mark.evidence if mark else ()
    length = len(item.text)
    cut = (
        Span(max(0, one.span[0]), min(length, one.span[1]), one.kind, one.message)
        for one in found
        if one.span
    )
    return tuple(sorted(one for one in cut if one.start < one.end))


def bars(item: Item, mark: Mark | None) -> tuple[Bar, ...]:
    """Return how likely the marker found each verdict or score; nothing where code decided."""
    if mark is None:
        return ()
    if mark.distribution:
        return tuple(Bar(label, share) for label, share in mark.distribution.items())
    found = opinion(item, mark)
    if found is None or found.probability is None:
        return ()
    right = found.probability
    return (Bar(Verdict.CORRECT.value, right), Bar(Verdict.INCORRECT.value, 1 - right))


def _matching(scope: Scope, filters: Filters) -> tuple[str, tuple[int | str, ...]]:
    inside, scoped = scope.where()
    given: Iterable[tuple[str, int | str | None]] = (
        ("r.item_id = ?", filters.item_id),
        ("r.learner_id = ?", filters.learner_id),
        ("r.verdict = ?", filters.verdict.value if filters.verdict else None),
        ("r.needs_review = ?", 1 if filters.flagged else None),
        ("r.overridden = ?", None if filters.overridden is None else int(filters.overridden)),
        (_SEARCH, _pattern(filters.search) if filters.search.strip() else None),
    )
    chosen = [(sql, value) for sql, value in given if value is not None]
    where = " AND ".join((inside, *(sql for sql, _value in chosen)))
    return where, (*scoped, *(value for _sql, value in chosen))


def _pattern(search: str) -> str:
    for special in "\\%_":
        search = search.replace(special, f"\\{special}")
    return f"%{search.strip()}%"


# One value for both places: the answer and the name, parted by what neither can hold.
_SEARCH = r"""r.text || char(31) || coalesce(
    (SELECT nickname FROM learners WHERE id = r.learner_id), '') LIKE ? ESCAPE '\'"""
_ORDER = " ORDER BY r.needs_review DESC, r.confidence, r.item_id, r.answer_id"
_IDS = "SELECT r.answer_id FROM results AS r WHERE "
_COLUMNS = f"""
SELECT r.answer_id, r.row_id, r.learner_id, l.nickname, r.item_id,
    substr(i.question, 1, {EXCERPT_CHARS}) AS question, substr(r.text, 1, {EXCERPT_CHARS}) AS text,
    r.attempt, r.verdict, r.score, r.max_score, r.confidence, r.needs_review, r.overridden,
    r.misconception, r.at
FROM results AS r JOIN items AS i ON i.id = r.item_id LEFT JOIN learners AS l ON l.id = r.learner_id
"""
_LINES = f"""
{_COLUMNS} WHERE r.answer_id IN ({_IDS} {{where}} {_ORDER} LIMIT ? OFFSET ?) {_ORDER}
"""
_LINES_OF = f"{_COLUMNS} WHERE r.answer_id IN (SELECT value FROM json_each(?))"
_COUNTS = """
SELECT count(*) AS answers, coalesce(sum(r.marked_as IS NULL), 0) AS pending,
    coalesce(sum(r.needs_review), 0) AS to_review, coalesce(sum(r.overridden), 0) AS overridden,
    (SELECT count(*) FROM results AS r WHERE {where}) AS matching
FROM results AS r WHERE {inside}
"""
_HEAD = """
SELECT r.item_id, l.nickname, r.attempt, r.verdict, r.score FROM results AS r
LEFT JOIN learners AS l ON l.id = r.learner_id WHERE r.answer_id = ?
"""
