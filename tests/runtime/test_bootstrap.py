import subprocess
import sys
from pathlib import Path

import pytest

from runtime import bootstrap
from runtime.bootstrap import Place, SetupError, Step

PYPROJECT = 'dependencies = ["llama-cpp-python==0.3.36", "numpy"]\n'
WHEEL = "llama_cpp_python-0.3.36-py3-none-linux_x86_64.whl"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    root = tmp_path / "checkout"
    (root / "models").mkdir(parents=True)
    (root / "models" / "catalogue.toml").touch()
    (root / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return bootstrap.locate(root)


def titles(place: Place, dev: bool = False) -> list[str]:
    return [step.title.split(" ")[0] for step in bootstrap.plan(place, dev)]


def have_venv(place: Place) -> None:
    (place.venv / "bin").mkdir(parents=True)
    (place.venv / "bin" / "pip").touch()


def have_stamp(place: Place, dev: bool = False) -> Path:
    """Leave what a complete set-up leaves, and return the model it built."""
    model = place.root.parent / "a model.gguf"
    model.write_bytes(b"GGUF")
    place.stamp.write_text(f"{bootstrap.stamp(place.root, dev)}4 {model}\n")
    return model


class TestCache:
    def test_wheels_lie_in_the_users_cache_by_python_cpu_and_version(
        self, place: Place, tmp_path: Path
    ) -> None:
        assert place.wheels.parent == tmp_path / "cache" / "kindmark" / "wheels"
        tag, digest, version = place.wheels.name.split("-")
        assert tag == f"cp3{sys.version_info[1]}"
        assert len(digest) == 8
        assert version == "0.3.36"

    def test_another_cpu_has_another_key(self) -> None:
        keys = {bootstrap.cache_key("1", flags) for flags in ("avx avx2", "avx", "neon")}
        assert len(keys) == 3

    @pytest.mark.parametrize("name", ["flags", "Features"])
    def test_flags_are_read_in_any_order(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "cpuinfo").write_text(f"model : x\n{name}\t: b a\n\n{name}\t: c\n")
        assert bootstrap.cpu_flags(tmp_path / "cpuinfo") == "a b"

    def test_a_machine_without_cpuinfo_is_told_by_its_name(self, tmp_path: Path) -> None:
        assert bootstrap.cpu_flags(tmp_path / "none")

    def test_an_unpinned_engine_is_an_incomplete_checkout(self) -> None:
        with pytest.raises(SetupError, match="incomplete"):
            bootstrap.engine_version("dependencies = []")


class TestPlan:
    def test_a_fresh_checkout_takes_every_step(self, place: Place) -> None:
        assert titles(place) == ["Creating", "Compiling", "Installing", "Building"]

    def test_a_cached_wheel_is_not_compiled_again(self, place: Place) -> None:
        place.wheels.mkdir(parents=True)
        (place.wheels / WHEEL).touch()
        assert titles(place) == ["Creating", "Installing", "Building"]

    def test_an_installed_engine_is_not_either(self, place: Place) -> None:
        have_venv(place)
        packages = place.venv / "lib" / "python3.11" / "site-packages"
        (packages / "llama_cpp_python-0.3.36.dist-info").mkdir(parents=True)
        (packages / "llama_cpp_python-0.3.36.dist-info" / "RECORD").touch()
        assert titles(place) == ["Installing", "Building"]

    def test_development_installs_the_extra(self, place: Place) -> None:
        assert bootstrap.plan(place, True)[-2].command[-1].endswith("checkout[dev,train,hub,web]")

    def test_every_step_says_how_long_it_takes_and_what_helps(self, place: Place) -> None:
        assert all(step.usual and step.remedy for step in bootstrap.plan(place, False))


class TestStamp:
    def test_a_complete_set_up_is_not_repeated(self, place: Place) -> None:
        have_venv(place)
        assert not bootstrap.is_done(place, False)
        have_stamp(place)
        assert bootstrap.is_done(place, False)
        assert not bootstrap.is_done(place, True)

    def test_one_for_development_does_for_running(self, place: Place) -> None:
        have_venv(place)
        have_stamp(place, dev=True)
        assert bootstrap.is_done(place, False)

    @pytest.mark.parametrize("name", ["pyproject.toml", "models/catalogue.toml"])
    def test_changed_requirements_ask_for_another(self, place: Place, name: str) -> None:
        have_venv(place)
        have_stamp(place)
        (place.root / name).write_text("changed")
        assert not bootstrap.is_done(place, False)


class TestModels:
    @pytest.fixture
    def model(self, place: Place) -> Path:
        have_venv(place)
        return have_stamp(place)

    def test_one_that_lies_there_is_not_built_again(self, place: Place, model: Path) -> None:
        assert bootstrap.is_done(place, False)

    def test_a_stamp_that_names_none_is_not_trusted(self, place: Place, model: Path) -> None:
        place.stamp.write_text(bootstrap.stamp(place.root, False))
        assert not bootstrap.is_done(place, False)

    @pytest.mark.parametrize("left", [None, b"GG"])
    def test_one_that_is_gone_or_cut_is_built_and_nothing_installed(
        self, place: Place, model: Path, left: bytes | None
    ) -> None:
        model.unlink() if left is None else model.write_bytes(left)
        place.wheels.mkdir(parents=True)
        (place.wheels / WHEEL).touch()
        assert not bootstrap.is_done(place, False)
        assert titles(place) == ["Building"]


class TestMachine:
    def test_an_old_python_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))
        with pytest.raises(SetupError, match=r"needs 3\.99"):
            bootstrap.check_machine([])

    def test_a_compiler_is_asked_for_only_if_needed(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.delenv("CXX", raising=False)
        steps = bootstrap.plan(place, False)
        bootstrap.check_machine(steps[2:])
        with pytest.raises(SetupError, match="build-essential"):
            bootstrap.check_machine(steps)


class Slow:
    """A process that is waited for three times."""

    waits = 0

    def wait(self, timeout: float | None = None) -> int:
        self.waits += 1
        if self.waits < 3:
            raise subprocess.TimeoutExpired("slow", timeout or 0)
        return 7


def test_a_long_step_says_that_it_goes_on() -> None:
    said: list[str] = []
    assert bootstrap.watch(Slow(), said.append) == 7
    assert said == ["  ... 0:00 so far"] * 2


class TestRun:
    def fake(self, *code: str) -> list[Step]:
        return [
            Step(f"Step {i}", "no time", [sys.executable, "-c", text], "Try again.")
            for i, text in enumerate(code)
        ]

    def test_every_step_runs_and_the_wheel_reaches_the_cache(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        have_venv(place)
        partial = place.wheels.with_name(f"{place.wheels.name}.partial")
        make = f"import pathlib; p = pathlib.Path({str(partial)!r}); p.mkdir()"
        steps = self.fake(f"{make}; (p / {WHEEL!r}).touch()", "print('noise')")
        monkeypatch.setattr(bootstrap, "plan", lambda *_: steps)
        said: list[str] = []
        bootstrap.set_up(place, False, said.append)
        assert said == ["Step 0 (usually no time)", "Step 1 (usually no time)"]
        assert (place.wheels / WHEEL).exists()
        assert not partial.exists()
        assert bootstrap.is_installed(place, False)
        assert "noise" in place.log.read_text()

    def test_a_failure_shows_the_end_of_the_log_and_leaves_no_stamp(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        have_venv(place)
        steps = self.fake("raise SystemExit('no such thing')", "raise AssertionError")
        monkeypatch.setattr(bootstrap, "plan", lambda *_: steps)
        with pytest.raises(SetupError) as caught:
            bootstrap.set_up(place, False, print)
        assert "Step 0: failed. Try again." in str(caught.value)
        assert "| no such thing" in str(caught.value)
        assert str(place.log) in str(caught.value)
        assert not bootstrap.is_done(place, False)

    def test_no_network_is_named(self, place: Place) -> None:
        place.log.parent.mkdir()
        [step] = self.fake("raise SystemExit('Max retries exceeded with url')")
        with pytest.raises(SetupError, match="no network"):
            bootstrap.run(step, place, print)


class TestCommand:
    @pytest.mark.parametrize(
        ("error", "code"), [(KeyboardInterrupt(), 130), (SetupError("why"), 1), (OSError("x"), 1)]
    )
    def test_ends_without_a_traceback(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        error: BaseException,
        code: int,
    ) -> None:
        def fails(*_: object) -> None:
            raise error

        monkeypatch.setattr(bootstrap, "is_done", fails)
        assert bootstrap.main([]) == code
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
