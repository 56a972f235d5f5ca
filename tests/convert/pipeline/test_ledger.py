"""Steps: made once, made again when what they are made from changes, never half."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convert.pipeline.ledger import Ledger, Step, run_steps
from runtime.errors import BadInputError


class Kitchen:
    """Three steps in a row and one beside them; each writes the names of what it was made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "source.txt"
        self.source.write_text("flour")
        self.made: list[str] = []
        self.settings: dict[str, object] = {"heat": 180}

    def steps(self) -> list[Step]:
        return [
            self._step("mix", {"source": self.source}, {}, ()),
            self._step("bake", {}, self.settings, ("mix",)),
            self._step("ice", {}, {}, ()),
            self._step("serve", {}, {}, ("bake", "ice")),
        ]

    def run(self, *only: str, force: bool = False) -> list[str]:
        """Return what was made."""
        self.made = []
        ledger = Ledger(self.folder / "work")
        run_steps(self.steps(), ledger, lambda _: None, only=only, force=force)
        return self.made

    def output(self, name: str) -> Path:
        return self.folder / "work" / f"{name}.out"

    def _step(
        self,
        name: str,
        inputs: dict[str, Path],
        settings: dict[str, object],
        after: tuple[str, ...],
    ) -> Step:
        make = self._maker(name, [*inputs.values(), *map(self.output, after)], settings)
        return Step(name, name, inputs, settings, after, (self.output(name),), make)

    def _maker(
        self, name: str, sources: Sequence[Path], settings: dict[str, object]
    ) -> Callable[[], None]:
        def make() -> None:
            content = "+".join(path.read_text() for path in sources)
            self.output(name).parent.mkdir(exist_ok=True)
            self.output(name).write_text(f"{name}({content}{settings or ''})")
            self.made.append(name)

        return make


@pytest.fixture
def kitchen(tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path)


ALL = ["mix", "bake", "ice", "serve"]


def test_a_second_run_makes_nothing(kitchen: Kitchen) -> None:
    assert kitchen.run() == ALL
    assert kitchen.run() == []


def test_another_source_is_all_anew_but_for_what_it_does_not_touch(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.source.write_text("rye")
    assert kitchen.run() == ["mix", "bake", "serve"]
    assert "rye" in kitchen.output("serve").read_text()


def test_another_setting_is_anew_from_there_on(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.settings = {"heat": 200}
    assert kitchen.run() == ["bake", "serve"]


def test_what_is_only_on_the_way_may_go(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.output("mix").unlink()
    kitchen.output("bake").unlink()
    assert kitchen.run() == []
    kitchen.output("serve").unlink()
    # What comes out again as it was counts as it did: "serve" alone would have been enough for it.
    assert kitchen.run() == ["mix", "bake", "serve"]


def test_a_damaged_result_is_made_again(kitchen: Kitchen) -> None:
    kitchen.run()
    whole = kitchen.output("serve").read_text()
    kitchen.output("serve").write_text(whole[:-1])
    assert kitchen.run() == ["serve"]
    assert kitchen.output("serve").read_text() == whole


def test_one_step_alone(kitchen: Kitchen) -> None:
    assert kitchen.run("mix") == ["mix"]
    assert kitchen.run("bake") == ["bake"]
    assert kitchen.run() == ["ice", "serve"]


def test_one_step_alone_needs_those_before_it(kitchen: Kitchen) -> None:
    with pytest.raises(BadInputError, match="serve needs what ice makes") as caught:
        kitchen.run("serve")
    assert "--step ice" in caught.value.remedy
    assert kitchen.made == []


def test_force_makes_it_again(kitchen: Kitchen) -> None:
    kitchen.run()
    assert kitchen.run(force=True) == ALL
    assert kitchen.run("bake", force=True) == ["bake"]


def test_what_stands_on_other_bytes_is_made_again(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.run("bake", force=True)
    # Forgotten what it was before, so all that stands on it is made again.
    assert kitchen.run() == ["serve"]


@pytest.mark.parametrize("broken", ALL)
def test_a_stopped_run_goes_on(kitchen: Kitchen, broken: str) -> None:
    def stopped() -> None:
        kitchen.output(broken).parent.mkdir(exist_ok=True)
        kitchen.output(broken).write_text("half")
        raise KeyboardInterrupt

    steps = [
        step._replace(make=stopped) if step.name == broken else step for step in kitchen.steps()
    ]
    with pytest.raises(KeyboardInterrupt):
        run_steps(steps, Ledger(kitchen.folder / "work"), print, force=False)
    before = list(kitchen.made)
    assert kitchen.run() == [name for name in ALL if name not in before]
    assert "half" not in kitchen.output("serve").read_text()


@given(changes=st.lists(st.sampled_from(["source", *ALL]), max_size=4))
def test_whatever_is_lost_or_changed_the_end_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, changes: list[str]
) -> None:
    kitchen = Kitchen(tmp_path_factory.mktemp("kitchen"))
    kitchen.run()
    whole = kitchen.output("serve").read_text()
    for name in changes:
        if name == "source":
            kitchen.source.write_text(kitchen.source.read_text())
        elif kitchen.output(name).exists():
            kitchen.output(name).unlink()
    kitchen.run()
    assert kitchen.output("serve").read_text() == whole
    assert kitchen.run() == []


def test_damaged_records_are_no_records(kitchen: Kitchen) -> None:
    kitchen.run()
    for path in (kitchen.folder / "work").glob("*.json"):
        path.write_text("[1, 2")
    assert kitchen.run() == ALL
