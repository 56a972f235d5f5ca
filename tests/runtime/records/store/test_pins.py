"""PINs: wrong tries wait, nothing is revealed, and no clock opens or shuts anything for good."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.records.store import Store, pin_tries, sealed_pin
from runtime.records.store.errors import StoreError
from runtime.records.store.pins import FREE_TRIES, LONGEST_WAIT, PinCheck, Pins


class Ticks:
    """Seconds since the machine was started."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with a small cost: these tests are of the waiting."""
    monkeypatch.setattr(sealed_pin, "_COST", 2)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def desk(store: Store, ticks: Ticks) -> Pins:
    kept = Pins(store.database, ticks)
    kept.set("4711")
    return kept


def fail(kept: Pins, times: int) -> None:
    for _ in range(times):
        kept.check("0000")


def test_the_right_pin_opens(desk: Pins) -> None:
    assert desk.check("4711") == PinCheck(True)
    assert desk.check(" 4711 ") == PinCheck(True)
    assert desk.check("٤٧١١") == PinCheck(True)
    assert not desk.check("4712").right
    assert not desk.check("not a pin").right


def test_a_learner_and_the_desk_have_their_own(store: Store, desk: Pins) -> None:
    mia = store.learners.add("Mia", "owl")
    assert not desk.is_set(mia.id)
    desk.set("2222", mia.id)
    assert store.learners.get(mia.id).has_pin
    assert desk.check("2222", mia.id).right
    assert not desk.check("4711", mia.id).right
    assert not desk.check("2222").right
    desk.remove(mia.id)
    assert desk.is_set()
    with pytest.raises(BadInputError, match="no PIN"):
        desk.check("2222", mia.id)


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1" * 13])
def test_what_is_no_pin_is_refused(store: Store, pin: str) -> None:
    with pytest.raises(BadInputError, match="no PIN"):
        store.pins.set(pin)
    assert not store.pins.is_set()


def test_no_pin_stands_in_the_file(store: Store, desk: Pins, folder: Path) -> None:
    desk.set("86420975")
    store.database.flush()
    assert b"86420975" not in (folder / "records.sqlite3").read_bytes()


def test_while_it_waits_right_and_wrong_look_the_same(desk: Pins) -> None:
    fail(desk, FREE_TRIES)
    right, wrong = desk.check("4711"), desk.check("0000")
    assert right == wrong
    assert not right.right
    assert right.wait > 0


def test_after_the_wait_it_opens_and_all_is_forgotten(desk: Pins, ticks: Ticks) -> None:
    fail(desk, FREE_TRIES)
    ticks.now += desk.wait()
    assert desk.check("4711").right
    fail(desk, FREE_TRIES - 1)
    assert desk.wait() == 0


def test_twenty_wrong_tries_lock_for_five_minutes_at_most(desk: Pins, ticks: Ticks) -> None:
    waits = []
    for _ in range(20):
        ticks.now += desk.wait()
        assert desk.check("0000") == PinCheck(False)
        waits.append(desk.wait())
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    ticks.now += LONGEST_WAIT
    assert desk.check("4711").right


def test_tries_that_come_too_early_do_not_prolong_the_wait(desk: Pins, ticks: Ticks) -> None:
    fail(desk, FREE_TRIES)
    before = desk.wait()
    fail(desk, 50)
    assert desk.wait() == before


@given(days=st.floats(min_value=-4000, max_value=4000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
def test_the_time_of_day_neither_opens_nor_locks(store: Store, days: float) -> None:
    ticks = Ticks()
    kept = Pins(store.database, ticks)
    kept.set("4711")
    fail(kept, FREE_TRIES)
    before = kept.wait()
    store.database.clock.turn(days=days)  # type: ignore[attr-defined]
    assert kept.wait() == before
    assert not kept.check("4711").right
    ticks.now += before
    assert kept.check("4711").right


def test_a_restart_neither_opens_nor_locks(desk: Pins, ticks: Ticks) -> None:
    fail(desk, 30)
    for _ in range(30):
        ticks.now += LONGEST_WAIT
        desk.check("0000")
    # Started a second ago: the whole wait lies ahead, and no more than that.
    ticks.now = 1.0
    assert desk.wait() == LONGEST_WAIT - 1
    assert not desk.check("4711").right
    ticks.now = LONGEST_WAIT
    assert desk.check("4711").right


def test_a_try_counts_before_it_is_compared(desk: Pins, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(sealed_pin, "_hashed", killed)
    for _ in range(FREE_TRIES):
        with pytest.raises(KeyboardInterrupt):
            desk.check("0000")
    assert desk.wait() > 0


@pytest.fixture
def looker(desk: Pins, folder: Path, ticks: Ticks) -> Iterator[Pins]:
    """A second program on the same records, which may only look."""
    with Store.open(folder) as second:
        assert second.read_only
        yield Pins(second.database, ticks)


def test_who_may_only_look_comes_in_with_the_pin(looker: Pins, desk: Pins) -> None:
    assert not looker.check("0000").right
    assert looker.check("4711").right
    fail(looker, FREE_TRIES - 1)
    assert looker.wait() == desk.wait() == 0


def test_tries_of_all_programs_count_together(looker: Pins, desk: Pins, folder: Path) -> None:
    fail(desk, 1)
    fail(looker, FREE_TRIES - 1)
    assert looker.wait() == desk.wait() > 0
    right = looker.check("4711")
    assert right == desk.check("4711") == looker.check("0000")
    assert not right.right
    with Store.open(folder) as third:
        assert Pins(third.database, looker._tick).check("4711") == right


def test_twenty_programs_that_may_only_look_have_no_more_tries_than_one(
    desk: Pins, folder: Path, ticks: Ticks
) -> None:
    looked_at = 0
    for _ in range(20):
        with Store.open(folder) as another:
            looked_at += Pins(another.database, ticks).check("0000").wait == 0
    assert looked_at == FREE_TRIES
    assert desk.wait() > 0


def test_who_is_locked_out_here_is_locked_out_there(looker: Pins, desk: Pins) -> None:
    fail(desk, FREE_TRIES)
    assert not looker.check("4711").right
    assert looker.check("4711").wait == desk.wait()


def test_the_right_pin_in_the_first_program_forgets_all_tries(
    looker: Pins, desk: Pins, ticks: Ticks
) -> None:
    fail(looker, FREE_TRIES)
    ticks.now += desk.wait()
    assert desk.check("4711").right
    fail(looker, FREE_TRIES - 1)
    assert looker.check("4711").right


def test_another_pin_begins_anew(looker: Pins, desk: Pins) -> None:
    fail(looker, FREE_TRIES)
    desk.set("2222")
    assert looker.wait() == 0
    assert looker.check("2222").right


def test_a_restart_neither_opens_nor_locks_where_one_only_looks(looker: Pins, ticks: Ticks) -> None:
    for _ in range(30):
        ticks.now += LONGEST_WAIT
        looker.check("0000")
    ticks.now = 1.0
    assert looker.wait() == LONGEST_WAIT - 1
    assert not looker.check("4711").right
    ticks.now = LONGEST_WAIT
    assert looker.check("4711").right


def test_where_tries_cannot_be_counted_no_pin_is_looked_at(looker: Pins, folder: Path) -> None:
    (folder / pin_tries.FILE).write_bytes(b'{"damaged')
    with pytest.raises(StoreError, match="cannot be counted"):
        looker.check("4711")
    with pytest.raises(StoreError, match="cannot be counted"):
        looker.wait()


def test_the_file_of_tries_holds_nothing_to_guess_with(looker: Pins, folder: Path) -> None:
    fail(looker, 1)
    file = folder / pin_tries.FILE
    [(key, count)] = msgspec.json.decode(file.read_bytes()).items()
    assert len(key) == 32
    assert count[0] == 1
    assert file.stat().st_mode & 0o077 == 0


def test_a_pin_is_put_back_unread(store: Store, desk: Pins) -> None:
    mia = store.learners.add("Mia", "owl")
    sealed = desk.sealed()
    desk.set("2222")
    desk.put_back(sealed)
    assert desk.check("4711").right
    desk.put_back(desk.sealed(mia.id))
    assert not desk.is_set()
