"""What screens show: lines of tables, counted and sorted by the database.

    store.screens.results(class_id=4, limit=100)     what needs review comes first
    store.screens.items(class_id=4)                  which question, how many right
    store.screens.days(mia.id)                       for streaks and progress

Each call is one query over indexes; ``python -m benchmarks.store`` times them all.
"""

from datetime import datetime

import msgspec

from runtime.marking.mark import Verdict
from runtime.records.store.database import Database
from runtime.records.store.rows import AgeBand, SessionKind

EXCERPT_CHARS = 200
"""More of a question or an answer than a line of a table can hold."""


class LearnerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A learner with what was done so far; ``last`` is the time of the latest answer."""

    id: int
    nickname: str
    avatar: str
    age_band: AgeBand
    answers: int
    correct: int
    to_review: int
    last: datetime | None


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it counts now: a teacher's word before the mark. Texts are cut to an excerpt.

    ``verdict`` is ``None`` while there is no mark.
    """

    answer_id: int
    row_id: str
    learner_id: int | None
    nickname: str | None
    item_id: int
    question: str
    text: str
    attempt: int
    verdict: Verdict | None
    score: float | None
    max_score: float | None
    confidence: float | None
    needs_review: bool
    overridden: bool
    misconception: str | None
    at: datetime


class ItemLine(msgspec.Struct, frozen=True, kw_only=True):
    """A question over all its answers; ``mean_share`` is the mean share of the points, 0..1."""

    item_id: int
    question: str
    answers: int
    correct: int
    partial: int
    incorrect: int
    unmarked: int
    to_review: int
    mean_share: float | None


class MisconceptionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A known misconception: in how many answers of how many learners to which question."""

    misconception: str
    item_id: int
    answers: int
    learners: int


class DayLine(msgspec.Struct, frozen=True, kw_only=True):
    """A learner's day, by the calendar of this machine (YYYY-MM-DD)."""

    day: str
    answers: int
    correct: int


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A session with how far its marking is."""

    id: int
    kind: SessionKind
    set_name: str | None
    started: datetime
    ended: datetime | None
    answers: int
    pending: int
    to_review: int


class Screens:
    """Questions a screen asks. Each may be narrowed to a session, a class or a learner."""

    def __init__(self, database: Database) -> None:
        """Ask ``database``."""
        self._database = database

    def learners(self, class_id: int | None = None) -> list[LearnerLine]:
        """Return a line for each learner (of a class), by nickname."""
        member = "AND l.id IN (SELECT learner_id FROM members WHERE class_id = ?)"
        values = () if class_id is None else (class_id,)
        sql = _LEARNERS.format(member="" if class_id is None else member)
        return self._database.rows(LearnerLine, sql, values)

    def results(  # noqa: PLR0913
        self,
        *,
        session_id: int | None = None,
        class_id: int | None = None,
        learner_id: int | None = None,
        item_id: int | None = None,
        limit: int = 500,
        offset: int = 0,
    ) -> list[ResultLine]:
        """Return answers: those to review first, the least sure before the surer."""
        where, values = _scope(session_id, class_id, learner_id, item_id)
        return self._database.rows(
            ResultLine, _RESULTS.format(where=where), (*values, limit, offset)
        )

    def items(
        self, *, session_id: int | None = None, class_id: int | None = None
    ) -> list[ItemLine]:
        """Return a line for each question, the one with most trouble first."""
        where, values = _scope(session_id, class_id)
        return self._database.rows(ItemLine, _ITEMS.format(where=where), values)

    def misconceptions(
        self, *, session_id: int | None = None, class_id: int | None = None
    ) -> list[MisconceptionLine]:
        """Return the misconceptions that were found, the commonest first."""
        where, values = _scope(session_id, class_id)
        return self._database.rows(MisconceptionLine, _MISCONCEPTIONS.format(where=where), values)

    def days(self, learner_id: int, limit: int = 60) -> list[DayLine]:
        """Return the days on which a learner practised, the latest first.

        A class set that a teacher took in is no day of practice.
        """
        return self._database.rows(DayLine, _DAYS, (learner_id, limit))

    def sessions(self, class_id: int, limit: int = 50) -> list[SessionLine]:
        """Return the class sets that a class was given, the latest first.

        What its learners study by themselves counts in what the class has done, not as a set.
        """
        return self._database.rows(SessionLine, _SESSIONS, (class_id, limit))


def _scope(
    session_id: int | None = None,
    class_id: int | None = None,
    learner_id: int | None = None,
    item_id: int | None = None,
) -> tuple[str, tuple[int, ...]]:
    given = {
        "r.session_id": session_id,
        "r.class_id": class_id,
        "r.learner_id": learner_id,
        "r.item_id": item_id,
    }
    chosen = {column: value for column, value in given.items() if value is not None}
    return " AND ".join(f"{column} = ?" for column in chosen) or "1", tuple(chosen.values())


_LEARNERS = """
SELECT l.id, l.nickname, l.avatar, l.age_band, count(a.id) AS answers,
    coalesce(sum(iif(o.id IS NULL, m.verdict, o.verdict) = 'correct'), 0) AS correct,
    coalesce(sum(o.id IS NULL AND m.needs_review), 0) AS to_review, max(a.at) AS last
FROM learners AS l LEFT JOIN answers AS a ON a.learner_id = l.id
LEFT JOIN marks AS m ON m.id = a.mark_id LEFT JOIN overrides AS o ON o.id = a.override_id
WHERE l.archived IS NULL {member}
GROUP BY l.id ORDER BY l.nickname COLLATE NOCASE, l.id
"""
_RESULTS = f"""
SELECT r.answer_id, r.row_id, r.learner_id, l.nickname, r.item_id,
    substr(i.question, 1, {EXCERPT_CHARS}) AS question, substr(r.text, 1, {EXCERPT_CHARS}) AS text,
    r.attempt, r.verdict, r.score, r.max_score, r.confidence, r.needs_review, r.overridden,
    r.misconception, r.at
FROM results AS r JOIN items AS i ON i.id = r.item_id LEFT JOIN learners AS l ON l.id = r.learner_id
WHERE r.answer_id IN (SELECT r.answer_id FROM results AS r WHERE {{where}}
    ORDER BY r.needs_review DESC, r.confidence, r.answer_id LIMIT ? OFFSET ?)
ORDER BY r.needs_review DESC, r.confidence, r.answer_id
"""
_ITEMS = f"""
SELECT r.item_id,
    (SELECT substr(question, 1, {EXCERPT_CHARS}) FROM items WHERE id = r.item_id) AS question,
    count(*) AS answers,
    sum(coalesce(r.verdict, '') = 'correct') AS correct,
    sum(coalesce(r.verdict, '') = 'partial') AS partial,
    sum(coalesce(r.verdict, '') = 'incorrect') AS incorrect,
    sum(coalesce(r.verdict, 'unmarked') = 'unmarked') AS unmarked,
    sum(r.needs_review) AS to_review, avg(r.score / nullif(r.max_score, 0)) AS mean_share
FROM results AS r WHERE {{where}} GROUP BY r.item_id ORDER BY mean_share, r.item_id
"""
_MISCONCEPTIONS = """
SELECT r.misconception, r.item_id, count(*) AS answers, count(DISTINCT r.learner_id) AS learners
FROM results AS r WHERE r.misconception IS NOT NULL AND {where}
GROUP BY r.misconception, r.item_id ORDER BY answers DESC, r.misconception, r.item_id
"""
_DAYS = """
SELECT date(r.at, 'localtime') AS day, count(*) AS answers,
    sum(coalesce(r.verdict, '') = 'correct') AS correct
FROM results AS r JOIN sessions AS s ON s.id = r.session_id
WHERE r.learner_id = ? AND s.kind = 'study' GROUP BY day ORDER BY day DESC LIMIT ?
"""
_SESSIONS = """
SELECT s.id, s.kind, q.name AS set_name, s.started, s.ended, count(a.id) AS answers,
    coalesce(sum(a.id IS NOT NULL AND a.mark_id IS NULL), 0) AS pending,
    coalesce(sum(a.override_id IS NULL AND m.needs_review), 0) AS to_review
FROM sessions AS s LEFT JOIN question_sets AS q ON q.id = s.set_id
LEFT JOIN answers AS a ON a.session_id = s.id LEFT JOIN marks AS m ON m.id = a.mark_id
WHERE s.class_id = ? AND s.kind = 'desk' GROUP BY s.id ORDER BY s.id DESC LIMIT ?
"""
