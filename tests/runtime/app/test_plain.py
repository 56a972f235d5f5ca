"""Text of children as a screen may show it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.app.plain import one_line, shown


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\u202ec", "a⟨RLO⟩c"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "⟨9B⟩31m"),
        ("\ud800", "⟨D800⟩"),
        ("[bold]no markup[/]", "[bold]no markup[/]"),
    ],
)
def test_controls_are_seen_and_do_nothing(text: str, drawn: str) -> None:
    assert shown(text) == drawn


@given(st.text())
def test_nothing_is_left_that_could_act(text: str) -> None:
    drawn = shown(text)
    assert not [c for c in drawn if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]
    assert not [c for c in drawn if unicodedata.bidirectional(c) in {"LRO", "RLO", "LRE", "RLE"}]


@given(st.text())
def test_the_short_way_draws_what_the_long_one_does(text: str) -> None:
    text = text.replace("\r\n", "\n")
    assert shown(text) == "".join(map(shown, text))


def test_what_is_cut_off_is_counted() -> None:
    assert shown("x" * 1_000_000, most=3) == "xxx … (+999,997)"


@given(st.text(), st.integers(2, 80))
def test_a_line_is_one_line_and_no_longer(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most
    assert "\n" not in line
