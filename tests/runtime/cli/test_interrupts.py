"""Ctrl-C is noted where it can be, and nothing is left changed behind."""

import signal
import threading
from collections.abc import Iterator

import pytest

from runtime.cli.interrupts import noticed
from runtime.judge.decoding.branches import StoppedError


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Hear Ctrl-C, also where the tests themselves run behind a shell that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_is_noted_once_and_raised_the_second_time() -> None:
    with noticed() as interrupt:
        assert not interrupt.asked()
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_what_comes_after_it_is_not_begun() -> None:
    with noticed() as interrupt:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.guarded(lambda: pytest.fail("this was begun"))


def test_being_stopped_is_an_interruption() -> None:
    def stop() -> None:
        raise StoppedError

    with noticed() as interrupt, pytest.raises(KeyboardInterrupt):
        interrupt.guarded(stop)


def test_the_handler_before_is_there_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    with noticed():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_where_it_is_ignored_it_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with noticed() as interrupt:
            signal.raise_signal(signal.SIGINT)
            assert not interrupt.asked()
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_leaves_signals_alone() -> None:
    found: list[bool] = []

    def work() -> None:
        with noticed() as interrupt:
            found.append(interrupt.asked())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [False]
