"""Several adapters over one base: which item goes to which, and what does not fit."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.errors import ModelError
from runtime.judge.catalogue import Purpose, Trained
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.llm.subjects import Brought, Subjects
from runtime.judge.prompt import contract_digest
from runtime.judge.side_head import SideHead, save_side_head
from runtime.marking.item import Item, Task
from runtime.marking.rubric import Rubric
from tests.runtime.judge.decoders import NEAR, some_ids
from tests.runtime.judge.llm.chat_files import write_chat
from tests.tiny_decoders import WIDTH, Weights, added, forward, write_decoder, write_lora

ITEMS = {
    task: Item(id=task, task=task, question="q", reference="r", answer="a") for task in Task
} | {Task.RUBRIC: Item(id="r", task=Task.RUBRIC, question="q", rubric=Rubric(name="r"), answer="a")}
HEAD = SideHead(
    name="h", base="b", labels=("incorrect", "correct"), weights=((0.1,) * WIDTH,) * 2, bias=(0, 0)
)


def trained(prompt: str, purpose: Purpose = "causal", contract: str = "") -> Trained:
    return Trained(purpose=purpose, prompt=prompt, contract=contract or contract_digest())


class Files:
    """A base and adapters for maths and essays, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.base = write_chat(folder, "qwen", seed=1)
        self.weights: Weights = write_decoder(folder / "same-weights.gguf", 1)
        self.maths, self.essay, self.head = (folder / n for n in ("m.gguf", "e.gguf", "h.json"))
        self.changes = {p: write_lora(p, s) for p, s in ((self.maths, 2), (self.essay, 3))}
        save_side_head(HEAD, self.head)

    def brought(self) -> list[Brought]:
        return [
            Brought("essays", self.essay, trained("mark_essay")),
            Brought("maths", self.maths, trained("mark_maths", "classify"), self.head, "tiny"),
        ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("subjects"))


@pytest.fixture(scope="module")
def subjects(files: Files) -> Iterator[Subjects]:
    with Subjects.open(files.base, files.brought(), base="tiny") as found:
        yield found


class TestGroups:
    @given(st.lists(st.sampled_from(list(Task)), max_size=20))
    def test_every_item_is_in_one_and_each_subject_comes_once(
        self, subjects: Subjects, tasks: list[Task]
    ) -> None:
        groups = subjects.groups([ITEMS[task] for task in tasks])
        assert sorted(place for group in groups for place in group.places) == list(
            range(len(tasks))
        )
        names = [group.subject.name for group in groups]
        switches = sum(one != other for one, other in pairwise(names))
        assert switches == max(0, len(set(names)) - 1)
        for group in groups:
            assert list(group.places) == sorted(group.places)

    def test_each_goes_to_what_was_trained_on_its_prompt(self, subjects: Subjects) -> None:
        groups = subjects.groups(list(ITEMS.values()))
        assert [(group.subject.name, group.name) for group in groups] == [
            ("essays", "mark_essay"),
            ("maths", "mark_maths"),
            ("", "mark_rubric"),
            ("", "mark_short_answer"),
        ]
        assert groups[1].subject.head == HEAD
        assert groups[2].subject.trained is None

    def test_an_essay_with_a_rubric_may_go_to_a_judge_of_rubrics(self, files: Files) -> None:
        brought = [Brought("judge", files.essay, trained("mark_rubric"))]
        item = replace(ITEMS[Task.ESSAY], rubric=Rubric(name="r", description="clear"))
        with Subjects.open(files.base, brought) as found:
            (group,) = found.groups([item])
            assert (group.subject.name, group.name) == ("judge", "mark_rubric")

    def test_a_base_that_was_trained_itself(self, files: Files) -> None:
        with Subjects.open(files.base, [Brought("own", None, trained("mark_essay"))]) as found:
            (group,) = found.groups([ITEMS[Task.ESSAY]])
            assert (group.subject.name, group.subject.adapters) == ("own", ())

    def test_none_at_all(self, files: Files) -> None:
        with Subjects.open(files.base) as found:
            assert {group.subject.name for group in found.groups(list(ITEMS.values()))} == {""}
            assert found.bare.digest == ""


class TestSwitching:
    def test_each_computes_with_its_own_weights_over_one_base(
        self, subjects: Subjects, files: Files
    ) -> None:
        ids = some_ids(20)
        groups = subjects.groups([ITEMS[Task.ESSAY], ITEMS[Task.MATH], ITEMS[Task.RUBRIC]])
        first, second = files.changes.values()
        changes: list[list[Weights]] = [[second], [first], []]
        limits = CausalLimits(256, threads=1, exact=True)
        with CausalContext(subjects.chat.model, limits) as context:
            for group, change in zip(groups, changes, strict=True):
                context.use(group.subject.adapters)
                wanted = forward(added(files.weights, *((one, 1.0) for one in change)), ids)
                assert np.abs(context.logits(ids) - wanted.logits).max() < 20 * NEAR

    def test_what_each_stands_on_has_a_hash_of_its_own(self, subjects: Subjects) -> None:
        digests = {group.subject.digest for group in subjects.groups(list(ITEMS.values()))}
        assert len(digests) == 3


class TestWhatDoesNotFit:
    def test_an_adapter_that_is_missing(self, files: Files, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"none.gguf"):
            Subjects.open(files.base, [Brought("n", tmp_path / "none.gguf")])

    def test_an_adapter_of_another_width(self, files: Files, tmp_path: Path) -> None:
        write_lora(tmp_path / "wide.gguf", 1, width=64)
        with pytest.raises(ModelError, match="does not fit the model") as raised:
            Subjects.open(files.base, [Brought("n", tmp_path / "wide.gguf")])
        assert "for this base" in raised.value.remedy

    def test_an_adapter_of_another_base(self, files: Files) -> None:
        brought = [Brought("n", files.maths, base="qwen3-4b")]
        with pytest.raises(ModelError, match="belongs to the base 'qwen3-4b', not to 'tiny'"):
            Subjects.open(files.base, brought, base="tiny")

    def test_a_classifier_without_its_head(self, files: Files) -> None:
        brought = [Brought("n", files.maths, trained("mark_maths", "classify"))]
        with pytest.raises(ModelError, match="its head is missing"):
            Subjects.open(files.base, brought)

    def test_a_head_of_another_width(self, files: Files, tmp_path: Path) -> None:
        save_side_head(replace(HEAD, weights=((0.1,), (0.2,))), tmp_path / "h.json")
        with pytest.raises(ModelError, match="reads vectors of 1 numbers"):
            Subjects.open(files.base, [Brought("n", files.maths, None, tmp_path / "h.json")])

    def test_other_words_than_those_it_was_trained_on(self, files: Files) -> None:
        brought = [Brought("old", files.maths, trained("mark_maths", contract="0" * 64))]
        with Subjects.open(files.base, brought) as found:
            (group,) = found.groups([ITEMS[Task.MATH]])
            assert "other words" in group.subject.notes[0]

    def test_after_a_refusal_nothing_stays_open(self, files: Files, tmp_path: Path) -> None:
        brought = [*files.brought(), Brought("n", tmp_path / "none.gguf")]
        for _ in range(3):
            with pytest.raises(ModelError):
                Subjects.open(files.base, brought, base="tiny")

    def test_closing_twice(self, files: Files) -> None:
        found = Subjects.open(files.base, files.brought(), base="tiny")
        found.close()
        found.close()
