"""The models screen: what is here, checking, measuring, choosing what marks."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
from msgspec import structs
from textual.widgets import DataTable

from runtime.app.app import KindmarkApp
from runtime.app.benchmarking import Benchmark
from runtime.app.checking import check_files
from runtime.app.models_here import ModelHere
from runtime.app.screens import models
from runtime.app.screens.models import ModelsScreen
from runtime.errors import ModelError
from runtime.judge.catalogue import Entry, ModelFile, State
from runtime.preferences import preferences
from tests.runtime.app.driving import FakeWorker, Play, play, told, until, words_on

DATA = b"weights " * 1000


def entry(name: str, memory_mb: int = 0) -> Entry:
    file = ModelFile(name=f"{name}.gguf", bytes=len(DATA), sha256=hashlib.sha256(DATA).hexdigest())
    return Entry(
        name=name,
        kind="base",
        title=f"The {name} model",
        licence="Apache-2.0",
        source="us",
        file=(file,),
        memory_mb=memory_mb,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.gguf").write_bytes(DATA)
    (tmp_path / "spoilt.gguf").write_bytes(DATA[:-1] + b"!")
    return tmp_path


@pytest.fixture
def listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[ModelHere]:
        used = preferences().model
        head = structs.replace(entry("a-head"), kind="head", base="small")
        rows = (
            (entry("small", memory_mb=160), State.OK, True),
            (entry("spoilt"), State.OK, None),
            (entry("away", memory_mb=9000), State.MISSING, False),
            (head, State.OK, None),
        )
        return [
            ModelHere(one, folder, state, len(DATA), fits, one.name == used)
            for one, state, fits in rows
        ]

    monkeypatch.setattr(models, "models_here", found)


async def opened(pilot: Play) -> "DataTable[object]":
    pilot.app.push_screen(ModelsScreen())
    await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))
    table = pilot.app.screen.query_one("#models", DataTable)
    await until(pilot, lambda: table.row_count == 4)
    return table


@pytest.mark.usefixtures("listed")
class TestTheScreen:
    def test_a_missing_model_names_the_command_and_is_never_fetched(self, app: KindmarkApp) -> None:
        async def script(pilot: Play) -> None:
            table = await opened(pilot)
            table.move_cursor(row=2)
            await until(pilot, lambda: "kindmark models add FILE --name away" in words_on(app))
            for key in "ucm":
                await pilot.press(key)
            await until(pilot, lambda: told(app).count("away is not on this machine") == 3)

        play(app, script)

    def test_checking_tells_whole_from_spoilt(self, app: KindmarkApp) -> None:
        async def script(pilot: Play) -> None:
            table = await opened(pilot)
            await pilot.press("c")
            await until(pilot, lambda: "every byte is as the catalogue says" in words_on(app))
            table.move_cursor(row=1)
            await pilot.press("c")
            await until(pilot, lambda: "✗ its files are not what" in words_on(app))

        play(app, script, (140, 45))

    def test_what_is_chosen_is_opened_and_kept_and_can_be_taken_back(
        self, app: KindmarkApp, worker: FakeWorker
    ) -> None:
        async def script(pilot: Play) -> None:
            await opened(pilot)
            await pilot.press("u")
            await until(pilot, lambda: "small ★" in words_on(app))
            assert preferences().model == "small"
            await pilot.press("ctrl+z")
            await until(pilot, lambda: not preferences().model)

        play(app, script)
        assert worker.opened[-2:] == ["small", ""]

    def test_a_model_that_does_not_open_is_not_chosen(
        self, app: KindmarkApp, worker: FakeWorker
    ) -> None:
        async def script(pilot: Play) -> None:
            await opened(pilot)
            worker.fails = ModelError("It is broken.", "Bring it again.")
            await pilot.press("u")
            await until(pilot, lambda: "It is broken. Bring it again." in told(app))

        play(app, script)
        assert preferences().model == ""

    def test_a_head_marks_nothing_by_itself(self, app: KindmarkApp) -> None:
        async def script(pilot: Play) -> None:
            table = await opened(pilot)
            table.move_cursor(row=3)
            await pilot.press("u")
            await until(pilot, lambda: "Choose what it stands on: small" in told(app))

        play(app, script)

    def test_measuring_draws_bars(
        self, app: KindmarkApp, monkeypatch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        command = saying(folder, report({"answers": 4657.9, "peak": 131.9}))
        monkeypatch.setattr(models, "Benchmark", lambda name: Benchmark(name, command))

        async def script(pilot: Play) -> None:
            await opened(pilot)
            await pilot.press("m")
            await until(pilot, lambda: "4,658 /min" in words_on(app))
            assert "█" in words_on(app)

        play(app, script, (140, 45))


def report(figures: dict[str, float], problem: str = "") -> str:
    results = [
        {"name": name, "unit": "", "says": "", "median": value} for name, value in figures.items()
    ]
    run = {"name": "small", "quantization": "q8_0"}
    return json.dumps({"runs": [{"run": run, "results": results, "problem": problem}]})


def saying(folder: Path, data: str) -> tuple[str, ...]:
    """Return a command that says ``data`` whatever it is asked."""
    program = folder / "bench.py"
    program.write_text(f"import sys\nsys.stderr.write('load\\n')\nprint({data!r})\n", "utf-8")
    return (sys.executable, str(program))


class TestBenchmark:
    def test_lines_come_first_then_the_figures(self, folder: Path) -> None:
        with Benchmark("small", saying(folder, report({"p50": 36.0}))) as running:
            assert list(running.lines()) == ["load"]
            (run,) = running.runs()
        assert (run.title, run.median("p50"), run.median("peak")) == ("small q8_0", 36.0, None)

    def test_what_says_nonsense_is_refused_in_words(self, folder: Path) -> None:
        with Benchmark("small", saying(folder, "nonsense")) as running:
            list(running.lines())
            with pytest.raises(ModelError, match="no figures"):
                running.runs()

    def test_a_command_that_is_not_there_is_named(self, folder: Path) -> None:
        with pytest.raises(ModelError, match="cannot be started"):
            Benchmark("small", (str(folder / "none"),))


class TestChecking:
    def test_it_tells_how_far_it_is_and_can_be_stopped(self, folder: Path) -> None:
        heard: list[tuple[int, int]] = []

        def tell(done: int, whole: int) -> None:
            heard.append((done, whole))

        assert check_files(entry("small"), folder, tell, lambda: False) is State.OK
        assert heard[-1] == (len(DATA), len(DATA))
        assert check_files(entry("small"), folder, tell, lambda: True) is None

    @pytest.mark.parametrize(("name", "state"), [("spoilt", State.DAMAGED), ("no", State.MISSING)])
    def test_what_is_not_whole(self, folder: Path, name: str, state: State) -> None:
        assert check_files(entry(name), folder, lambda *_: None, lambda: False) is state
