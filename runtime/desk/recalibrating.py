"""What the teacher's marks say about the other answers to the same question: shown, then applied.

    recalibrator = Recalibrator(store, Likeness(worker), calibration)
    found = recalibrator.foresee(answer_id)
    for change in found.changes: change.before.verdict, change.after.verdict
    recalibrator.apply(found, steps)

A mark that the teacher gave or accepted is never changed. A new mark says in its provenance which
overrides it comes from; what the marker said first stays in the history of the answer.
"""

import msgspec

from runtime.desk.gathering import Asked, Marked, gather
from runtime.desk.likeness import Likeness
from runtime.desk.reweighing import Reweighed, reweigh
from runtime.desk.undoing import Steps
from runtime.errors import BadInputError
from runtime.marking.decision import Calibration
from runtime.marking.mark import Mark
from runtime.records.store import Store
from runtime.words import _, ngettext

NOTICED = 0.005
"""A confidence that moves by less looks the same on every screen."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A mark that another one would take the place of."""

    answer_id: int
    row_id: str
    learner: str | None
    text: str
    before: Mark
    after: Mark
    mark_id: int

    @property
    def is_seen(self) -> bool:
        """Whether verdict or score change, and not only how sure they are."""
        before, after = self.before, self.after
        return (before.verdict, before.score) != (after.verdict, after.score)


class Recalibration(msgspec.Struct, frozen=True, kw_only=True):
    """What would change in the answers to one question; nothing has changed yet.

    ``changes`` get another verdict or score; ``surer`` keep theirs with another confidence, or need
    no review any more (or now do). ``why`` says in words why nothing can be said, or is "".
    """

    item_id: int
    answer_id: int
    question: str
    known: int
    """Answers to this question that the teacher has marked."""
    changes: tuple[Change, ...]
    surer: tuple[Change, ...]
    overrides: frozenset[str]
    why: str = ""

    @property
    def settled(self) -> int:
        """How many answers less need review."""
        both = (*self.changes, *self.surer)
        return sum(one.before.needs_review - one.after.needs_review for one in both)


class Recalibrator:
    """Foresees and applies."""

    def __init__(self, store: Store, likeness: Likeness, calibration: Calibration | None) -> None:
        """Work on ``store``; meanings are compared by ``likeness``.

        Without a calibration the one that ships is read when it is first needed.
        """
        self._store, self._calibration = store, calibration
        self._likeness = likeness

    def foresee(self, answer_id: int) -> Recalibration:
        """Find what would change. May wait seconds for the marking process, and raises its errors.

        Raises ``BadInputError`` if the answer is gone.
        """
        asked = gather(self._store, answer_id)
        if self._calibration is None:
            from runtime.judge.calibration import load_calibration  # noqa: PLC0415 - takes its time

            self._calibration = load_calibration()
        found = reweigh(asked, self._likeness, self._calibration)
        changes = _changes(asked, found)
        return Recalibration(
            item_id=asked.item_id,
            answer_id=answer_id,
            question=asked.question,
            known=len(asked.given),
            changes=tuple(one for one in changes if one.is_seen),
            surer=tuple(one for one in changes if not one.is_seen),
            overrides=frozenset(one.uid for one in asked.given),
            why=found.why,
        )

    def apply(self, found: Recalibration, steps: Steps) -> int:
        """Keep the new marks and return how many.

        Raises ``BadInputError`` if marks were changed since ``found``: the teacher has not seen
        what would come of it now.
        """
        both = (*found.changes, *found.surer)
        if not both:
            return 0
        with self._store.database.write():
            self._check(found, both)
            self._store.marks.add_many((one.answer_id, one.after) for one in both)
        what = ngettext(
            "{count} mark followed the teacher's.",
            "{count} marks followed the teacher's.",
            len(both),
        )
        steps.done(
            what.format(count=len(both)),
            lambda: self._store.marks.add_many((one.answer_id, one.before) for one in both),
        )
        return len(both)

    def _check(self, found: Recalibration, both: tuple[Change, ...]) -> None:
        now = gather(self._store, found.answer_id)
        marks = {one.answer_id: one.mark_id for one in now.answers if not one.given}
        same = frozenset(one.uid for one in now.given) == found.overrides
        if not same or any(marks.get(one.answer_id) != one.mark_id for one in both):
            raise BadInputError(
                _("Marks were changed since this was worked out."), _("Look at it again first.")
            )


def _changes(asked: Asked, found: Reweighed) -> list[Change]:
    """Return where a mark differs from the one that stands there, the largest change first."""
    pairs = zip(asked.answers, found.marks, strict=True)
    changes = [_change(one, mark) for one, mark in pairs if not one.given and _differs(one, mark)]
    return sorted(changes, key=lambda one: -abs(one.after.confidence - one.before.confidence))


def _differs(one: Marked, after: Mark) -> bool:
    before = one.mark
    seen = (before.verdict, before.score, before.needs_review)
    labels = {*before.distribution, *after.distribution}
    pairs = [(before.distribution.get(x, 0.0), after.distribution.get(x, 0.0)) for x in labels]
    pairs.append((before.confidence, after.confidence))
    moved = any(abs(now - then) > NOTICED for now, then in pairs)
    return moved or seen != (after.verdict, after.score, after.needs_review)


def _change(one: Marked, after: Mark) -> Change:
    return Change(
        answer_id=one.answer_id,
        row_id=one.item.id,
        learner=one.learner,
        text=one.item.text,
        before=one.mark,
        after=after,
        mark_id=one.mark_id,
    )
