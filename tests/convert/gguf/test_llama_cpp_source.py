import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from convert.gguf import llama_cpp_source as module
from convert.gguf.llama_cpp_source import llama_cpp_source, unpack_members
from runtime.errors import ModelError
from tests.convert.gguf.reading import quiet

INSIDE = f"llama_cpp_python-{module.VERSION}/vendor/llama.cpp"
GOOD = {
    f"{INSIDE}/conversion/__init__.py": b"# conversion\n",
    f"{INSIDE}/gguf-py/gguf/__init__.py": b"# gguf\n",
    f"{INSIDE}/convert_lora_to_gguf.py": b"# lora\n",
    f"{INSIDE}/LICENSE": b"MIT\n",
    f"{INSIDE}/src/llama.cpp": b"// not needed\n",
}


def write_archive(path: Path, files: dict[str, bytes], *others: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in others:
            tar.addfile(info)
    return path


@pytest.fixture
def sdist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an archive like the true one whose hash is the recorded one, and an empty cache."""
    path = write_archive(tmp_path / "source.tar.gz", GOOD)
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(module, "_cache", lambda: tmp_path / "cache")
    monkeypatch.delenv("KINDMARK_LLAMA_CPP", raising=False)
    return path


def no_pip(*_: object, **__: object) -> None:
    raise AssertionError("pip was asked")


def test_what_was_brought_by_hand_is_unpacked_and_kept(
    sdist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", no_pip)
    folder = llama_cpp_source(quiet, sdist)
    assert (folder / "LICENSE").read_bytes() == b"MIT\n"
    assert not (folder / "src").exists()
    sdist.unlink()
    assert llama_cpp_source(quiet) == folder


def test_nothing_is_left_beside_the_source(sdist: Path) -> None:
    folder = llama_cpp_source(quiet, sdist)
    assert list(folder.parent.iterdir()) == [folder]


def test_it_is_fetched_once_and_said_so(sdist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    commands: list[list[str]] = []

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        target = Path(command[command.index("-d") + 1]) / "llama.tar.gz"
        target.write_bytes(sdist.read_bytes())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pip)
    assert llama_cpp_source(said.append) == llama_cpp_source(said.append)
    assert len(commands) == len(said) == 1
    assert "--require-hashes" in commands[0]


def test_pip_that_fails_names_the_way_by_hand(sdist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "WARNING\nERROR: no route to host\n")

    monkeypatch.setattr(subprocess, "run", pip)
    with pytest.raises(ModelError, match="no route to host") as caught:
        llama_cpp_source(quiet)
    assert "--from-sdist" in caught.value.remedy


def test_another_file_is_refused_and_nothing_unpacked(sdist: Path, tmp_path: Path) -> None:
    other = write_archive(tmp_path / "other.tar.gz", {**GOOD, "more": b""})
    with pytest.raises(ModelError, match="SHA-256"):
        llama_cpp_source(quiet, other)
    assert not list((tmp_path / "cache").iterdir())


def test_a_file_that_is_not_there(sdist: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no file"):
        llama_cpp_source(quiet, tmp_path / "nowhere.tar.gz")


def test_a_damaged_archive_with_the_right_hash(
    sdist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cut.tar.gz"
    path.write_bytes(sdist.read_bytes()[:100])
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(ModelError, match="cannot be unpacked"):
        llama_cpp_source(quiet, path)


def test_a_folder_of_ones_own(tmp_path: Path, sdist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    unpack_members(sdist, own)
    monkeypatch.setenv("KINDMARK_LLAMA_CPP", str(own))
    assert llama_cpp_source(quiet) == own
    (own / "LICENSE").unlink()
    with pytest.raises(ModelError, match="LICENSE"):
        llama_cpp_source(quiet)


def test_another_engine_is_refused(sdist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VERSION", "0.0.1")
    with pytest.raises(ModelError, match=r"0\.0\.1"):
        llama_cpp_source(quiet, sdist)


def test_hostile_members_are_passed_over(tmp_path: Path) -> None:
    link = tarfile.TarInfo(f"{INSIDE}/conversion/link.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard = tarfile.TarInfo(f"{INSIDE}/LICENSE")
    hard.type, hard.linkname = tarfile.LNKTYPE, "/etc/passwd"
    device = tarfile.TarInfo(f"{INSIDE}/conversion/device")
    device.type = tarfile.CHRTYPE
    names = (
        f"{INSIDE}/conversion/../../../../../outside.py",
        "/conversion/outside.py",
        "../outside.py",
        f"/{INSIDE}/conversion/outside.py",
    )
    hostile = write_archive(
        tmp_path / "hostile.tar.gz", dict.fromkeys(names, b"x"), link, hard, device
    )
    unpack_members(hostile, tmp_path / "a" / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.tar.gz"]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10)
    bomb = write_archive(tmp_path / "bomb.tar.gz", {f"{INSIDE}/conversion/a.py": b"x" * 11})
    with pytest.raises(ValueError, match="larger"):
        unpack_members(bomb, tmp_path / "out")
    assert not (tmp_path / "out").exists()
