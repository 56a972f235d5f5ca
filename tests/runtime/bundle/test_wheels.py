"""What is installed becomes wheels again."""

import csv
import io
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from runtime import __version__
from runtime.bundle import wheels
from runtime.bundle.wheel_file import hash_of
from runtime.errors import BadInputError


def check_record(path: Path) -> dict[str, bytes]:
    """Compare a wheel with its own list of files and return them."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    (record,) = [name for name in files if name.endswith(".dist-info/RECORD")]
    rows = list(csv.reader(io.StringIO(files[record].decode())))
    assert [name for name, _, _ in rows] == list(files)
    for name, digest, size in rows[:-1]:
        assert (digest, size) == (f"sha256={hash_of(files[name], 'sha256')}", str(len(files[name])))
    assert rows[-1] == [record, "", ""]
    return files


class TestInstalled:
    def test_a_package_is_as_it_was_installed(self, tmp_path: Path) -> None:
        path = wheels.pack_installed("platformdirs", tmp_path)
        version = metadata.version("platformdirs")
        assert path.name == f"platformdirs-{version}-py3-none-any.whl"
        files = check_record(path)
        place = Path(str(metadata.distribution("platformdirs").locate_file("")))
        assert files["platformdirs/api.py"] == (place / "platformdirs/api.py").read_bytes()
        assert not [name for name in files if ".." in name or name.endswith((".pyc", "INSTALLER"))]

    def test_twice_is_the_same(self, tmp_path: Path) -> None:
        one, other = tmp_path / "1", tmp_path / "2"
        found = []
        for folder in (one, other):
            folder.mkdir()
            found.append(wheels.pack_installed("mdurl", folder).read_bytes())
        assert found[0] == found[1]

    def test_the_tag_of_a_compiled_one_is_kept(self, tmp_path: Path) -> None:
        path = wheels.pack_installed("msgspec", tmp_path)
        head = metadata.distribution("msgspec").read_text("WHEEL") or ""
        tags = [line[5:].split("-") for line in head.splitlines() if line.startswith("Tag: ")]
        named = [part.split(".") for part in path.stem.split("-")[2:]]
        assert named == [sorted({tag[i] for tag in tags}) for i in range(3)]

    def test_a_changed_file_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "x.py").write_text("changed")
        info = tmp_path / "x-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1.0\n")
        (info / "WHEEL").write_text("Tag: py3-none-any\n")
        digest = hash_of(b"as it was", "sha256")
        (info / "RECORD").write_text(f"x-1.0.dist-info/WHEEL,,\nx.py,sha256={digest},9\n")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(BadInputError, match=r"x.py of the package x was changed"):
            wheels.pack_installed("x", tmp_path)

    def test_one_that_is_missing(self) -> None:
        with pytest.raises(BadInputError, match="no-such-package is not installed"):
            wheels.closure(["no-such-package>=1"])


class TestClosure:
    def test_holds_what_kindmark_needs(self) -> None:
        found = wheels.closure(wheels.requirements())
        # The last is needed for an extra of another package only.
        assert {"numpy", "llama-cpp-python", "cryptography", "antlr4-python3-runtime"} <= found

    def test_holds_nothing_of_the_training_half(self) -> None:
        assert not wheels.closure(wheels.requirements()) & {"torch", "transformers", "pandas"}

    def test_leaves_out_what_is_for_other_machines(self) -> None:
        assert wheels.closure(["no-such-package; sys_platform == 'win32'"]) == set()

    def test_leaves_out_extras_nobody_asked_for(self) -> None:
        assert wheels.closure(["mdurl; extra == 'x'"]) == set()
        assert wheels.closure(["mdurl; extra == 'x'"], frozenset({"x"})) == {"mdurl"}


def test_kindmarks_own_wheel(tmp_path: Path) -> None:
    path = wheels.pack_own(tmp_path)
    assert path.name == f"kindmark-{__version__}-py3-none-any.whl"
    files = check_record(path)
    shipped = {"runtime/cli/main.py", "convert/embedded/build.py", "train/command.py"}
    data = {"runtime/_models/catalogue.toml", "runtime/_examples/class-set.jsonl"}
    assert shipped | data <= set(files)
    info = f"kindmark-{__version__}.dist-info"
    assert b"kindmark = runtime.cli.main:main" in files[f"{info}/entry_points.txt"]
    assert b"Requires-Dist: numpy" in files[f"{info}/METADATA"]
