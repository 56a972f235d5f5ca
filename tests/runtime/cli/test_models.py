"""``kindmark models``: what each action says, returns and leaves behind."""

import json
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.judge.shelf import own_entries
from tests import tiny_models


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brought")
    return tiny_models.write_gguf(folder / "tiny-f16.gguf", tiny_models.write_sources(folder))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


def test_a_model_comes_and_goes(
    store: Path, gguf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "add", str(gguf), "--name", "mine"]) == ExitCode.DONE
    assert str(store / gguf.name) in capsys.readouterr().err
    assert main(["models", "list", "--json"]) == ExitCode.DONE
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["mine"]["state"], rows["mine"]["quantization"]) == ("ok", "f16")
    assert main(["models", "verify", "mine"]) == ExitCode.DONE
    assert capsys.readouterr().out.split() == ["ok", str(store / gguf.name)]
    assert main(["models", "remove", "mine"]) == ExitCode.DONE
    assert str(store / gguf.name) in capsys.readouterr().err
    assert own_entries(store) == ()


def test_all_that_is_known_of_one(
    store: Path, gguf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "A \x1b[31m[red] title"
    main(["models", "add", str(gguf), "--name", "mine", "--title", title])
    assert main(["models", "show", "mine"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "[red] title" in out
    assert "\x1b" not in out
    assert "sha256" in out
    assert main(["models", "show", "mine", "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["title"] == title


def test_a_damaged_model_is_found(
    store: Path, gguf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["models", "add", str(gguf), "--name", "mine"])
    path = store / gguf.name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert main(["models", "verify"]) == ExitCode.MODEL_UNUSABLE
    assert f"damaged  {path}" in capsys.readouterr().out
    assert main(["doctor", "--json"]) == ExitCode.MODEL_UNUSABLE


def test_what_is_missing_counts_where_it_is_asked_for(store: Path) -> None:
    assert main(["models", "verify"]) == ExitCode.DONE
    assert main(["models", "verify", "qwen3-4b"]) == ExitCode.MODEL_UNUSABLE


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["lst"], "Is 'list' meant?"),
        (["show", "qwen2.5"], "Did you mean 'qwen2.5-1.5b'?"),
        (["show"], "NAME"),
        (["remove", "right-wrong"], "comes with Kindmark"),
        (["remove", "qwen3-4b"], "is not in"),
        (["add", "none.gguf"], "There is no file none.gguf"),
        (["pull", "right-wrong"], "not fetched from the hub"),
        (["list", "--jsn"], "Is '--json' meant?"),
    ],
)
def test_bad_usage_is_explained(
    store: Path, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert main(["models", *argv]) in {ExitCode.BAD_INPUT, ExitCode.MODEL_UNUSABLE}
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out
    assert own_entries(store) == ()


def test_pulling_without_a_network_names_the_way_by_hand(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert main(["models", "pull", "qwen2.5-1.5b"]) == ExitCode.MODEL_UNUSABLE
    assert "kindmark models add FILE --name qwen2.5-1.5b" in capsys.readouterr().err


def test_help_names_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--help"]) == ExitCode.DONE
    out = capsys.readouterr().out
    for action in ("list", "show", "add", "pull", "verify", "calibrate", "remove"):
        assert f"  {action}" in out
    assert main(["models", "pull", "--help"]) == ExitCode.DONE
