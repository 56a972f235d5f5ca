"""A session that is killed again and again loses nothing it was told was saved."""

from pathlib import Path

from benchmarks.store_session import survive

KILLS = 25
"""``python -m benchmarks.store --kills 200`` takes longer."""


def test_nothing_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    figures = survive(tmp_path / "records", KILLS, seed=1, longest=6)
    assert figures["kills"] == KILLS
    assert figures["answers found"] >= figures["answers acknowledged"] >= KILLS
