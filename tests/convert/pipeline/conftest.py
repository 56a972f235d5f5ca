"""Tiny runs of every architecture, written once a session, and the command as a user types it."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.cli.main import main
from tests.convert.pipeline.runs import write_run
from train.recipe import Architecture

Runs = Callable[[Architecture], Path]
Convert = Callable[..., int]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Return a function that writes a run of an architecture once and returns its folder."""

    @functools.cache
    def run(architecture: Architecture) -> Path:
        stages = ("mark", "embed") if architecture == "bert" else ("write", "mark", "prefer")
        folder: Path = tmp_path_factory.mktemp("runs") / architecture
        return write_run(folder, architecture, *stages)

    return run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def convert(store: Path) -> Convert:
    """Return a function that runs ``kindmark convert`` into the store and gives the exit code."""

    def run(*argv: object) -> int:
        return main(["convert", *map(str, argv), "--out", str(store)])

    return run
