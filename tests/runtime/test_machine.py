"""Facts about this machine."""

from pathlib import Path

from runtime.machine import free_disk_mb, nearest_folder, this_machine


def test_the_machine_has_a_name_and_a_core() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.cpu
    assert machine.free_memory_mb <= machine.memory_mb


def test_a_folder_that_is_not_there_counts_as_the_one_it_would_be_in(tmp_path: Path) -> None:
    below = tmp_path / "not" / "there"
    assert nearest_folder(below) == tmp_path
    assert free_disk_mb(below) >= 0
