"""``kindmark eval``: labels read, figures right, baselines honest."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.cli import comparison
from runtime.cli.baselines import Fit, Floats, cross_fitted, same_rank, threshold
from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.marking import agreement
from runtime.report.comparison import commonest
from tests.runtime.cli.fakes import FakeMarker, class_set, item


@pytest.fixture(autouse=True, scope="module")
def few_resamples() -> Iterator[None]:
    """Where an interval stands is tested elsewhere; here it only costs time."""
    with pytest.MonkeyPatch.context() as patch:
        few = partial(agreement.bootstrap_interval, resamples=20)
        patch.setattr(agreement, "bootstrap_interval", few)
        yield


def evaluated(
    capsys: pytest.CaptureFixture[str], paths: Sequence[Path], *options: str
) -> dict[str, Any]:
    code = main(["eval", *map(str, paths), "--json", "--quiet", *options])
    assert code in {ExitCode.DONE, ExitCode.SOME_UNMARKED}
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    assert main(["eval", *map(str, argv), "--quiet"]) == ExitCode.BAD_INPUT
    return capsys.readouterr().err


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Six answers, four of them marked as labelled."""
    labels = ["correct", "Correct", "incorrect", "WRONG", "correct", "incorrect"]
    answers = ["2", "2", "3", "3 3", "4", "2"]
    return class_set(
        tmp_path,
        [
            item(number, answer, label=label, module="ab"[number % 2], question_id=number % 3)
            for number, (label, answer) in enumerate(zip(labels, answers, strict=True))
        ],
    )


class TestVerdicts:
    def test_figures(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        overall = evaluated(capsys, [rows])["overall"]
        assert (overall["kind"], overall["rows"], overall["questions"]) == ("verdict", 6, 3)
        assert overall["classes"] == ["incorrect", "correct"]
        assert overall["confusion"] == [[2, 1], [1, 2]]
        measures = overall["measures"]
        assert measures["accuracy"]["value"] == pytest.approx(4 / 6)
        assert measures["kappa"]["value"] == pytest.approx(1 / 3)
        assert measures["accuracy"]["low"] <= 4 / 6 <= measures["accuracy"]["high"]
        assert list(overall["baselines"]) == ["commonest", "length", "overlap"]
        assert overall["accuracy_at_coverage"] == pytest.approx(
            {"100%": 4 / 6, "90%": 4 / 5, "80%": 4 / 5, "70%": 3 / 4}
        )

    def test_folds_reach_the_baselines(
        self,
        rows: Path,
        marker: FakeMarker,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        seen: list[int] = []

        def spy(_feature: Floats, labels: Floats, _questions: object, folds: int, _: Fit) -> Floats:
            seen.append(folds)
            return labels

        monkeypatch.setattr(comparison, "cross_fitted", spy)
        evaluated(capsys, [rows], "--folds", "3")
        assert seen == [3, 3]

    def test_tables(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["eval", str(rows), "--by", "module", "--quiet"]) == ExitCode.DONE
        text = capsys.readouterr().out
        assert text.startswith("6 answers to 3 questions\n")
        assert all(len(line) <= 80 for line in text.splitlines())
        for part in ("accuracy", "macro-F1", "ECE ", "label \\ mark", "by length"):
            assert part in text

    def test_groups(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        groups = evaluated(capsys, [rows], "--by", "module")["groups"]
        assert list(groups) == ["a", "b"]

    @pytest.mark.parametrize(
        ("right", "wrong"), [("pass", "fail"), (1, 0), (True, False), ("1", "0"), ("Right", "no")]
    )
    def test_words(
        self,
        right: object,
        wrong: object,
        tmp_path: Path,
        marker: FakeMarker,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        rows = [item(1, label=right), item(2, "3", label=wrong)]
        overall = evaluated(capsys, [class_set(tmp_path, rows)])["overall"]
        assert overall["confusion"] == [[1, 0], [0, 1]]

    def test_partial_is_a_class_where_teachers_use_it(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label="correct"), item(2, "3", label="partially_correct")]
        overall = evaluated(capsys, [class_set(tmp_path, rows)])["overall"]
        assert overall["classes"] == ["incorrect", "partial", "correct"]


class TestScores:
    def test_figures(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label=5), item(2, "3", label=1), item(3, "4", label=0)]
        overall = evaluated(capsys, [class_set(tmp_path, rows)], "--scale", "0-5")["overall"]
        measures = overall["measures"]
        assert overall["kind"] == "score"
        assert measures["MAE"]["value"] == pytest.approx(1 / 3)
        assert measures["within 1"]["value"] == 1.0
        assert measures["exact"]["value"] == pytest.approx(2 / 3)
        expected = {"QWK", "exact", "within 1", "MAE", "Pearson", "Spearman", "RMSE"}
        assert set(measures) == expected

    def test_different_scales_are_put_on_one(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label=5, scale=[0, 5]), item(2, "3", label=2, scale=[1, 3])]
        overall = evaluated(capsys, [class_set(tmp_path, rows)])["overall"]
        assert overall["notes"] == [
            "Scores run from 0 to 10; QWK is over 11 levels.",
            "Answers on 2 different scales were put on this one.",
        ]
        measures = overall["measures"]
        assert measures["MAE"]["value"] == pytest.approx(2.5)


class TestRows:
    def test_rows_without_a_label_are_not_marked(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label="correct"), item(2), item(3, label=None)]
        assert evaluated(capsys, [class_set(tmp_path, rows)])["overall"]["rows"] == 1
        assert marker.batches == [1]

    def test_rows_that_are_no_items_are_counted(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label="correct"), item(2, label="correct", task="x")]
        assert evaluated(capsys, [class_set(tmp_path, rows)])["unmarked"] == 1

    def test_several_files_and_one_task(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        essay = class_set(tmp_path, [item(1, task="essay", label="correct")], "essay.jsonl")
        assert evaluated(capsys, [rows, essay])["overall"]["rows"] == 7
        assert evaluated(capsys, [rows, essay], "--task", "essay")["overall"]["rows"] == 1

    def test_marks_made_before(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "marks.jsonl"
        main(["grade", str(rows), "-o", str(out), "--quiet"])
        before = evaluated(capsys, [rows])
        marker.batches.clear()
        assert evaluated(capsys, [rows], "--marks", str(out)) == before
        assert marker.batches == []


class TestAnotherTask:
    def test_rows_are_read_as_the_task_that_is_named(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        judged = [item(1, task="judge", label="pass"), item(2, "3", task="judge", label="fail")]
        path = class_set(tmp_path, judged)
        assert "No row with a label" in said(capsys, path)
        found = evaluated(capsys, [path], "--as", "math")["overall"]
        assert (found["rows"], found["measures"]["accuracy"]["value"]) == (2, 1.0)

    def test_task_still_chooses_by_what_the_rows_say(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [item(1, label="pass"), item(2, task="essay", label="pass")]
        path = class_set(tmp_path, rows)
        found = evaluated(capsys, [path], "--as", "short_answer", "--task", "essay")
        assert found["overall"]["rows"] == 1


def test_equal_ids_in_two_files_are_refused_beside_marks(
    rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
) -> None:
    other = class_set(tmp_path, [item(3, "9", label="wrong")], "other.jsonl")
    out = tmp_path / "marks.jsonl"
    main(["grade", str(rows), "-o", str(out), "--quiet"])
    assert said(capsys, rows, other, "--marks", out) == (
        f"kindmark: The id 'r3' is in two of the files, and {out} tells marks apart by it.\n"
        "Compare one file at a time, each with the marks made of it.\n"
    )
    assert evaluated(capsys, [rows, other])["overall"]["rows"] == 7


class TestRefusals:
    def test_no_label(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert said(capsys, rows, "--label", "lable") == (
            "kindmark: No row has the field 'lable'.\n"
            "Is 'label' meant? Name the field with the labels: --label FIELD\n"
        )

    def test_a_label_that_says_nothing(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = class_set(tmp_path, [item(1, label="correct"), item(2, label="so-so")])
        assert said(capsys, path) == (
            "kindmark: line 2: the label 'so-so' is neither a verdict nor a score.\n"
            "Verdicts are correct, partial and incorrect; scores are numbers.\n"
        )

    def test_verdicts_among_scores(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = class_set(tmp_path, [item(1, label=0.5), item(2, label="Wrong")])
        assert said(capsys, path) == (
            "kindmark: line 2: the label 'wrong' is a verdict, and other labels are scores.\n"
            "Compare them one kind at a time.\n"
        )

    def test_a_score_off_the_scale(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert said(capsys, class_set(tmp_path, [item(1, label=3.5)])) == (
            "kindmark: line 1: the label 3.5 is not on the scale from 0 to 1.\n"
            "Give the field 'scale' in the rows, or the option --scale 0-5.\n"
        )
        assert marker.batches == []

    def test_a_scale_that_is_none(self, rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "argument --scale: '5' is no range such as 0-5." in said(
            capsys, rows, "--scale", "5"
        )

    def test_one_fold_would_learn_what_it_is_asked(
        self, rows: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert "argument --folds: '1' is no whole number from 2." in said(
            capsys, rows, "--folds", "1"
        )

    def test_marks_of_other_rows(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "marks.jsonl"
        main(["grade", str(rows), "-o", str(out), "--quiet", "--limit", "2"])
        assert said(capsys, rows, "--marks", out) == (
            f"kindmark: {out} has no mark for 'r2' (line 3).\n"
            "Mark the same rows first: kindmark grade IN -o OUT.jsonl\n"
        )

    def test_marks_on_another_scale(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows, out = class_set(tmp_path, [item(1, label=5)]), tmp_path / "marks.jsonl"
        main(["grade", str(rows), "-o", str(out), "--quiet"])
        assert f"{out}: the mark of 'r1' is out of 1, and its row says 5." in said(
            capsys, rows, "--marks", out, "--scale", "0-5"
        )


class TestReport:
    def test_it_is_written_beside_the_tables(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "page.html"
        options = ("--report", str(page), "--by", "module")
        assert evaluated(capsys, [rows], *options)["overall"]["rows"] == 6
        text = page.read_text("utf-8")
        for part in ("66.7", "commonest label", "word overlap", "Group by group", "r4", "r5"):
            assert part in text
        assert [path.name for path in tmp_path.glob("page*")] == ["page.html"]

    def test_scores(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = class_set(tmp_path, [item(1, label=5), item(2, "<b>3", label=4), item(3, label=0)])
        page = tmp_path / "page.html"
        evaluated(capsys, [path], "--scale", "0-5", "--report", str(page))
        text = page.read_text("utf-8")
        assert "scale from 0 to 5" in text
        assert text.index("Teacher: 0") < text.index("Teacher: 4")
        assert "&lt;b&gt;3" in text

    def test_where_it_lies_is_said(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "page.html"
        main(["eval", str(rows), "--report", str(page)])
        assert f"The report is in {page}." in capsys.readouterr().err

    def test_a_wrong_name_costs_no_marking(
        self, rows: Path, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name, reason in (
            (str(tmp_path), "is a folder."),
            (str(rows), "does not end in .html"),
            (str(tmp_path / "no" / "page.html"), "there is no folder"),
        ):
            assert reason in said(capsys, rows, "--report", name)
        assert marker.batches == []

    def test_the_class_set_is_never_overwritten(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = class_set(tmp_path, [item(1, label="correct")], "class.html")
        assert "is the class set itself" in said(capsys, path, "--report", path)


class TestBaselines:
    def test_the_threshold_is_the_best_one(self) -> None:
        feature, labels = np.array([1.0, 2, 3, 4]), np.array([0.0, 0, 1, 1])
        assert threshold(feature, labels, np.array([0.0, 2, 3, 9])).tolist() == [0, 0, 1, 1]

    def test_the_threshold_works_both_ways(self) -> None:
        feature, labels = np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 0, 0])
        assert threshold(feature, labels, feature).tolist() == [1, 1, 0, 0]

    def test_equal_values_are_not_cut(self) -> None:
        feature, labels = np.array([1.0, 1, 1]), np.array([0.0, 1, 1])
        assert threshold(feature, labels, feature).tolist() == [1, 1, 1]

    def test_same_rank_keeps_the_order(self) -> None:
        feature, labels = np.array([10.0, 20, 30, 40]), np.array([0.0, 1, 2, 3])
        assert same_rank(feature, labels, np.array([5.0, 45])).tolist() == [0, 3]

    def test_the_commonest_label(self) -> None:
        assert commonest(np.array([0.0, 1, 1])).tolist() == [1, 1, 1]

    def test_a_question_is_never_fitted_on_itself(self) -> None:
        feature = np.arange(12.0)
        questions = [str(number // 3) for number in range(12)]

        def fit(known: np.ndarray, _labels: np.ndarray, new: np.ndarray) -> np.ndarray:
            assert not {value // 3 for value in known} & {value // 3 for value in new}
            return new

        assert cross_fitted(feature, feature, questions, 3, fit).tolist() == feature.tolist()

    def test_one_question_is_cut_by_rows(self) -> None:
        feature = np.arange(4.0)

        def fit(known: np.ndarray, _labels: np.ndarray, new: np.ndarray) -> np.ndarray:
            assert not set(known) & set(new)
            return new

        assert cross_fitted(feature, feature, ["q"] * 4, 2, fit).tolist() == feature.tolist()

    def test_a_single_row(self) -> None:
        one = np.array([1.0])
        assert cross_fitted(one, one, ["q"], 5, threshold).tolist() == [1]
