from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.peers import report, rounds
from benchmarks.peers.job import REPLY, Job, Result, Spent, Usage
from benchmarks.peers.rounds import Figures, Method, Plan
from runtime.marking.item import Item, Task

ITEMS = tuple(
    Item(id=str(at), task=Task.SHORT_ANSWER, question="Why?", answer="So.", reference="So.")
    for at in range(10)
)


def result(seconds: float, **more: object) -> Result:
    return Result(spent=Spent(seconds, 2 * seconds), answers=10, peak=2_000_000_000, **more)  # type: ignore[arg-type]


def plan(methods: Sequence[Method]) -> Plan:
    return Plan(methods, ITEMS, Path("m.gguf"), None, few=0, rounds=2, threads=2)


def chosen(*names: str) -> list[Method]:
    return [one for one in rounds.methods([1, 4]) if one.name in names]


def figures(**seconds: Sequence[float]) -> Figures:
    return {
        name: {"verdicts": [result(s) for s in found], "feedback": [result(s) for s in found]}
        for name, found in seconds.items()
    }


def test_a_ratio_is_taken_within_each_round() -> None:
    # The machine was slow in the second round, for both alike.
    found = figures(loop=[100, 400, 100], kindmark=[20, 80, 25])
    assert report.ratio(found, "loop", "kindmark", "verdicts") == pytest.approx(5.0)


def test_processor_time_has_a_ratio_of_its_own() -> None:
    found = figures(loop=[100], kindmark=[20])
    found["kindmark"]["verdicts"] = [
        Result(spent=Spent(20, 25), answers=10, peak=0),
    ]
    assert report.processor_ratio(found, "loop", "kindmark", "verdicts") == pytest.approx(8.0)


def test_time_is_spent_by_clock_and_processor() -> None:
    start = Spent.now()
    while Spent.now().cpu == start.cpu:
        sum(range(10_000))
    spent = Spent.now().since(start)
    assert 0 < spent.cpu <= 1.0
    assert spent.clock > 0
    assert spent.times(3) == (3 * spent.clock, 3 * spent.cpu)


def test_the_table_has_medians_spread_and_ratios() -> None:
    found = figures(loop=[100, 400, 120], kindmark=[20, 80, 24])
    text = report.class_table(plan(chosen("loop", "kindmark")), found)
    row = next(line for line in text.splitlines() if line.startswith("| Kindmark |"))
    assert row == (
        "| Kindmark | 24.0 (20.0 to 80.0) | 5.00 / 5.00 | 24.0 (20.0 to 80.0) | 5.00 / 5.00 "
        "| 2.00 | 10 / 10 |"
    )


def test_kindmark_is_compared_with_the_best_of_a_kind() -> None:
    found = figures(loop=[100], prefix=[30], ram_cache=[40], kindmark=[20])
    text = report.class_table(plan(chosen("loop", "prefix", "ram_cache", "kindmark")), found)
    assert "- verdicts: 1.50 times as fast as the best of (b), prefix." in text


def test_verdicts_that_a_class_changes_are_counted() -> None:
    found = figures(kindmark=[20], kindmark_single=[100])
    every = ((0.6, 0.4), (0.1, 0.9)) * 5
    alone = ((0.6, 0.4), (0.45, 0.55), (0.55, 0.45), (0.1, 0.9), (0.6, 0.4))
    found["kindmark"]["verdicts"] = [result(20, probabilities=every)]
    found["kindmark_single"]["verdicts"] = [result(100, probabilities=alone)]
    # Asked alone were the answers 0, 2, 4, 6 and 8 of the ten.
    text = report.class_table(plan(chosen("kindmark", "kindmark_single")), found)
    assert "3 of 5 verdicts are those of the answer marked alone" in text
    assert "no probability differs by more than 0.5" in text


def test_a_reply_of_another_length_is_told() -> None:
    found = figures(loop=[100])
    found["loop"]["feedback"] = [result(100, written=(REPLY, 12))]
    text = report.class_table(plan(chosen("loop")), found)
    assert "(a) plain loop wrote 12 tokens, not 60." in text


def test_prompts_of_other_lengths_are_told() -> None:
    found = figures(loop=[100], kindmark=[20])
    found["loop"]["verdicts"] = [result(100, read=(11,) * 10)]
    found["kindmark"]["verdicts"] = [result(20, read=(10,) * 10)]
    text = report.class_table(plan(chosen("loop", "kindmark")), found)
    assert "Prompts differ in length" in text


def test_agreement_is_with_the_labels() -> None:
    methods = rounds.class_methods()
    found = figures(loop=[100], no_cascade=[20], cascade=[10])
    verdicts = ("correct",) * 4 + ("incorrect",) * 6
    found["cascade"]["verdicts"] = [result(10, verdicts=verdicts, stages=("same",) * 10)]
    text = report.real_table(plan(methods), found, ["correct"] * 10)
    row = next(line for line in text.splitlines() if line.startswith("| Kindmark |"))
    assert "| 40.0% |" in row
    assert "same 10" in row


def test_a_shape_says_what_sharing_can_give() -> None:
    text = report.shape([[1, 1, 1, 2], [1, 1, 1, 3], [1, 1, 1, 4]])
    assert "3 answers, 3 shared tokens, 1 to 1 more a prompt" in text
    assert "12 tokens, 6 with the shared ones once" in text
    assert "2.00 times" in text


@pytest.mark.parametrize(("few", "ids"), [(0, list(range(10))), (3, [0, 3, 6]), (99, [*range(10)])])
def test_a_sample_is_evenly_spread(few: int, ids: list[int]) -> None:
    job = Job(method="loop", work="verdicts", model="m", items=ITEMS, few=few)
    assert [int(item.id) for item in job.sample] == ids


def test_usage_is_read_out_of_an_answer() -> None:
    answer = {"usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
    assert Usage.of(answer) == (3, 2)


def test_every_method_is_measured_in_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def run(job: Job, _: Path) -> Result:
        asked.append((job.method, job.work))
        return result(1)

    monkeypatch.setattr(rounds, "run", run)
    methods = chosen("loop", "kindmark", "kindmark_single")
    rounds.measure(plan(methods), tmp_path, print)
    first = [
        ("loop", "verdicts"),
        ("loop", "feedback"),
        ("kindmark", "verdicts"),
        ("kindmark", "feedback"),
    ]
    assert asked == [*first, ("kindmark_single", "verdicts"), *first]
