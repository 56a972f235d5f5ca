"""What a child wrote, with what the findings point at."""

from hypothesis import given
from hypothesis import strategies as st

from runtime.app.plain import shown
from runtime.app.widgets.marked_text import Pointer, marked_text, number_words


def pieces(text: str, pointers: list[Pointer]) -> list[str]:
    """Return what is underlined."""
    content = marked_text(text, pointers)
    return [
        content.plain[span.start : span.end]
        for span in content.spans
        if "underline" in str(span.style)
    ]


def test_what_is_pointed_at_is_underlined_and_numbered() -> None:
    pointers = [Pointer(0, 3, "one"), Pointer(8, 11, "two")]
    assert pieces("3/4 and 2/8", pointers) == ["3/4", "2/8"]
    assert marked_text("3/4 and 2/8", pointers).plain == "3/4₁ and 2/8₂"


def test_pointers_that_overlap_have_their_numbers_where_each_ends() -> None:
    pointers = [Pointer(0, 5, "one"), Pointer(2, 5, "two"), Pointer(4, 8, "three")]
    assert marked_text("abcdefghij", pointers).plain == "abcde₁,₂fgh₃ij"


def test_nothing_written_is_said_so() -> None:
    assert marked_text(" \n", []).plain == "(nothing was written)"


def test_markup_is_text_and_commands_are_pictures() -> None:
    assert marked_text("[b]x[/b]\x1b[2J", []).plain == "[b]x[/b]␛[2J"


def test_what_is_too_long_is_cut_and_counted() -> None:
    assert marked_text("a" * 30, [Pointer(5, 29, "long")], most=10).plain.endswith("₁ … (+20)")


def test_numbers_of_two_digits() -> None:
    assert number_words(12) == "₁₂"


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9))))
def test_the_text_stays_whole_whatever_points_at_it(
    text: str, places: list[tuple[int, int]]
) -> None:
    found = [Pointer(start, start + length, "") for start, length in places]
    plain = marked_text(text, found).plain
    unmarked = plain.translate(dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉,")))
    expected = shown(text) if text.strip() else "(nothing was written)"
    drop = dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉,"))
    # Between "\r" and "\n" a pointer may end: then each is drawn by itself.
    assert unmarked.replace("␍", "") == expected.translate(drop).replace("␍", "")
