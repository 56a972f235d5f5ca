"""``kindmark bundle``: what it says, and how it ends."""

from pathlib import Path

import pytest

from runtime.bundle.trust import fingerprint, read_public
from runtime.cli.main import main
from runtime.errors import ExitCode
from tests.test_house import imported


@pytest.fixture
def key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "school.key"
    assert main(["bundle", "key", str(path)]) == ExitCode.DONE
    said = capsys.readouterr()
    assert said.out == fingerprint(read_public(tmp_path / "school.pub")) + "\n"
    assert "keep it to yourself" in said.err
    return path


def test_help_has_examples_and_imports_nothing_heavy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "--help"]) == ExitCode.DONE
    assert "examples:\n  kindmark bundle key" in capsys.readouterr().out
    code = "from runtime.cli.main import main; main(['bundle', '--help'])"
    assert not imported(code) & {"llama_cpp", "numpy", "cryptography", "gguf", "sympy"}


def test_there_and_back(key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items, out = tmp_path / "week1.jsonl", tmp_path / "b.kindmark"
    items.write_text('{"id": "1"}\n')
    options = ["--key", str(key), "--no-wheels", "--models", "--items", str(items)]
    assert main(["bundle", "export", str(out), *options]) == ExitCode.DONE
    assert "Fingerprint of the key: " in capsys.readouterr().err
    trust = ["--trust", str(tmp_path / "school.pub")]
    assert main(["bundle", "show", str(out), *trust]) == ExitCode.DONE
    assert "for any machine" in capsys.readouterr().out
    into = ["--store", str(tmp_path / "m"), "--to", str(tmp_path / "to")]
    assert main(["bundle", "import", str(out), *trust, *into]) == ExitCode.DONE
    assert capsys.readouterr().out == f"{tmp_path / 'to' / 'items' / 'week1.jsonl'}\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "the following arguments are required: ACTION"),
        (["exprt"], "Is 'export' meant?"),
        (["import", "x"], "the following arguments are required: --trust"),
        (["import", "x", "--trust", "abc"], "neither a fingerprint nor a public key file"),
        (["import", "no-such-file", "--trust", "0" * 32], "no-such-file cannot be read"),
        (["export", "x", "--key", "no.key"], "no.key cannot be read"),
        (["export", "x", "--key", "k", "--wheels", "d", "--no-wheels"], "not allowed with"),
        (["key", ""], "the name is empty"),
    ],
)
def test_what_is_wrong_is_said(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bundle", *argv]) == ExitCode.BAD_INPUT
    found = capsys.readouterr()
    assert said in found.err
    assert found.out == ""


def test_a_folder_without_wheels(key: Path, tmp_path: Path) -> None:
    out = tmp_path / "b"
    options = ["--key", str(key), "--models", "--wheels", str(tmp_path)]
    assert main(["bundle", "export", str(out), *options]) == ExitCode.BAD_INPUT
    assert not out.exists()


def test_a_bundle_cannot_be_written_everywhere(
    key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--key", str(key), "--models", "--no-wheels"]
    out = tmp_path / "no-folder" / "b"
    assert main(["bundle", "export", str(out), *options]) == ExitCode.BAD_INPUT
    assert "There is no folder" in capsys.readouterr().err
