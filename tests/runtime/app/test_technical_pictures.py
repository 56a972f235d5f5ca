"""How the models and the machine are shown, at two sizes, light and dark, to the last character.

pytest tests/runtime/app/test_technical_pictures.py --snapshot-update      after looking at them
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.screen import Screen

from runtime.app.app import KindmarkApp
from runtime.app.benchmarking import Figure, MeasuredRun, Named
from runtime.app.models_here import ModelHere
from runtime.app.screens import machine, models
from runtime.app.screens.machine import MachineScreen
from runtime.app.screens.models import ModelsScreen
from runtime.app.settings import AppSettings, Colours
from runtime.app.sockets import OpenSocket
from runtime.app.widgets.machine_facts import Looked
from runtime.judge.catalogue import Entry, ModelFile, State
from runtime.records.store import Store
from tests.runtime.app.driving import FakeWorker, Play, until
from tests.runtime.app.driving import words_on as words_of_app

SMALL, LARGE = (80, 24), (140, 45)
LOOKS = [(size, colours) for size in (SMALL, LARGE) for colours in (Colours.LIGHT, Colours.DARK)]
Shot = Callable[[Screen[None], Callable[[Play], Awaitable[None]]], bool]


@pytest.fixture(params=LOOKS, ids=["small-light", "small-dark", "large-light", "large-dark"])
def shot(request: pytest.FixtureRequest, store: Store, snap_compare: Callable[..., bool]) -> Shot:
    """Show a screen, do some steps, and compare with the picture that was kept."""
    size, colours = request.param
    settings = AppSettings(language="en", colours=colours, reduced_motion=True)
    app = KindmarkApp(store, FakeWorker(), settings)

    def compare(screen: Screen[None], script: Callable[[Play], Awaitable[None]]) -> bool:
        async def before(pilot: Play) -> None:
            app.push_screen(screen)
            await until(pilot, lambda: app.screen is screen)
            await script(pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def words_on(pilot: Play) -> str:
    assert isinstance(pilot.app, KindmarkApp)
    return words_of_app(pilot.app)


def model(name: str, state: State, fits: bool | None, *, used: bool = False) -> ModelHere:
    entry = Entry(
        name=name,
        kind="base",
        title=f"The {name} model",
        licence="Apache-2.0",
        source="https://models.example/small",
        file=(ModelFile(name=f"{name}.gguf", bytes=25_282_304, sha256="a" * 64),),
        memory_mb=160,
    )
    return ModelHere(entry, Path("/models"), state, 25_282_304, fits, used)


def test_models(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        model("small", State.OK, True, used=True),
        model("large", State.OK, False),
        model("away", State.MISSING, None),
        model("spoilt", State.DAMAGED, True),
    ]
    monkeypatch.setattr(models, "models_here", lambda: rows)
    screen = ModelsScreen()

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: "The small model" in words_on(pilot))

    assert shot(screen, script)


def test_what_was_measured(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "models_here", lambda: [model("small", State.OK, True, used=True)])
    screen = ModelsScreen()
    for kind, rate in (("f16", 4052.0), ("q8_0", 4951.0)):
        figure = Figure("answers", "/min", "", rate)
        screen.measured.append(MeasuredRun(Named("small", kind), (figure,), ""))

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: "4,951 /min" in words_on(pilot))

    assert shot(screen, script)


def test_the_proof_of_being_offline(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = [OpenSocket(pid=100, kind="unix")] * 2
    monkeypatch.setattr(machine, "_look", lambda: Looked([100, 101], pair, may_open=False))
    screen = MachineScreen()

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: "✓ refused" in words_on(pilot))

    assert shot(screen, script)
