"""The path of a language model, with one that means something: the practice judge that ships.

It was trained from scratch on simulated maths marking (``train/scratch``). Here it is asked about
answers to simulated questions that it has never seen.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.judge.calibration import load_calibration
from runtime.judge.llm.locating import located
from runtime.judge.llm.opening import Opened, Options, open_judge
from runtime.judge.prompt import contract_digest
from runtime.judge.shelf import model_shelf
from runtime.marking.events import Event
from runtime.marking.judgement import Case
from runtime.marking.mark import Verdict
from runtime.marking.marker import Marker
from train.data.schema import Example
from train.scratch.classes import held_out

NAME = "practice-judge"
MEMORY = 500_000_000
SEED = 77
"""Of answers that nothing was fitted to: the temperature was fitted to other seeds."""

BLAME = ("not right", "not there", "not fit", "another go", "try again", "keep trying", "missing")


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return held_out(120, SEED)


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    found = located(NAME)
    assert found is not None
    options = Options(cascade=False, feedback=True, memory=MEMORY, stored=False)
    with open_judge(found, options) as judge:
        yield judge


@pytest.fixture(scope="module")
def events(opened: Opened, examples: list[Example]) -> list[Event]:
    items = [one.item() for one in examples[:12]]
    with Marker(opened.judge, load_calibration(), opened.author) as marker:
        return list(marker.stream(items))


def test_the_shipped_model_was_trained_on_the_prompts_of_today() -> None:
    trained = model_shelf().named(NAME).entry.trained
    assert trained is not None
    assert (trained.prompt, trained.contract) == ("mark_maths", contract_digest())


def test_it_judges_better_than_chance(opened: Opened, examples: list[Example]) -> None:
    judgements = opened.model.judge([Case(one.item()) for one in examples])
    labels = [one.verdict for one in examples]
    said = [one.verdicts.mode if one.verdicts else "" for one in judgements]
    right = sum(a == b for a, b in zip(said, labels, strict=True)) / len(labels)
    majority = Counter(labels).most_common(1)[0][1] / len(labels)
    assert right > majority + 0.15


def test_what_it_is_surer_of_is_right_more_often(opened: Opened, examples: list[Example]) -> None:
    judgements = opened.model.judge([Case(one.item()) for one in examples])
    found = [one.verdicts for one in judgements if one.verdicts]
    rows = sorted(
        (max(one.probabilities), one.mode == example.verdict)
        for one, example in zip(found, examples, strict=True)
    )
    half = len(rows) // 2
    assert sum(right for _, right in rows[half:]) > sum(right for _, right in rows[:half])


def test_verdicts_of_one_answer_and_of_a_class_are_equal(
    opened: Opened, examples: list[Example]
) -> None:
    cases = [Case(one.item()) for one in examples[:8]]
    together = opened.model.judge(cases)
    for case, one in zip(cases, together, strict=True):
        [alone] = opened.model.judge([case])
        assert alone.verdicts and one.verdicts
        assert alone.near_tie or alone.verdicts.mode == one.verdicts.mode


def test_words_come_in_order(events: list[Event]) -> None:
    kinds = ("verdict", "reason", "feedback", "done")
    for place in range(12):
        order = [kinds.index(one.kind) for one in events if one.place == place]
        assert order == sorted(order)
        assert (order[0], order[-1]) == (0, 3)
    assert {one.kind for one in events} == set(kinds)


def test_every_verdict_comes_before_any_word(events: list[Event]) -> None:
    kinds = [one.kind for one in events]
    assert kinds[:12] == ["verdict"] * 12


def test_written_feedback_fits_its_verdict(events: list[Event]) -> None:
    marks = {one.place: one.mark for one in events if one.mark}
    written = {one.place for one in events if one.kind == "feedback" and one.text.strip()}
    texts = {place: mark.feedback.lower() for place, mark in marks.items() if place in written}
    fitting = [
        any(word in text for word in BLAME) is (marks[place].verdict is Verdict.INCORRECT)
        for place, text in texts.items()
        if marks[place].verdict is not Verdict.PARTIAL
    ]
    assert len(texts) >= 8
    assert sum(fitting) / len(fitting) > 0.7
    assert all(len(text.split()) <= 60 for text in texts.values())


def test_grade_marks_with_it(
    examples: list[Example], store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "class.jsonl"
    fields = ("id", "task", "question", "reference", "answer")
    rows = [{name: getattr(one, name) for name in fields} for one in examples[:10]]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["grade", str(path), "--model", NAME, "--no-cascade", "--feedback"]) == 0
    marks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [mark["id"] for mark in marks] == [one.id for one in examples[:10]]
    assert all(mark["feedback"] for mark in marks)
