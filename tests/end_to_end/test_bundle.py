"""A classroom machine: nothing but Python, no network, an empty home; one file on a stick.

The bundle holds the real installing program, Kindmark's own wheel and pip. What Kindmark needs
comes from the Python of the tests, over a wheel that only points there: packing all of it anew
takes half a minute, and ``kindmark bundle export`` without ``--wheels`` does just that.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pytest

from runtime.bundle import importing, reading, wheels
from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.judge import shelf
from runtime.judge.catalogue import sha256
from runtime.judge.embedded import MODEL_FILE
from runtime.locations import shipped_models
from tests.end_to_end.class_sets import IDS
from tests.runtime.bundle.small_wheels import wheel

F16_BYTES = "46_223_456"
"""The size of the default that the shipped catalogue asks for."""


def isolated() -> list[str]:
    """Return what runs a command in a network with nothing in it, where that is allowed."""
    prefix = ["unshare", "--map-root-user", "--net"]
    try:
        done = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [] if done.returncode else prefix


@pytest.fixture(scope="module")
def ours(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue and heads that ship, with the tiny model in the place of the default."""
    folder = tmp_path_factory.mktemp("shipped") / "models"
    shutil.copytree(shipped_models(), folder)
    text = (folder / "catalogue.toml").read_text("utf-8")
    tiny = built_store / MODEL_FILE
    assert F16_BYTES in text
    text = text.replace(F16_BYTES, str(tiny.stat().st_size))
    (folder / "catalogue.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def stick(  # noqa: PLR0917 - what it packs, where, and how it is said
    ours: Path,
    store: Path,
    rows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[Path, str]:
    """A bundle with the default model, a class set and all that installs; and its fingerprint."""
    for module in (wheels, importing, shelf):
        monkeypatch.setattr(module, "shipped_models", lambda: ours)
    house = tmp_path / "wheels"
    house.mkdir()
    packages = Path(str(metadata.distribution("numpy").locate_file("")))
    wheel(house, "elsewhere", {"elsewhere.pth": f"{packages}\n".encode()})
    stick = tmp_path / "a stick"
    stick.mkdir()
    bundle, key = str(stick / "school.kindmark"), str(tmp_path / "school.key")
    assert main(["bundle", "key", key]) == ExitCode.DONE
    fingerprint = capsys.readouterr().out.strip()
    options = ["--key", key, "--wheels", str(house), "--items", str(rows)]
    assert main(["bundle", "export", bundle, *options]) == ExitCode.DONE
    assert capsys.readouterr().out.strip() == sha256(Path(bundle))
    return Path(bundle), fingerprint


def run(command: Sequence[object], home: Path) -> "subprocess.CompletedProcess[str]":
    """Run something with no network and no settings of ours."""
    return subprocess.run(
        [*isolated(), *map(str, command)],
        cwd=home,
        env={"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"},
        capture_output=True,
        check=False,
        text=True,
    )


def _leave_from_before(folder: Path, bundle: Path, fingerprint: str) -> None:
    """Leave what an installation that was killed leaves, and an older version."""
    with reading.check(bundle, fingerprint) as opened:
        stopped = folder / f"env-{opened.digest[:12]}"
    for environment in (stopped, folder / "env-older"):
        (environment / "bin").mkdir(parents=True)
        (environment / "bin" / "python").write_text("half of it")
    (folder / ".kindmark-folder").touch()


def test_a_stick_is_all_it_takes(stick: tuple[Path, str], tmp_path: Path) -> None:
    bundle, fingerprint = stick
    home = tmp_path / "a child's home"
    home.mkdir()
    _leave_from_before(home / "kindmark", bundle, fingerprint)
    done = run([sys.executable, bundle, "install", "--key", fingerprint], home)
    assert done.returncode == ExitCode.DONE, done.stderr
    kindmark = home / "kindmark" / "kindmark"
    assert done.stderr.endswith(f"Kindmark is installed. Start it with: {kindmark}\n")
    assert [path.name for path in home.iterdir()] == ["kindmark"]
    assert len(list((home / "kindmark").glob("env-*"))) == 1

    # From here on the stick is gone, and in the way stands a folder with a name of ours.
    shutil.rmtree(bundle.parent)
    (home / "runtime").mkdir()
    (home / "runtime" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    marks = home / "marks.jsonl"
    marked = run(
        [kindmark, "grade", home / "kindmark" / "items" / "class.jsonl", "-o", marks], home
    )
    assert marked.returncode == ExitCode.SOME_UNMARKED, marked.stderr
    found = [json.loads(line) for line in marks.read_text("utf-8").splitlines()]
    assert [mark["id"] for mark in found] == IDS
    # Judged with the model that came along, not by code alone.
    assert {mark["id"] for mark in found if "model" in mark["provenance"]} >= {"s1", "e1"}
    listed = json.loads(run([kindmark, "models", "list", "--json"], home).stdout)
    assert any(row["path"].startswith(str(home)) and row["state"] == "ok" for row in listed)


class TestRefused:
    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            (b'"id": "m1"', b'"id": "m9"', "items/class.jsonl is not what was signed"),
            (b'"members"', b'"MEMBERS"', "its signature is not right"),
        ],
    )
    def test_an_altered_bundle(
        self, stick: tuple[Path, str], tmp_path: Path, old: bytes, new: bytes, because: str
    ) -> None:
        bundle, fingerprint = stick
        bundle.write_bytes(bundle.read_bytes().replace(old, new))
        self.is_refused(bundle, fingerprint, tmp_path, because)

    def test_another_key(self, stick: tuple[Path, str], tmp_path: Path) -> None:
        self.is_refused(stick[0], "0" * 32, tmp_path, "is not signed with the key 0000-0000")

    def is_refused(self, bundle: Path, key: str, tmp_path: Path, because: str) -> None:
        home = tmp_path / "home"
        home.mkdir()
        done = run([sys.executable, bundle, "install", "--key", key], home)
        assert done.returncode == ExitCode.BAD_INPUT
        assert because in done.stderr
        assert "Traceback" not in done.stderr
        assert list(home.iterdir()) == []
        imported = ["bundle", "import", str(bundle), "--trust", key, "--store", str(home)]
        done = run([sys.executable, "-P", "-m", "runtime.cli.main", *imported], home)
        assert done.returncode == ExitCode.BAD_INPUT
        assert because in done.stderr
        assert list(home.iterdir()) == []

    def test_a_folder_with_something_else(self, stick: tuple[Path, str], tmp_path: Path) -> None:
        bundle, fingerprint = stick
        home = tmp_path / "home"
        home.mkdir()
        (home / "work.txt").write_text("mine")
        done = run([sys.executable, bundle, "install", "--key", fingerprint, "--to", home], home)
        assert done.returncode == ExitCode.BAD_INPUT
        assert "holds something else already" in done.stderr
        assert [path.name for path in home.iterdir()] == ["work.txt"]


def test_the_program_says_what_is_inside(stick: tuple[Path, str], tmp_path: Path) -> None:
    bundle, fingerprint = stick
    # -I -S: not even what is installed beside Python; the standard library is all it needs.
    listed = run([sys.executable, "-I", "-S", bundle, "list", "--key", fingerprint], tmp_path)
    assert listed.returncode == ExitCode.DONE, listed.stderr
    assert f"signed with {fingerprint}" in listed.stdout
    assert f"models/{MODEL_FILE}" in listed.stdout
    checked = run([sys.executable, "-I", "-S", bundle, "check", "--key", fingerprint], tmp_path)
    assert checked.returncode == ExitCode.DONE
    assert f"as the owner of the key {fingerprint} signed it" in checked.stderr


def test_a_bundle_goes_into_an_installed_kindmark(
    stick: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, fingerprint = stick
    into = ["--store", str(tmp_path / "models"), "--to", str(tmp_path / "sets")]
    assert main(["bundle", "show", str(bundle), "--trust", fingerprint]) == ExitCode.DONE
    assert f"models/{MODEL_FILE}" in capsys.readouterr().out
    assert main(["bundle", "import", str(bundle), "--trust", fingerprint, *into]) == ExitCode.DONE
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert files == [tmp_path / "models" / MODEL_FILE, tmp_path / "sets" / "items" / "class.jsonl"]
    assert all(path.is_file() for path in files)
