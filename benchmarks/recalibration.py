"""What a teacher's marks on a few answers to a question do for the marks of the others.

    python -m benchmarks.recalibration ROWS.jsonl ...                 short answers
    python -m benchmarks.recalibration ESSAYS.jsonl --prompts P.json  files as of benchmarks.essays

The embedded default marks all answers (``benchmarks.scored_classes`` says what rows hold). Half of
the answers to each question are the teacher's to choose from; the labels of a few of them stand in
for marks, ``runtime.desk.reweighing`` follows, and the figures are of the other half. They are
chosen at random, as ``runtime.desk.first_looks`` proposes them (five at a time), or the least sure
first; the halves are drawn three times. Beside essays stands the length alone, fitted to the same
marks by least squares. Essays that code sets aside for the teacher (copies) are counted apart.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from benchmarks.scored_classes import Class, Here, essays, judged, marked, short_answers
from runtime.desk.first_looks import LOOKS, first_looks
from runtime.desk.gathering import Asked, Given
from runtime.desk.likeness import Likeness
from runtime.desk.reweighing import reweigh
from runtime.judge.calibration import load_calibration
from runtime.marking import agreement
from runtime.marking.mark import Mark, Verdict
from runtime.marking.scores import graded

TOLD = (0, 1, 3, 5, 10)
TOLD_ESSAYS = (0, 3, 5, 10, 25)
DRAWS = 3

Pair = tuple[float, Verdict, Mark]
"""The teacher's score and verdict of an answer, and its mark."""
Order = Callable[[Class, list[int], int], list[int]]
"""Which of some places a teacher marks, so many of them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table for each file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--prompts", type=Path, help="essays: the questions, by the key of a row")
    parser.add_argument("--limit", type=int, default=150, help="answers a question (default 150)")
    options = parser.parse_args(argv)
    for path in options.paths:
        if options.prompts:
            _essays(path, options.prompts, options.limit)
        else:
            _short_answers(path, options.limit)
    return 0


def _short_answers(path: Path, limit: int) -> None:
    classes = marked(short_answers(path, limit), 2 * TOLD[-1])
    _say(f"{path}: {len(classes)} questions, {sum(len(one.scores) for one in classes):,} answers")
    _say("| order | marks a question | kappa | macro-F1 | ECE | left to review |")
    _say("| --- | --- | --- | --- | --- | --- |")
    for name, order in ORDERS.items():
        for count in TOLD:
            drawn = [(one, *_halves(one, seed)) for one in classes for seed in range(DRAWS)]
            pairs = [
                pair
                for one, pool, rest in drawn
                for pair in _pairs(one, order(one, pool, count), rest)
            ]
            _say(f"| {name} | {count} | {_figures(pairs)} |")


def _essays(path: Path, prompts: Path, limit: int) -> None:
    whole = marked(essays(path, prompts, limit), 2 * TOLD_ESSAYS[-1])
    classes = [judged(one) for one in whole]
    count = sum(len(one.scores) for one in classes)
    aside = sum(len(one.scores) for one in whole) - count
    _say(f"{path}: {len(classes)} questions, {count:,} essays ({aside} more set aside by code)")
    _say("| order | marks a question | QWK | length alone | ECE of the verdict |")
    _say("| --- | --- | --- | --- | --- |")
    for name in ("random", "most telling first"):
        for told in TOLD_ESSAYS:
            _say(f"| {name} | {told} | {_essay_figures(classes, ORDERS[name], told)} |")


def _essay_figures(classes: Sequence[Class], order: Order, count: int) -> str:
    ours, length, every = [], [], []
    for one in classes:
        for seed in range(DRAWS):
            pool, rest = _halves(one, seed)
            told = order(one, pool, count)
            pairs = _pairs(one, told, rest)
            ours.append(_kappa(one, ((score, mark.score or 0.0) for score, _v, mark in pairs)))
            length.append(_kappa(one, _by_length(one, told, rest)))
            every += pairs
    return f"{np.mean(ours):.3f} | {np.mean(length):.3f} | {_error(every):.3f}"


def _halves(one: Class, seed: int) -> tuple[list[int], list[int]]:
    """Return the places that a teacher may choose from, and those that figures are made of."""
    places = list(range(len(one.scores)))
    random.Random(seed).shuffle(places)
    return places[: len(places) // 2], places[len(places) // 2 :]


_likeness = Likeness(Here())
_calibration = load_calibration()


def _pairs(one: Class, told: Sequence[int], rest: Sequence[int]) -> list[Pair]:
    asked = _with(one, told)
    marks = reweigh(asked, _likeness, _calibration).marks
    return [
        (one.scores[at], graded(asked.answers[at].item, one.scores[at]), marks[at]) for at in rest
    ]


def _at_random(_one: Class, pool: list[int], count: int) -> list[int]:
    # They lie in random order already.
    return pool[:count]


def _least_sure(one: Class, pool: list[int], count: int) -> list[int]:
    told: list[int] = []
    while len(told) < count:
        marks = reweigh(_with(one, told), _likeness, _calibration).marks
        open_ = [at for at in pool if at not in told]
        told.append(
            min(open_, key=lambda at: (not marks[at].needs_review, marks[at].confidence, at))
        )
    return told


def _most_telling(one: Class, pool: list[int], count: int) -> list[int]:
    told: list[int] = []
    while len(told) < count:
        asked = _with(one, told)
        # What is not in the pool is not known to whoever proposes: nothing is fitted to it.
        here = replace(asked, answers=tuple(asked.answers[at] for at in pool))
        found = first_looks(here, _likeness, min(LOOKS, count - len(told))).answer_ids
        if not found:
            break
        told += [at for at in pool if asked.answers[at].answer_id in found]
    return told


ORDERS: dict[str, Order] = {
    "random": _at_random,
    "least sure first": _least_sure,
    "most telling first": _most_telling,
}


def _with(one: Class, told: Iterable[int]) -> Asked:
    """Return the question with the teacher's scores at the places of ``told``."""
    answers = list(one.asked.answers)
    for at in told:
        score = one.scores[at]
        given = Given(str(at), graded(answers[at].item, score), score)
        answers[at] = replace(answers[at], given=given)
    return replace(one.asked, answers=tuple(answers))


def _figures(pairs: Sequence[Pair]) -> str:
    labels = [verdict is Verdict.CORRECT for _score, verdict, _mark in pairs]
    given = [mark.verdict is Verdict.CORRECT for *_teacher, mark in pairs]
    review = np.mean([mark.needs_review for *_teacher, mark in pairs])
    kappa, f1 = agreement.cohen_kappa(labels, given), agreement.macro_f1(labels, given)
    return f"{kappa:.3f} | {f1:.3f} | {_error(pairs):.3f} | {review:.0%}"


def _error(pairs: Sequence[Pair]) -> float:
    confidence = [mark.confidence for *_teacher, mark in pairs]
    right = [mark.verdict is verdict for _score, verdict, mark in pairs]
    return agreement.calibration_error(confidence, right)


def _kappa(one: Class, pairs: Iterable[tuple[float, float]]) -> float:
    low, high = one.asked.answers[0].item.scale
    labels, given = zip(*pairs, strict=True)
    return agreement.quadratic_weighted_kappa(labels, given, int(low), int(high))


def _by_length(
    one: Class, told: Sequence[int], rest: Sequence[int]
) -> Iterable[tuple[float, float]]:
    """Yield scores beside those that the length alone gives, fitted to the same marks."""
    words = np.log1p([len(answer.item.text.split()) for answer in one.asked.answers])
    scores = np.array(one.scores)
    chosen = list(told)
    slope, start = np.polyfit(words[chosen], scores[chosen], 1) if told else (0.0, scores.mean())
    low, high = one.asked.answers[0].item.scale
    given = np.clip(np.round(start + slope * words), low, high)
    return ((float(scores[at]), float(given[at])) for at in rest)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
