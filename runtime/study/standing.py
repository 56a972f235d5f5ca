"""Where a question of a session stands: its tries, what is said of them, hints taken and left.

    standing = Standing(store, session_id, question, band)
    standing.card(), standing.hints_left()

What counts of a mark is what counts now: a teacher's word comes before it.
"""

import msgspec

from runtime.marking.ages import Band
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store
from runtime.records.store.rows import Answer, Override, SetItem
from runtime.study.card import Card, card_of
from runtime.study.hints import Hint, Rung, ladder
from runtime.study.turn import Spot, spot_of


class Standing(msgspec.Struct, frozen=True):
    """One question of one session, as the records have it."""

    store: Store
    session_id: int
    question: SetItem
    band: Band

    def answers(self) -> list[Answer]:
        """Return the tries, in order."""
        every = self.store.answers.of_session(self.session_id)
        return [one for one in every if one.item_id == self.question.item_id]

    def card(self, answer: Answer) -> Card | None:
        """Return what is said of a try; ``None`` while it has no mark."""
        mark = mark_as_it_stands(self.store, answer)
        if mark is None:
            return None
        item, by_teacher = self.store.answers.item(answer.id), answer.override_id is not None
        return card_of(item, mark, self.band, by_teacher=by_teacher)

    def ladder(self) -> tuple[Hint, ...]:
        """Return all hints there are now; the solution comes after a try, not instead of one."""
        item, mark = self._latest()
        hints = ladder(item, mark, self.band)
        return hints if mark else tuple(one for one in hints if one.rung < Rung.SOLUTION)

    def hints_taken(self) -> tuple[str, ...]:
        """Return the hints that were shown, in order."""
        found = self.store.sessions.hints(self.session_id, self.question.item_id)
        return tuple(one.text for one in found)

    def next_rung(self) -> int:
        """Return the rung that comes next."""
        found = self.store.sessions.hints(self.session_id, self.question.item_id)
        return max((one.rung + 1 for one in found), default=int(Rung.NUDGE))

    def _latest(self) -> tuple[Item, Mark | None]:
        """Return the question with its latest marked answer, and that mark."""
        marked = [one for one in self.answers() if one.mark_id]
        if not marked:
            return self.question.item, None
        return self.store.answers.item(marked[-1].id), mark_as_it_stands(self.store, marked[-1])


def mark_as_it_stands(store: Store, answer: Answer) -> Mark | None:
    """Return the mark of an answer with the teacher's word in the place of its verdict."""
    found = store.marks.current(answer.id)
    given = store.overrides.current(answer.id) if answer.override_id else None
    if found is None or given is None:
        return found.mark if found else None
    return _overridden(found.mark, given)


def _overridden(mark: Mark, given: Override) -> Mark:
    if given.verdict is mark.verdict:
        return msgspec.structs.replace(mark, needs_review=False, score=given.score)
    # What code found in the answer was said of another verdict.
    return msgspec.structs.replace(
        mark,
        verdict=given.verdict,
        score=given.score,
        confidence=1.0,
        needs_review=False,
        evidence=(),
        first_wrong_step=None,
        provenance={},
    )


def trail_of(store: Store, session_id: int, asked: list[int], total: int) -> tuple[Spot, ...]:
    """Return how far each question of a session is, those to come included."""
    latest = {one.item_id: one for one in store.answers.of_session(session_id)}
    verdicts = store.sessions.verdicts(session_id)
    spots = [_spot(latest.get(item_id), verdicts) for item_id in asked]
    return (*spots, *([Spot.AHEAD] * (total - len(spots))))


def _spot(answer: Answer | None, verdicts: dict[int, Verdict]) -> Spot:
    return spot_of(answer, verdicts.get(answer.id) if answer else None)
