"""``kindmark bench`` and ``--fit`` on a tiny decoder: figures out, and what stops them."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.cli import bench_models, doctor
from runtime.cli.bench_fit import Check, checks, lines
from runtime.cli.bench_models import quantization
from runtime.cli.fit import Fit, FitRow
from runtime.cli.main import main
from runtime.errors import BadInputError, ExitCode, ModelError
from runtime.judge.catalogue import Entry, ModelFile
from runtime.judge.decoding.prefix_store import SUFFIX
from runtime.judge.measure import probe as probes
from runtime.judge.measure import running
from runtime.judge.measure.results import Result
from runtime.judge.measure.running import Measured, Run
from runtime.judge.measure.tuned import tuned
from runtime.judge.shelf import put
from runtime.locations import prefix_cache

Capture = pytest.CaptureFixture[str]
NAMES = "load pp512 tg32 pl8 pl30 class answers p50 p95 first feedback with peak".split()


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODELS", "STATE", "CACHE"):
        monkeypatch.setenv(f"KINDMARK_{name}", str(tmp_path / name.lower()))
    monkeypatch.setattr(probes, "TRUE", probes.TINY)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return probes.write_probe(tmp_path_factory.mktemp("tiny"), "Q4_K_M", probes.TINY)


@pytest.fixture
def installed(tiny: Path, tmp_path: Path) -> Path:
    """A catalogue with the tiny decoder in it."""
    store = tmp_path / "models"
    store.mkdir()
    path = Path(shutil.copy(tiny, store / "tiny-q4_k_m.gguf"))
    file = ModelFile(name=path.name)
    put(store, [Entry(name="tiny", kind="base", title="", licence="", source="", file=(file,))])
    return path


class TestBench:
    def test_a_table(self, tiny: Path, capsys: Capture) -> None:
        assert main(["bench", str(tiny), "--quick", "--threads", "1"]) == ExitCode.DONE
        captured = capsys.readouterr()
        assert [line.split()[0] for line in captured.out.splitlines()[1:14]] == NAMES
        assert "1 of 1: probe-Q4_K_M q4_k_m, 1 threads, step 512" in captured.err
        assert "  pp512\n" in captured.err

    def test_data_and_a_page(self, installed: Path, tmp_path: Path, capsys: Capture) -> None:
        data, page = tmp_path / "speed.json", tmp_path / "speed.html"
        files = ["-o", str(data), "--html", str(page)]
        argv = ["bench", "tiny", "--quick", "--json", "--quiet", "--threads", "1", *files]
        assert main(argv) == ExitCode.DONE
        out = capsys.readouterr().out
        assert out == data.read_text("utf-8")
        [run] = json.loads(out)["runs"]
        assert run["run"]["path"] == str(installed)
        assert (run["run"]["name"], run["run"]["quantization"]) == ("tiny", "q4_k_m")
        pp = next(one for one in run["results"] if one["name"] == "pp512")
        assert pp["unit"] == "tokens/s"
        assert pp["low"] <= pp["median"] <= pp["high"]
        assert "How fast this machine marks" in page.read_text("utf-8")

    def test_every_way(self, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
        monkeypatch.setattr(running, "measured", lambda run, _: iter([Result("load", [1.0])]))
        command = ["bench", str(tiny), "--json", "--threads", "1, 2,1", "--step", "64,128"]
        assert main(command) == ExitCode.DONE
        runs = [one["run"] for one in json.loads(capsys.readouterr().out)["runs"]]
        ways = [(run["threads"], run["step"]) for run in runs]
        assert ways == [(1, 64), (1, 128), (2, 64), (2, 128)]

    def test_ctrl_c_keeps_what_was_measured(
        self, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
    ) -> None:
        def stopped(*_: object) -> Iterator[Result]:
            yield Result("load", [2.5])
            raise KeyboardInterrupt

        monkeypatch.setattr(running, "measured", stopped)
        assert main(["bench", str(tiny)]) == ExitCode.INTERRUPTED
        captured = capsys.readouterr()
        assert captured.out.splitlines()[1].split() == ["load", "s", "2.5"]
        assert "Stopped" in captured.err

    def test_one_that_fails_does_not_stop_the_others(
        self, tiny: Path, tmp_path: Path, capsys: Capture
    ) -> None:
        broken = tmp_path / "broken.gguf"
        broken.write_bytes(b"GGUF")
        command = ["bench", str(broken), str(tiny), "--quick", "--json", "--threads", "1"]
        assert main(command) == ExitCode.MODEL_UNUSABLE
        captured = capsys.readouterr()
        first, second = json.loads(captured.out)["runs"]
        assert "broken.gguf" in first["problem"]
        assert (first["results"], second["problem"]) == ([], "")
        assert "broken.gguf is not a usable GGUF file" in captured.err


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--threads", "0"], "no whole number from 1"),
            (["--threads", ""], "no whole number from 1"),
            (["--step", "8"], "no whole number from 64"),
            (["--repeats", "x"], "no whole number from 1"),
            (["gwen3-4b"], "Did you mean 'qwen3-4b'?"),
            (["-o", "/nowhere/x.json"], "there is no folder /nowhere"),
            (["--html", "/"], "/ is a folder"),
            (["--quik"], "Is '--quick' meant?"),
        ],
    )
    def test_bad_usage(self, arguments: list[str], said: str, capsys: Capture) -> None:
        assert main(["bench", *arguments]) == ExitCode.BAD_INPUT
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""

    @pytest.mark.parametrize(
        ("name", "remedy"),
        [
            ("qwen3-4b", "kindmark models pull qwen3-4b"),
            ("minilm-marker", "kindmark convert default"),
            ("right-wrong", "kindmark bench minilm-marker"),
        ],
    )
    def test_what_is_not_there(self, name: str, remedy: str) -> None:
        with pytest.raises(ModelError) as caught:
            bench_models.chosen([name])
        assert remedy in caught.value.remedy

    def test_nothing_is_installed(self, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
        monkeypatch.setattr(bench_models, "_installed", lambda: iter([]))
        assert main(["bench"]) == ExitCode.MODEL_UNUSABLE
        assert "kindmark convert default" in capsys.readouterr().err

    def test_an_unknown_name(self) -> None:
        with pytest.raises(BadInputError):
            bench_models.chosen(["no-such-model"])

    @pytest.mark.parametrize(
        ("file", "expected"),
        [
            ("a-Q4_K_M.gguf", "q4_k_m"),
            ("b.f16.gguf", "f16"),
            ("c-iq4_xs.gguf", "iq4_xs"),
            ("d-bf16.gguf", "bf16"),
            ("quality.gguf", ""),
            ("q8_0.gguf", "q8_0"),
        ],
    )
    def test_quantization(self, file: str, expected: str) -> None:
        assert quantization(Path(file)) == expected


class TestFit:
    @pytest.fixture(autouse=True)
    def judge(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "_judging", lambda: "works")

    def test_doctor(self, installed: Path, capsys: Capture) -> None:
        assert main(["doctor", "--fit", "--json"]) == ExitCode.DONE
        data = json.loads(capsys.readouterr().out)
        rows = {row["name"]: row for row in data["fit"]["models"]}
        assert rows["tiny"]["basis"] == "file"
        assert rows["tiny"]["fits"]
        assert rows["qwen2.5-1.5b"]["basis"] == "published"
        assert rows["qwen2.5-1.5b"]["verdicts"] > rows["tiny"]["verdicts"]
        # Nobody has built it here.
        assert rows["minilm-marker"]["memory_mb"] is None
        assert tuned().step == data["fit"]["step"]
        assert {one["what"] for one in data["findings"]} >= {"machine", "engine"}

    def test_doctor_on_a_screen(self, capsys: Capture) -> None:
        assert main(["doctor", "--fit"]) == ExitCode.DONE
        captured = capsys.readouterr()
        assert "A class: 30 answers of 80 tokens, 400 shared" in captured.out
        assert "kept in" in captured.err

    def test_without_leave_to_keep_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("KINDMARK_STATE", str(tmp_path / "file"))
        assert main(["doctor", "--fit"]) == ExitCode.DONE
        assert "It cannot be kept" in capsys.readouterr().err

    def test_no_room_for_probes(self, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
        def full(*_: object) -> Path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(probes, "write_probe", full)
        assert main(["doctor", "--fit"]) == ExitCode.BAD_INPUT
        assert "TMPDIR" in capsys.readouterr().err

    def test_bench_compares(self, installed: Path, capsys: Capture) -> None:
        assert main(["bench", "tiny", "--fit", "--quick", "--json"]) == ExitCode.DONE
        data = json.loads(capsys.readouterr().out)
        found = [check["what"] for check in data["checks"]]
        assert found == ["verdicts", "with feedback", "peak memory"]
        assert all(check["measured"] > 0 for check in data["checks"])

    def test_a_damaged_file_is_a_row(self, installed: Path, capsys: Capture) -> None:
        installed.write_bytes(b"GGUF")
        assert main(["doctor", "--fit", "--json"]) == ExitCode.DONE
        rows = json.loads(capsys.readouterr().out)["fit"]["models"]
        [row] = [row for row in rows if row["name"] == "tiny"]
        assert "not a usable GGUF file" in row["problem"]

    def test_how_far_off_it_was(self) -> None:
        row = FitRow(name="m", file="m.gguf", basis="file", verdicts=20.0, with_feedback=60.0)
        size = {"shared": 400, "answers": 30, "answer": 80, "feedback": 60}
        how = {"threads": 2, "step": 512, "gflops": 1.0, "gigabytes_a_second": 1.0}
        fit = Fit(**how, **size, free_memory_mb=1, models=[row])  # type: ignore[arg-type]
        done = Measured(Run("m", "/x/m.gguf", "", 2, 512), [Result("class", [25.0])])
        done.results.append(Result("with feedback", [36.0]))
        found = checks(fit, [done])
        assert [check.error for check in found] == pytest.approx([-0.2, 0.2])
        first = next(lines(found))
        assert first == "m.gguf, verdicts: foreseen 20 s, measured 25 s (-20%)"
        assert found[1] == Check("m.gguf", "with feedback", "s", 60.0, 50.0)


class TestCache:
    def test_it_is_cleared(self, capsys: Capture) -> None:
        prefix_cache().mkdir(parents=True)
        (prefix_cache() / f"x{SUFFIX}").write_bytes(bytes(1_500_000))
        assert main(["doctor", "--clear-cache"]) == ExitCode.DONE
        assert "1.5 MB of rubrics and questions forgotten" in capsys.readouterr().err
        assert list(prefix_cache().iterdir()) == []

    def test_nothing_to_clear(self, capsys: Capture) -> None:
        assert main(["doctor", "--clear-cache"]) == ExitCode.DONE
        assert "0.0 MB" in capsys.readouterr().err


def test_help_imports_no_model() -> None:
    code = (
        "from runtime.cli.main import main; main(['bench', '--help']); import sys;"
        "sys.exit(bool({'numpy', 'llama_cpp', 'gguf', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
