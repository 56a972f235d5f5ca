"""A model opened by name or by file, with adapters and heads, and refused in words."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError, KindmarkError, ModelError
from runtime.judge.catalogue import Trained, sha256
from runtime.judge.llm.cascade import Cascade
from runtime.judge.llm.locating import Located, located
from runtime.judge.llm.opening import Options, open_judge
from runtime.judge.prompt import contract_digest
from runtime.judge.shelf import own_entries, put
from runtime.judge.side_head import SideHead, save_side_head
from runtime.marking.judgement import Case
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.llm.judging import ENOUGH, cases, chat_path, essay
from tests.runtime.judge.llm.test_locating import entry, store
from tests.tiny_decoders import WIDTH, write_lora

__all__ = ["chat_path", "store"]

PLAIN = Options(cascade=False, memory=ENOUGH, stored=False)


def refusal(found: Located, options: Options = PLAIN) -> KindmarkError:
    with pytest.raises(KindmarkError) as caught, open_judge(found, options):
        pass
    return caught.value


def by_name(name: str) -> Located:
    found = located(name)
    assert found
    return found


def trained_for(store: Path, name: str, **fields: object) -> None:
    """Say what an entry was trained for."""
    known = {one.name: one for one in own_entries(store)}
    trained = msgspec.convert(
        {"purpose": "causal", "contract": contract_digest(), **fields}, Trained
    )
    put(store, [msgspec.structs.replace(known[name], trained=trained)])


def test_a_file_that_nobody_entered(chat_path: Path) -> None:
    with open_judge(Located("f", chat_path), PLAIN) as opened:
        assert opened.judge is opened.model
        assert opened.author is None
        assert opened.judge.provenance["model"] == sha256(chat_path)
        [found] = opened.judge.judge(cases("The sun heats it."))
    assert found.verdicts


def test_with_a_cascade_before_it_and_words_behind(store: Path, chat_path: Path) -> None:
    options = Options(feedback=True, memory=ENOUGH, stored=False)
    with open_judge(Located("f", chat_path), options) as opened:
        assert isinstance(opened.judge, Cascade)
        assert opened.author
        # No encoder lies in this store: that stage is left out.
        assert opened.judge.provenance["cascade"] == "same"


def test_each_subject_with_its_adapter(store: Path) -> None:
    trained_for(store, "maths", prompt="mark_short_answer")
    with open_judge(by_name("base"), PLAIN) as opened:
        assert "adapters" in opened.judge.provenance
        judged, plain = opened.judge.judge([*cases("The sun heats it."), *cases_of_essays()])
    assert judged.made_by["subject"] == "maths"
    assert plain.made_by == {}


def cases_of_essays() -> list[Case]:
    return [Case(essay("Bees fly."))]


def test_an_adapter_nobody_knows_the_purpose_of(store: Path) -> None:
    known = {one.name: one for one in own_entries(store)}
    put(store, [msgspec.structs.replace(known["maths"], trained=None)])
    error = refusal(by_name("maths"))
    assert isinstance(error, BadInputError)
    assert "Nothing says what the adapter 'maths' was trained to answer." in error.message


def test_an_adapter_for_another_vocabulary_or_width(store: Path) -> None:
    lora = store / "maths.gguf"
    write_lora(lora, 2, width=2 * WIDTH)
    put(store, [entry("maths", lora, kind="adapter", base="base")])
    trained_for(store, "maths", prompt="mark_short_answer")
    head = store / "head.json"
    put(store, [one for one in own_entries(store) if one.name != "grades"])
    assert head.is_file()
    error = refusal(by_name("maths"))
    assert isinstance(error, ModelError)
    assert error.remedy


def test_a_model_without_a_chat_template(tmp_path: Path) -> None:
    path = write_chat(tmp_path, "qwen", template="")
    error = refusal(Located("f", path))
    assert isinstance(error, ModelError)
    assert "no chat template" in error.message


class TestHeads:
    @pytest.fixture
    def headed(self, store: Path) -> Path:
        self.write(store, ("incorrect", "partial", "correct"))
        trained_for(store, "maths", prompt="mark_short_answer", purpose="classify")
        return store

    def write(self, store: Path, labels: tuple[str, ...]) -> None:
        head = SideHead(
            name="grades",
            base="maths",
            labels=labels,
            weights=tuple((float(at),) * WIDTH for at in range(len(labels))),
            bias=(0.0,) * len(labels),
            temperature=3.0,
            cuts=tuple(at + 0.5 for at in range(len(labels) - 1)),
        )
        save_side_head(head, store / "head.json")
        put(store, [entry("grades", store / "head.json", kind="head", base="maths")])

    def test_a_head_judges_where_there_is_one(self, headed: Path) -> None:
        with open_judge(by_name("maths"), PLAIN) as opened:
            [found] = opened.judge.judge(cases("The sun heats it."))
        assert found.verdicts
        assert found.verdicts.labels == ("incorrect", "partial", "correct")
        assert found.cuts == (0.5, 1.5)
        assert found.calibrated
        assert found.made_by["subject"] == "maths"

    def test_scores_of_another_scale_are_no_verdict(self, headed: Path) -> None:
        self.write(headed, ("0", "1", "2", "3"))
        with open_judge(by_name("maths"), PLAIN) as opened:
            [found] = opened.judge.judge(cases("The sun heats it."))
        assert found.scores is found.verdicts is None
        assert "from 0 to 1" in found.notes[0]
