"""What was chosen for the app is kept, and a damaged file is refused in words."""

from pathlib import Path

import pytest

from runtime.app.settings import AppSettings, Colours, keep, read
from runtime.errors import BadInputError


def test_what_is_kept_is_read_again() -> None:
    chosen = AppSettings(language="it", colours=Colours.CONTRAST_DARK, large_text=True)
    keep(chosen)
    assert read() == chosen


def test_without_a_file_it_is_as_it_comes() -> None:
    assert read() == AppSettings()


def test_an_unknown_key_is_named_with_the_nearest(settings_folder: Path) -> None:
    settings_folder.mkdir()
    (settings_folder / "app.toml").write_text("large_txt = true\n")
    with pytest.raises(BadInputError, match="'large_txt'") as caught:
        read()
    assert "'large_text'" in caught.value.remedy


def test_a_folder_that_cannot_be_written(settings_folder: Path) -> None:
    settings_folder.write_text("a file is in the way")
    with pytest.raises(BadInputError, match="cannot be written"):
        keep(AppSettings(large_text=True))


@pytest.mark.parametrize(
    ("chosen", "system", "spoken"),
    [("", "it_IT.UTF-8", "it"), ("en", "it_IT.UTF-8", "en"), ("", "de_DE", "en"), ("", "C", "en")],
)
def test_the_language_is_the_systems_unless_chosen(
    chosen: str, system: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", system)
    assert AppSettings(language=chosen).spoken() == spoken
