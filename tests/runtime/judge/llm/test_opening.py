"""A model opened by name or by file, with adapters and heads, and refused in words."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError, KindmarkError, ModelError
from runtime.judge.catalogue import Trained, sha256
from runtime.judge.decoding.layout import engine_digest
from runtime.judge.llm.cascade import Cascade
from runtime.judge.llm.fits import Fit, Scaling
from runtime.judge.llm.fits import put as put_fits
from runtime.judge.llm.labelled import Answer
from runtime.judge.llm.locating import Located, located
from runtime.judge.llm.opening import Options, open_judge
from runtime.judge.measure.tuned import Tuned
from runtime.judge.prompt import contract_digest
from runtime.judge.shelf import own_entries, put
from runtime.judge.side_head import SideHead, save_side_head
from runtime.marking.judgement import Case, Judgement
from runtime.marking.mark import Verdict
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.llm.judging import ENOUGH, cases, chat_path, essay, short
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


def test_an_adapter_without_a_purpose_is_left_out_of_its_base_and_said(store: Path) -> None:
    known = {one.name: one for one in own_entries(store)}
    put(store, [msgspec.structs.replace(known["maths"], trained=None)])
    # It is not even loaded: what it holds does not matter.
    (store / "maths.gguf").write_bytes(b"?" * (store / "maths.gguf").stat().st_size)
    with open_judge(by_name("base"), PLAIN) as opened:
        assert opened.judge.provenance["unused"] == "maths"
        assert "adapters" not in opened.judge.provenance
        [note] = opened.notes
        assert opened.judge.judge(cases("The sun heats it."))[0].made_by == {}
    assert "'maths' is not used" in note


def test_a_base_alone_has_nothing_to_say(store: Path) -> None:
    with open_judge(by_name("maths"), PLAIN) as opened:
        assert opened.notes == ()
        assert "unused" not in opened.judge.provenance


def test_what_the_numbers_hang_on_is_named(chat_path: Path) -> None:
    with open_judge(Located("f", chat_path), PLAIN) as opened:
        named = opened.judge.provenance["engine"]
    assert named == engine_digest(Tuned().step)
    assert named != engine_digest(Tuned().step // 2)
    assert len(named) == 12


class TestFits:
    @pytest.fixture
    def fit(self, store: Path) -> Fit:
        return Fit(
            name="base",
            model=sha256(store / "base.gguf"),
            prompt="mark_short_answer",
            contract=contract_digest(),
            temperature=3.0,
            answers=40,
            questions=4,
        )

    def judged(self, name: str, options: Options = PLAIN) -> Judgement:
        with open_judge(by_name(name), options) as opened:
            return opened.judge.judge(cases("The sun heats it."))[0]

    def test_a_fit_of_this_machine_calibrates(self, store: Path, fit: Fit) -> None:
        plain = self.judged("base")
        put_fits(store, [fit])
        fitted = self.judged("base")
        assert (plain.calibrated, fitted.calibrated) == (False, True)
        assert plain.verdicts
        assert fitted.verdicts
        assert fitted.verdicts.entropy > plain.verdicts.entropy
        assert not self.judged("base", PLAIN._replace(fitted=False)).calibrated

    @pytest.mark.parametrize(
        "other",
        [
            {"model": "0" * 64},
            {"adapter": "0" * 64},
            {"prompt": "mark_maths"},
            {"contract": "0" * 64},
        ],
    )
    def test_a_fit_of_something_else_does_not(
        self, store: Path, fit: Fit, other: dict[str, str]
    ) -> None:
        put_fits(store, [msgspec.structs.replace(fit, **other)])
        assert not self.judged("base").calibrated

    def test_it_counts_before_what_training_fitted(self, store: Path, fit: Fit) -> None:
        trained_for(store, "maths", prompt="mark_short_answer", temperature=0.5)
        before = self.judged("maths")
        own = msgspec.structs.replace(fit, adapter=before.made_by["adapter"])
        put_fits(store, [own])
        after = self.judged("maths")
        assert before.calibrated
        assert before.verdicts
        assert after.verdicts
        assert after.verdicts.entropy > before.verdicts.entropy

    def test_a_fit_is_made_of_what_the_model_says_itself(self, store: Path) -> None:
        trained_for(store, "maths", prompt="mark_short_answer", temperature=2.0)
        plain = self.judged("maths", PLAIN._replace(fitted=False))
        scaled = self.judged("maths")
        assert (plain.calibrated, scaled.calibrated) == (False, True)
        assert plain.verdicts
        assert scaled.verdicts
        one = Answer(short("a"), plain.verdicts, False, Verdict.CORRECT, "q")
        found = one.scaled(Scaling(2.0)).probabilities
        assert found == pytest.approx(scaled.verdicts.probabilities)


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

    def test_a_class_shares_what_it_reads(self, headed: Path) -> None:
        answers = [f"The sun heats it {number} times." for number in range(1, 6)]
        with open_judge(by_name("maths"), PLAIN) as opened:
            together = opened.judge.judge(cases(*answers))
            sequences = opened.model.memory.current
            assert sequences
            read, limits = sequences.read_tokens, sequences.context.limits
            assert sequences.free == limits.sequences
        with open_judge(by_name("maths"), PLAIN) as opened:
            alone = [opened.judge.judge([case])[0] for case in cases(*answers[:1])]
            assert opened.model.memory.current
            assert read < 2 * opened.model.memory.current.read_tokens
        for one, other in zip(alone, together, strict=False):
            assert one.verdicts
            assert other.verdicts
            assert other.verdicts.probabilities == pytest.approx(one.verdicts.probabilities)

    def test_scores_of_another_scale_are_no_verdict(self, headed: Path) -> None:
        self.write(headed, ("0", "1", "2", "3"))
        with open_judge(by_name("maths"), PLAIN) as opened:
            [found] = opened.judge.judge(cases("The sun heats it."))
        assert found.scores is found.verdicts is None
        assert "from 0 to 1" in found.notes[0]
