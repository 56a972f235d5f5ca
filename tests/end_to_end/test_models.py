"""Model files that cannot be used: what the command says, and that it leaves nothing behind."""

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.judge.embedded import MODEL_FILE


def _gguf_of(architecture: bytes) -> bytes:
    key = b"general.architecture"
    entry = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, len(architecture))
    # Padded as the format asks for: an empty part for tensors starts at a multiple of 32.
    return (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + entry + architecture).ljust(96, b"\0")


def _missing(path: Path, sound: Path) -> None:
    pass


def _empty(path: Path, sound: Path) -> None:
    path.touch()


def _cut(path: Path, sound: Path) -> None:
    data = sound.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _no_gguf(path: Path, sound: Path) -> None:
    path.write_text("<html>This is a login page.</html>" * 100)


def _other_network(path: Path, sound: Path) -> None:
    path.write_bytes(_gguf_of(b"llama"))


def _folder(path: Path, sound: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "message", "force"),
    [
        (_missing, "There is no model at", False),
        (_empty, "is empty", True),
        (_cut, "its tensors are cut short", True),
        (_no_gguf, "does not begin with GGUF", True),
        (_other_network, "is a 'llama' model; needed is bert", True),
        (_folder, "is not a file", True),
    ],
)
def test_says_what_mends_it_and_writes_nothing(
    *,
    store: Path,
    rows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path, Path], None],
    message: str,
    force: bool,
) -> None:
    folder, out = tmp_path / "store", tmp_path / "marks.jsonl"
    folder.mkdir()
    make(folder / MODEL_FILE, store / MODEL_FILE)
    monkeypatch.setenv("KINDMARK_MODELS", str(folder))
    assert main(["grade", str(rows), "-o", str(out)]) == ExitCode.MODEL_UNUSABLE
    captured = capsys.readouterr()
    assert message in captured.err
    assert str(folder / MODEL_FILE) in captured.err
    assert captured.err.endswith(f"kindmark convert default{' --force' * force}\n")
    assert not out.exists()
    assert main(["doctor"]) == ExitCode.MODEL_UNUSABLE
    assert "kindmark convert default" in capsys.readouterr().out


def test_marks_made_before_stay_when_the_model_goes(
    store: Path, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "marks.jsonl"
    argv = ["grade", str(rows), "-o", str(out), "--quiet"]
    main([*argv, "--limit", "6"])
    before = out.read_bytes()
    shutil.copytree(store, tmp_path / "empty", ignore=lambda *_: [MODEL_FILE])
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path / "empty"))
    assert main(argv) == ExitCode.MODEL_UNUSABLE
    assert out.read_bytes() == before


def test_maths_alone_needs_no_model(
    tmp_path: Path, rows: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path))
    assert main(["grade", str(rows), "--limit", "4", "--quiet"]) == ExitCode.DONE
