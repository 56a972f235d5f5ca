"""``models``, ``doctor`` and ``demo``: what is there, what is missing, what it looks like."""

import json
from pathlib import Path

import pytest

from runtime import machine
from runtime.cli import doctor, models
from runtime.cli.main import main
from runtime.errors import ExitCode, ModelError
from runtime.judge.catalogue import State
from tests.runtime.cli.fakes import FakeMarker


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


class TestModels:
    def test_what_is_missing(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models", "list", "--json"]) == ExitCode.DONE
        rows = json.loads(capsys.readouterr().out)
        columns = "name kind quantization megabytes licence state path optional own used".split()
        assert list(rows[0]) == columns
        bases = [row for row in rows if row["kind"] == "base"]
        states = {row["name"]: row["state"] for row in bases}
        # The one network that comes with Kindmark.
        assert states.pop("practice-judge") == "ok"
        assert {*states.values()} == {"missing"}
        assert {row["quantization"] for row in bases} >= {"f16", "q8_0"}

    def test_a_damaged_file(self, store: Path) -> None:
        store.mkdir()
        for row in models.model_rows(hashes=False):
            if Path(row.path).parent == store:
                Path(row.path).write_bytes(b"x")
        rows = models.model_rows(hashes=True)
        states = {row.state for row in rows if Path(row.path).parent == store}
        assert State.DAMAGED in states
        assert State.MISSING not in states

    def test_a_table(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["models"]) == ExitCode.DONE
        heading, first, *_ = capsys.readouterr().out.splitlines()
        assert heading.split() == ["name", "kind", "quantization", "size", "licence", "state"]
        assert first.split()[-1] == "missing"


class TestDoctor:
    @pytest.fixture(autouse=True)
    def judge(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Judge without a model: loading one is tried where models are tested."""
        monkeypatch.setattr(doctor, "_judging", lambda: "works")

    def findings(
        self, capsys: pytest.CaptureFixture[str], code: ExitCode
    ) -> dict[str, dict[str, object]]:
        assert main(["doctor", "--json"]) == code
        return {row["what"]: row for row in json.loads(capsys.readouterr().out)}

    def test_a_machine_that_works(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = self.findings(capsys, ExitCode.DONE)
        assert {"machine", "memory", "CPU", "Kindmark", "Python", "engine", "model store"} <= {
            *found
        }
        assert found["judging"]["ok"]

    def test_a_missing_model_names_the_command_that_mends_it(
        self, store: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["doctor", "--json"]) == ExitCode.DONE
        findings = json.loads(capsys.readouterr().out)
        default = [one for one in findings if "minilm-marker" in one["found"]]
        assert [(one["ok"], one["remedy"]) for one in default if one["what"] == "base file"] == [
            (False, "kindmark convert default"),
            (False, "kindmark convert default"),
        ]

    def test_a_judge_that_fails(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail() -> str:
            raise ModelError("x.gguf is empty.", "kindmark convert default --force")

        monkeypatch.setattr(doctor, "_judging", fail)
        assert main(["doctor"]) == ExitCode.MODEL_UNUSABLE
        assert capsys.readouterr().out.endswith(
            "!!  judging          x.gguf is empty.\n"
            "                     -> kindmark convert default --force\n"
        )

    def test_an_engine_that_cannot_be_loaded(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail() -> str:
            raise OSError("libllama.so: cannot open shared object file")

        monkeypatch.setattr(doctor, "_engine", fail)
        found = self.findings(capsys, ExitCode.DONE)["engine"]
        assert found["remedy"] == "Install Kindmark again."

    def test_a_store_without_permission(
        self, store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("os.access", lambda *_: False)
        found = self.findings(capsys, ExitCode.DONE)["model store"]
        assert "KINDMARK_MODELS" in str(found["remedy"])

    def test_a_full_disk(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(doctor, "free_disk_mb", lambda _: 1)
        found = self.findings(capsys, ExitCode.DONE)["model store"]
        assert found["remedy"] == "Make 400 MB of room there."

    def test_a_damaged_catalogue(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(hashes: bool) -> list[models.ModelRow]:
            raise ModelError("the catalogue is damaged", "Install Kindmark again.")

        monkeypatch.setattr(doctor, "model_rows", fail)
        found = self.findings(capsys, ExitCode.DONE)["catalogue"]
        assert found["found"] == "the catalogue is damaged"


class TestMachine:
    def test_systems_without_proc(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine, "_key_values", lambda _: {})
        found = machine.this_machine()
        assert found.cores >= 1
        assert (found.memory_mb, found.flags) == (0, ())

    def test_arm(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine, "_key_values", lambda _: {"Features": "fp asimd crc32"})
        assert machine.this_machine().flags == ("asimd",)

    def test_a_folder_still_to_be_made(self, tmp_path: Path) -> None:
        assert machine.nearest_folder(tmp_path / "a" / "b") == tmp_path


class TestDemo:
    def test_a_table_of_the_example(
        self, marker: FakeMarker, unsealed: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["demo"]) == ExitCode.DONE
        captured = capsys.readouterr()
        lines = captured.out.splitlines()
        assert lines[0].split() == "id learner verdict score sure check answer and why".split()
        assert all(len(line) <= 80 for line in lines)
        assert sum("Amara" in line for line in lines) == 5
        assert "27 marked: " in captured.err
        assert unsealed == ["sealed"]

    def test_quiet(self, marker: FakeMarker, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["demo", "--quiet"]) == ExitCode.DONE
        assert capsys.readouterr().err == ""
