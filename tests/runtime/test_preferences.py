"""What a user chose for good: written whole, read strictly."""

from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import BadInputError, ExitCode
from runtime.preferences import Preferences, keep, preferences
from tests.runtime.judge.llm.judging import chat_path

__all__ = ["chat_path"]


@pytest.fixture(autouse=True)
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def written(folder: Path, text: str) -> Path:
    folder.mkdir()
    path = folder / "settings.toml"
    path.write_text(text)
    return path


def test_without_a_file_the_embedded_default_marks(settings_folder: Path) -> None:
    assert preferences() == Preferences(model="")


def test_what_is_kept_is_read_again(settings_folder: Path) -> None:
    path = keep(Preferences(model='a "strange" name'))
    assert path.parent == settings_folder
    assert preferences().model == 'a "strange" name'
    keep(Preferences())
    assert preferences().model == ""
    assert [one.name for one in settings_folder.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ('modle = "x"', "there is no setting 'modle'", "'model'"),
        ("model = 3", "Expected `str`, got `int`", "kindmark models use"),
        ("model =", "is no TOML", "kindmark models use"),
    ],
)
def test_a_damaged_file_names_what_is_wrong(
    settings_folder: Path, text: str, message: str, remedy: str
) -> None:
    path = written(settings_folder, text)
    with pytest.raises(BadInputError) as caught:
        preferences()
    assert str(path) in caught.value.message
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_folder_that_cannot_be_written(
    settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_folder.write_text("a file stands where the folder should")
    with pytest.raises(BadInputError) as caught:
        keep(Preferences(model="x"))
    assert "--model" in caught.value.remedy


class TestModelsUse:
    def test_a_file_is_kept_by_its_whole_path(
        self, chat_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(chat_path.parent)
        assert main(["models", "use", chat_path.name]) == ExitCode.DONE
        assert preferences().model == str(chat_path)
        assert f"From now on {chat_path} marks" in capsys.readouterr().err

    def test_the_list_names_a_file_that_marks(
        self, chat_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        keep(Preferences(model="mine.gguf"))
        assert main(["models", "list"]) == ExitCode.DONE
        assert "mine.gguf marks unless another is named" in capsys.readouterr().out

    def test_back_to_what_comes_with_kindmark(self, chat_path: Path) -> None:
        main(["models", "use", str(chat_path)])
        assert main(["models", "use", "--default"]) == ExitCode.DONE
        assert preferences().model == ""

    def test_the_list_shows_which(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "list"]) == ExitCode.DONE
        out = capsys.readouterr().out
        assert "minilm-marker *" in out
        assert "qwen3-4b *" not in out

    @pytest.mark.parametrize("argv", [[], ["x", "--default"]])
    def test_one_or_the_other(self, argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "use", *argv]) == ExitCode.BAD_INPUT
        assert "give a name, or --default" in capsys.readouterr().err

    def test_a_model_that_is_not_here(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "use", "qwen2.5-1.5b"]) == ExitCode.MODEL_UNUSABLE
        assert "kindmark models pull qwen2.5-1.5b" in capsys.readouterr().err
        assert preferences().model == ""
