"""When a question comes back: after growing intervals, as in Leitner's boxes (1972).

    due = next_review(None, right=False, now=now)          missed: tomorrow
    due = next_review(review, right=True, now=now)         known: in twice the days, then never
    is_due(review, now)

Spacing that grows with each success keeps most for the least practice (Cepeda et al. 2006).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from runtime.records.store.rows import Review

DAYS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Days until a question comes back; after the last of them it is known."""

_SLACK = timedelta(days=1)
_EARLY = timedelta(hours=8)
"""Tomorrow's lesson may begin earlier than today's: what comes back tomorrow is due by then."""


class Due(NamedTuple):
    """When a question comes back; the fields are those the store keeps."""

    due: datetime
    days: float
    lapses: int


def next_review(review: Review | None, *, right: bool, now: datetime) -> Due | None:
    """Return when a question comes back; ``None`` if it need not.

    What was right at the first sight is not scheduled at all; what is right before it is due waits
    on, since only what is remembered after a while is known.
    """
    lapses = review.lapses if review else 0
    if not right:
        return Due(now + timedelta(days=DAYS[0]), DAYS[0], lapses + 1)
    if review and not is_due(review, now):
        return Due(review.due, review.days, lapses)
    longer = [days for days in DAYS if review and days > review.days]
    return Due(now + timedelta(days=longer[0]), longer[0], lapses) if longer else None


def is_due(review: Review, now: datetime) -> bool:
    """Whether a question should come back now.

    One that is due later than its own interval was scheduled by a clock that was ahead: it is asked
    now rather than in years. A clock that was set back only makes it wait as long again.
    """
    ahead = review.due > now + timedelta(days=review.days) + _SLACK
    return review.due - _EARLY <= now or ahead


def due_first(schedule: Iterable[Review], now: datetime) -> list[int]:
    """Return the items that are due, the longest overdue first."""
    waiting = sorted((one for one in schedule if is_due(one, now)), key=lambda one: one.due)
    return [one.item_id for one in waiting]
