"""Facts about the machine: energy counters that run over, systems that show nothing."""

from pathlib import Path

import pytest

from runtime.judge.measure import machine
from runtime.judge.measure.machine import Energy, cpu_name, machine_id, own_bytes, peak_bytes


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    """Two packages, and a part of the first that must not be counted twice."""
    for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0", "dtpm"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "energy_uj").write_text("5000000\n")
        (tmp_path / name / "max_energy_range_uj").write_text("9000000\n")
    return tmp_path


def set_counter(folder: Path, zone: str, microjoules: int) -> None:
    (folder / zone / "energy_uj").write_text(f"{microjoules}\n")


class TestEnergy:
    def test_all_packages_are_added_up(self, counters: Path) -> None:
        with Energy(counters) as energy:
            set_counter(counters, "intel-rapl:0", 7_500_000)
            set_counter(counters, "intel-rapl:1", 6_000_000)
            set_counter(counters, "intel-rapl:0:0", 6_000_000)
        assert energy.joules == pytest.approx(3.5)

    def test_a_counter_that_runs_over(self, counters: Path) -> None:
        with Energy(counters) as energy:
            set_counter(counters, "intel-rapl:0", 1_000_000)
        assert energy.joules == pytest.approx(5.0)

    def test_counters_nobody_may_read(self, counters: Path) -> None:
        (counters / "intel-rapl:0" / "energy_uj").unlink()
        with Energy(counters) as energy:
            pass
        assert energy.joules is None

    def test_a_machine_without(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "missing"):
            with Energy(folder) as energy:
                pass
            assert energy.joules is None


def test_the_machine_is_always_the_same_one() -> None:
    assert machine_id() == machine_id()
    assert len(machine_id()) == 16
    assert cpu_name()


def test_another_number_of_cores_is_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    known = machine_id()
    monkeypatch.setattr(machine, "default_threads", lambda: 999)
    assert machine_id() != known


def test_memory() -> None:
    own, peak = own_bytes(), peak_bytes()
    assert peak is not None
    assert peak > 1_000_000
    assert own is None or own <= peak


def test_memory_where_the_system_shows_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "_STATUS", tmp_path / "missing")
    assert own_bytes() is None
    assert peak_bytes() is not None
