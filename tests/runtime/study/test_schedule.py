"""Spaced review."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from runtime.records.store.rows import Review
from runtime.study.schedule import DAYS, due_first, is_due, next_review

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def review(days: float, due: datetime, item_id: int = 1, lapses: int = 1) -> Review:
    return Review(item_id=item_id, due=due, days=days, lapses=lapses)


def test_what_was_missed_comes_back_tomorrow() -> None:
    found = next_review(None, right=False, now=NOW)
    assert found == (NOW + timedelta(days=1), 1.0, 1)


def test_what_was_right_at_once_does_not_come_back() -> None:
    assert next_review(None, right=True, now=NOW) is None


def test_each_success_puts_it_further_off_until_it_is_known() -> None:
    waits, last = [], review(DAYS[0], NOW)
    while found := next_review(last, right=True, now=last.due):
        waits.append(found.days)
        last = review(found.days, found.due)
    assert tuple(waits) == DAYS[1:]


def test_what_is_right_again_before_it_is_due_waits_as_long_as_before() -> None:
    waiting = review(2.0, NOW + timedelta(days=1))
    assert next_review(waiting, right=True, now=NOW) == (waiting.due, 2.0, 1)


def test_tomorrows_lesson_may_begin_earlier_than_todays() -> None:
    tomorrow = next_review(None, right=False, now=NOW)
    assert tomorrow is not None
    made = review(tomorrow.days, tomorrow.due)
    assert is_due(made, NOW + timedelta(hours=18))
    assert not is_due(made, NOW + timedelta(hours=6))


def test_a_miss_starts_again_and_is_counted() -> None:
    found = next_review(review(8.0, NOW, lapses=2), right=False, now=NOW)
    assert found is not None
    assert (found.days, found.lapses) == (1.0, 3)


def test_the_longest_overdue_comes_first() -> None:
    old = review(1.0, NOW - timedelta(days=5), item_id=7)
    new = review(1.0, NOW - timedelta(hours=1), item_id=8)
    later = review(1.0, NOW + timedelta(hours=20), item_id=9)
    assert due_first([new, later, old], NOW) == [7, 8]


@given(st.sampled_from(DAYS), st.integers(-4000, 4000))
def test_whatever_the_clock_did_nothing_waits_longer_than_its_interval(
    days: float, moved: int
) -> None:
    """A schedule that was made by a clock that was ``moved`` days ahead, or behind."""
    made = review(days, NOW + timedelta(days=moved + days))
    in_time = NOW + timedelta(days=days + 1)
    assert is_due(made, NOW) or is_due(made, in_time)
