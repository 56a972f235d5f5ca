"""The tables of the comparison, and the sentences that say what they show.

    print(class_table(plan, figures))
    print(real_table(plan, figures, labels))

A ratio is taken within each round, then the median over the rounds; behind seconds stand the least
and the most of the rounds. Beside the clock's ratio stands that of processor time, which other
work on the machine hardly changes.
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.class_sets import common
from benchmarks.peers.job import REPLY, Result, Work
from benchmarks.peers.rounds import Figures, Method, Plan

RANDOM = (
    "The weights are random in the true shape: speed depends on shape and quantization, not on "
    "values. Verdicts and words mean nothing here."
)


def class_table(plan: Plan, figures: Figures) -> str:
    """Return the table of a class made to measure and what it shows."""
    lines = [
        "| method | verdicts, s | x (a), clock / CPU | feedback, s | x (a), clock / CPU "
        "| peak GB | answers measured |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in plan.methods:
        cells = [_cells(figures, method, work) for work in ("verdicts", "feedback")]
        lines.append(
            f"| {method.title} | {' | '.join(cells)} | {_peak(figures, method):.2f} "
            f"| {_answers(figures, method)} |"
        )
    return "\n".join([*lines, "", *_findings(plan, figures)]) + "\n"


def real_table(plan: Plan, figures: Figures, labels: Sequence[str]) -> str:
    """Return the table of real classes: speed, who judged, and agreement with teachers."""
    lines = [
        "| method | s | x (a), clock / CPU | like the teacher | peak GB | answers measured "
        "| judged by |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in plan.methods:
        [*_, last] = figures[method.name]["verdicts"]
        shares = ", ".join(f"{who} {n}" for who, n in Counter(last.stages).most_common())
        lines.append(
            f"| {method.title} | {_cells(figures, method, 'verdicts')} "
            f"| {_agreement(last, labels)} | {_peak(figures, method):.2f} "
            f"| {last.answers} | {shares or '-'} |"
        )
    return "\n".join(lines) + "\n"


def ratio(figures: Figures, slower: str, faster: str, work: Work) -> float:
    """Return how many times as fast a method is, round by round, as the median."""
    pairs = zip(figures[slower][work], figures[faster][work], strict=False)
    return statistics.median(one.seconds / other.seconds for one, other in pairs)


def processor_ratio(figures: Figures, slower: str, faster: str, work: Work) -> float:
    """Return how many times as much processor time a method takes, as the median."""
    pairs = zip(figures[slower][work], figures[faster][work], strict=False)
    return statistics.median(one.spent.cpu / max(other.spent.cpu, 0.01) for one, other in pairs)


def shape(prompts: Sequence[Sequence[int]]) -> str:
    """Return a sentence on the tokens of a class."""
    shared = common(prompts)
    tails = [len(ids) - shared for ids in prompts]
    every, once = sum(map(len, prompts)), shared + sum(tails)
    return (
        f"{len(prompts)} answers, {shared} shared tokens, {min(tails)} to {max(tails)} more a "
        f"prompt, {statistics.mean(tails):.1f} in the mean: {every} tokens, {once} with the shared "
        f"ones once, so that sharing alone can give {every / once:.2f} times the speed."
    )


def _cells(figures: Figures, method: Method, work: Work) -> str:
    results = figures[method.name].get(work)
    if not results:
        return "- | -"
    seconds = [one.seconds for one in results]
    middle = f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"
    if work not in figures.get("loop", {}):
        return f"{middle} | -"
    ratios = (of(figures, "loop", method.name, work) for of in (ratio, processor_ratio))
    return f"{middle} | {' / '.join(f'{times:.2f}' for times in ratios)}"


def _peak(figures: Figures, method: Method) -> float:
    return max(one.peak for results in figures[method.name].values() for one in results) / 1e9


def _answers(figures: Figures, method: Method) -> str:
    return " / ".join(str(results[0].answers) for results in figures[method.name].values())


def _agreement(result: Result, labels: Sequence[str]) -> str:
    if not result.verdicts:
        return "-"
    same = sum(a == b for a, b in zip(result.verdicts, labels, strict=True))
    return f"{same / len(labels):.1%}"


def _findings(plan: Plan, figures: Figures) -> Iterator[str]:
    for work in ("verdicts", "feedback"):
        if work in figures.get("kindmark", {}):
            yield from _against_best(figures, work)
    yield from _same_alone(figures)
    yield from _second(figures)
    yield from _lengths(plan, figures)


def _against_best(figures: Figures, work: Work) -> Iterator[str]:
    for name, kind in (("(b)", ("prefix", "ram_cache")), ("(c)", ("server-",)), ("(d)", ("tr",))):
        others = [one for one in figures if one.startswith(kind) and work in figures[one]]
        if others:
            best = min(others, key=lambda one: ratio(figures, one, "kindmark", work))
            times = ratio(figures, best, "kindmark", work)
            yield f"- {work}: {times:.2f} times as fast as the best of {name}, {best}."


def _same_alone(figures: Figures) -> Iterator[str]:
    alone = figures.get("kindmark_single", {}).get("verdicts")
    together = figures.get("kindmark", {}).get("verdicts")
    if not alone or not together:
        return
    # Few were asked alone, evenly spread over the class; each round of the class is the same.
    single, every = alone[0].probabilities, together[0].probabilities
    count = len(single)
    pairs = [(single[at], every[at * len(every) // count]) for at in range(count)]
    same = sum(_best(one) == _best(other) for one, other in pairs)
    most = max(abs(p - q) for one, other in pairs for p, q in zip(one, other, strict=True))
    yield (
        f"- {same} of {count} verdicts are those of the answer marked alone; no probability "
        f"differs by more than {most:.2g}."
    )


def _best(probabilities: Sequence[float]) -> int:
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def _second(figures: Figures) -> Iterator[str]:
    first = figures.get("kindmark", {}).get("verdicts")
    second = figures.get("kindmark_again", {}).get("verdicts")
    if first and second:
        yield (
            f"- The first run decoded {first[0].decoded} prompt tokens, the second "
            f"{second[0].decoded}."
        )


def _lengths(plan: Plan, figures: Figures) -> Iterator[str]:
    """Say where a method read other prompts or wrote another number of tokens than the rest."""
    asked = {
        method.title: round(sum(result.read) / result.answers, 1)
        for method in plan.methods
        for result in figures[method.name].get("verdicts", ())[:1]
        if result.read and result.answers == len(plan.items)
    }
    if len(set(asked.values())) > 1:
        yield f"- Prompts differ in length, in tokens: {asked}."
    for method in plan.methods:
        for result in figures[method.name].get("feedback", ()):
            if any(count != REPLY for count in result.written):
                yield f"- {method.title} wrote {min(result.written)} tokens, not {REPLY}."
