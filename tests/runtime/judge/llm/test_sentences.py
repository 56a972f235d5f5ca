"""Sentences are shown when they are whole and good; the rest is kept back."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.llm.sentences import UNFINISHED, Shown


def good(_text: str) -> tuple[str, ...]:
    return ()


def no_numbers(text: str) -> tuple[str, ...]:
    return ("It says a number.",) if any(map(str.isdigit, text)) else ()


def shown(shown: Shown, pieces: Iterable[str]) -> list[str]:
    found = [said for piece in pieces for said in shown.add(piece)]
    return [*found, *shown.end()]


def test_a_sentence_comes_when_the_next_one_begins() -> None:
    text = Shown(good)
    assert list(text.add("Good st")) == []
    assert list(text.add("art.")) == []
    assert list(text.add(" Look")) == ["Good start."]
    assert list(text.add(" again.")) == []
    assert list(text.end()) == [" Look again."]
    assert (text.text, text.fault, text.stands) == ("Good start. Look again.", "", True)


def test_a_number_ends_no_sentence() -> None:
    assert shown(Shown(good), ["You wrote 3.", "5 here. Good."]) == [
        "You wrote 3.5 here.",
        " Good.",
    ]


def test_what_the_budget_cut_is_left_out() -> None:
    text = Shown(good)
    assert shown(text, ["Good start. Look at the"]) == ["Good start."]
    assert text.stands


def test_without_one_whole_sentence_nothing_stands() -> None:
    text = Shown(good)
    assert shown(text, ["Look at the"]) == []
    assert (text.fault, text.stands) == (UNFINISHED, False)


def test_nothing_comes_after_what_is_not_good() -> None:
    text = Shown(no_numbers)
    assert shown(text, ["Good start. It is 5. Look again."]) == ["Good start."]
    assert (text.fault, text.stands) == ("It says a number.", True)


def test_what_was_shown_may_be_too_little() -> None:
    assert not shows("Good start. It is 5.").stands
    assert shows("Good start. Look again. It is 5.").stands
    assert shows("Good start.").stands


def shows(text: str) -> Shown:
    found = Shown(no_numbers, fewest=2)
    shown(found, [text])
    return found


def test_the_same_sentence_comes_once() -> None:
    text = Shown(good)
    assert shown(text, ["Look again. Look again. Look again."]) == ["Look again."]


@given(st.lists(st.text("ab.!? 1", max_size=6), max_size=12))
def test_however_it_comes_the_text_is_the_same(pieces: list[str]) -> None:
    parts, whole = Shown(good), Shown(good)
    assert "".join(shown(parts, pieces)) == parts.text
    shown(whole, ["".join(pieces)])
    assert parts.text == whole.text
