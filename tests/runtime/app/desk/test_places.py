"""Names of files that are suggested."""

from pathlib import Path

import pytest

from runtime.app.screens.desk.places import suggested


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_a_name_has_no_signs_that_a_system_may_refuse(home: Path) -> None:
    assert suggested("Fractions: 1/2 + ½?", ".csv") == str(home / "Fractions-1-2-½.csv")
    assert suggested("../..", ".csv") == str(home / "kindmark.csv")


def test_documents_are_the_place_where_there_are_any(home: Path) -> None:
    (home / "Documents").mkdir()
    assert suggested("a", ".csv") == str(home / "Documents" / "a.csv")


def test_the_file_that_a_set_came_from_is_never_suggested(home: Path) -> None:
    for name in ("week9.csv", "week9-2.csv"):
        (home / name).touch()
    assert suggested("week9", ".csv") == str(home / "week9-3.csv")
