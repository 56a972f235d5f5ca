"""The app is killed while it is used, and goes on as if nothing had been."""

from pathlib import Path

from benchmarks.app_kills import survive

KILLS = 4
"""``python -m benchmarks.app_kills --kills 200`` takes longer."""


def test_nothing_is_lost_or_doubled_when_the_app_is_killed(store: Path, tmp_path: Path) -> None:
    figures = survive(tmp_path, KILLS, seed=3)
    assert figures["kills"] == KILLS
    assert figures["answers found"] >= figures["answers seen as saved before the kill"]
    assert figures["answers found"]
