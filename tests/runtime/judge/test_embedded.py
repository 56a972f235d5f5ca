"""The embedded judge on a tiny encoder: which head judges what, and that it can be trusted to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from runtime.errors import ModelError
from runtime.judge.embedded import ON_TOPIC, QUALITY, EmbeddedJudge, Features, load_judge
from runtime.judge.encoder import Encoder
from runtime.judge.features import RIGHT_WRONG
from runtime.judge.heads import Head, load_head
from runtime.locations import shipped_models
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case


def head(kind: Literal["right_wrong", "quality"], features: tuple[str, ...], by: str) -> Head:
    """A head that looks at one feature alone."""
    return Head(
        name="test",
        kind=kind,
        base="tiny",
        features=features,
        center=(0.0,) * len(features),
        spread=(1.0,) * len(features),
        weights=tuple(float(name == by) for name in features),
        bias=-0.5,
        trained_on=(),
    )


@pytest.fixture
def judge(tiny_gguf: Path) -> Iterator[EmbeddedJudge]:
    with opened(tiny_gguf, head("right_wrong", RIGHT_WRONG, "recall")) as judge:
        yield judge


def opened(path: Path, right_wrong: Head) -> EmbeddedJudge:
    quality = head("quality", QUALITY, "own_given")
    return EmbeddedJudge(Encoder.open(path), right_wrong, quality, "0" * 64)


def case(answer: str, task: Task = Task.SHORT_ANSWER, reference: str | None = "the sun") -> Case:
    return Case(Item(id="1", task=task, question="What?", reference=reference, answer=answer))


def test_a_short_answer_is_judged_right_or_wrong(judge: EmbeddedJudge) -> None:
    right, wrong = judge.judge([case("the sun"), case("a dog")])
    assert right.probability is not None
    assert wrong.probability is not None
    assert wrong.probability < 0.5 < right.probability
    assert right.quality is None


def test_an_essay_is_placed_on_a_scale(judge: EmbeddedJudge) -> None:
    [longer, shorter] = judge.judge(
        [case("cats and dogs run far", Task.ESSAY), case("cats", Task.ESSAY)]
    )
    assert longer.quality is not None
    assert shorter.quality is not None
    assert longer.quality > shorter.quality
    assert longer.probability is None


def test_saying_more_of_the_source_is_seen_and_being_on_topic_is_enough(tiny_gguf: Path) -> None:
    source = "the sun is big and cats run far"
    with Encoder.open(tiny_gguf) as encoder:
        work = [case(text, Task.ESSAY, source) for text in ("", "the sun", source)]
        rows = Features(encoder).quality(work)
    said, on_topic = (rows[:, QUALITY.index(name)] for name in ("said", "on_topic"))
    assert said[0] < said[1] < said[2] == pytest.approx(1, abs=1e-3)
    assert on_topic[2] == ON_TOPIC


def test_with_nothing_but_the_question_nothing_can_be_said_of_it(tiny_gguf: Path) -> None:
    with Encoder.open(tiny_gguf) as encoder:
        [row] = Features(encoder).quality([case("the sun", Task.ESSAY, reference=None)])
    assert row[QUALITY.index("said")] == 0


def test_mixed_work_keeps_its_order(judge: EmbeddedJudge) -> None:
    found = judge.judge([case("cats", Task.ESSAY), case("the sun"), case("?", reference=None)])
    assert [(j.probability is None, j.quality is None) for j in found] == [
        (True, False),
        (False, True),
        (True, True),
    ]


def test_company_does_not_change_a_judgement(judge: EmbeddedJudge) -> None:
    work = [case(text) for text in ("the sun", "a dog ran", "it is the big sun in the sky")]
    together = judge.judge(work)
    for alone, judged in zip(work, together, strict=True):
        [single] = judge.judge([alone])
        assert single.probability == pytest.approx(judged.probability, abs=1e-3)


def test_a_judgement_names_its_model_and_heads(judge: EmbeddedJudge) -> None:
    assert judge.provenance["model"] == "0" * 64
    assert len(judge.provenance["head"]) == 64


def test_the_shipped_heads_fit_the_features() -> None:
    models = shipped_models()
    assert load_head(models / "right-wrong.json", "right_wrong", RIGHT_WRONG).weights
    assert load_head(models / "essay-quality.json", "quality", QUALITY).weights


def test_a_missing_model_names_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path))
    with pytest.raises(ModelError) as caught:
        load_judge()
    assert "kindmark convert default" in caught.value.remedy
