"""Nothing half-written under a final name."""

from pathlib import Path

import pytest

from convert.whole import whole_file, whole_folder


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file"
    with whole_file(target) as part:
        part.write_text("all of it")
        assert not target.exists()
    assert target.read_text() == "all of it"
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    for content in ("old", "new"):
        with whole_folder(target) as part:
            (part / content).touch()
    assert [path.name for path in target.iterdir()] == ["new"]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_what_fails_leaves_the_old_one(tmp_path: Path, whole: type) -> None:
    target = tmp_path / "target"
    with whole(target) as part:
        (part if whole is whole_file else part / "a").write_text("old")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(KeyboardInterrupt), whole(target) as part:
        (part if whole is whole_file else part / "a").write_text("half")
        raise KeyboardInterrupt
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_what_a_kill_left_is_removed_by_the_next_run(tmp_path: Path, whole: type) -> None:
    target = tmp_path / "target"
    left = tmp_path / ".target.part"
    if whole is whole_file:
        left.write_text("half")
    else:
        left.mkdir()
        (left / "half").touch()
    with whole(target) as part:
        (part if whole is whole_file else part / "a").write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert not (target / "half").exists()
