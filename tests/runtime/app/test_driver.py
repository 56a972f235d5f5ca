"""What was typed before the app came is typed into it, and late answers of the terminal are not."""

import pytest

from runtime.app.background import Heard
from runtime.app.driver import Sieve, driver_for

_LATE = b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;22c"


def test_textuals_own_does_where_there_is_no_terminal() -> None:
    assert driver_for(Heard()) is None


_PASTE = b"\x1b[200~a\x1b[15~b\x1bOR\x1b]11;c\x07\x1b[201~"


@pytest.mark.parametrize("cut", range(len(_PASTE) + 1))
def test_control_sequences_in_pasted_text_are_made_visible(cut: int) -> None:
    sieve = Sieve()
    passed = sieve.through(b"x" + _PASTE[:cut]) + sieve.through(_PASTE[cut:] + b"\x1b[A")
    shown = "x\x1b[200~a␛[15~b␛OR␛]11;c\x07\x1b[201~\x1b[A"
    assert (passed + sieve.rest()).decode() == shown


def test_a_megabyte_is_pasted_whole() -> None:
    sieve = Sieve()
    text = b"7 \x1b" * 350_000
    data = b"\x1b[200~" + text + b"\x1b[201~"
    pieces = (sieve.through(data[at : at + 4096]) for at in range(0, len(data), 4096))
    assert b"".join(pieces)[6:-6] == text.replace(b"\x1b", "␛".encode())


@pytest.mark.parametrize("cut", range(len(_LATE) + 1))
def test_a_late_answer_is_held_back_wherever_it_is_cut(cut: int) -> None:
    sieve = Sieve()
    assert sieve.through(b"a" + _LATE[:cut]) + sieve.through(_LATE[cut:] + b"b") == b"ab"


@pytest.mark.parametrize("key", [b"\x1b", b"\x1b[A", b"\x1b[<0;1;1M", b"\x1b]", b"\x1b[?"])
def test_keys_that_begin_alike_come_through(key: bytes) -> None:
    sieve = Sieve()
    assert sieve.through(key) + sieve.rest() == key


def test_no_answer_is_as_long_as_that() -> None:
    sieve = Sieve()
    data = b"\x1b]11;" + b"x" * 100
    assert sieve.through(data) == data
