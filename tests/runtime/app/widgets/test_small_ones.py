"""Bars, durations, names of files that are completed, and where files are suggested to go."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.app.screens.desk.answer import points
from runtime.app.screens.desk.places import suggested
from runtime.app.widgets.bars import bar
from runtime.app.widgets.durations import duration_words
from runtime.app.widgets.path_input import completed
from runtime.errors import BadInputError


class TestBars:
    @pytest.mark.parametrize(
        ("share", "drawn"),
        [(0.0, "    "), (1.0, "████"), (0.5, "██  "), (0.125, "▌   "), (7.0, "████"), (-1, "    ")],
    )
    def test_a_bar_is_as_long_as_its_share(self, share: float, drawn: str) -> None:
        assert bar(share, 4) == drawn

    @given(st.floats(0, 1), st.integers(1, 60))
    def test_a_bar_always_takes_its_room(self, share: float, width: int) -> None:
        assert len(bar(share, width)) == width


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (59, "59 seconds"), (150, "2 minutes"), (5000, "83 minutes"), (9e3, "2 h")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds).startswith(words)


class TestCompletion:
    def test_a_folder_and_a_fitting_file_are_completed(self, tmp_path: Path) -> None:
        (tmp_path / "sets").mkdir()
        (tmp_path / "sets" / "week.jsonl").touch()
        (tmp_path / "sets" / "weather.png").touch()
        start = str(tmp_path / "se")
        assert completed(start, (".jsonl",)) == str(tmp_path / "sets") + os.sep
        typed = str(tmp_path / "sets" / "we")
        assert completed(typed, (".jsonl",)) == str(tmp_path / "sets" / "week.jsonl")

    @pytest.mark.parametrize("typed", ["", "/", "/none/of/it", "\0", "~nobody-of-this-name/x"])
    def test_what_is_not_there_is_not_completed(self, typed: str) -> None:
        assert completed(typed) is None

    def test_names_with_commands_in_them_are_never_suggested(self, tmp_path: Path) -> None:
        (tmp_path / "a\x1b[31m.jsonl").touch()
        assert completed(str(tmp_path / "a")) is None


class TestPlaces:
    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("Fractions, test 2", "Fractions-test-2.csv"),
            ("../../x", "x.csv"),
            ("??", "kindmark.csv"),
        ],
    )
    def test_a_name_becomes_harmless(self, name: str, file: str) -> None:
        assert Path(suggested(name, ".csv")).name == file


class TestPoints:
    @pytest.mark.parametrize(("typed", "value"), [("2", 2.0), ("2,5", 2.5), (" 0.5 ", 0.5)])
    def test_points_may_have_a_comma(self, typed: str, value: float) -> None:
        assert points(typed) == value

    def test_what_is_no_number_is_refused_by_name(self) -> None:
        with pytest.raises(BadInputError, match="many"):
            points("many")
