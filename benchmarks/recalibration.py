"""What a teacher's marks on a few answers to a question do for the marks of the others.

    python -m benchmarks.recalibration ROWS.jsonl ...                 short answers
    python -m benchmarks.recalibration ESSAYS.jsonl --prompts P.json  files as of benchmarks.essays

A row has ``question``, ``reference``, ``answer`` and ``label`` ("correct" or another word; or a
number, right from 0.8 of the highest on). The embedded default marks all of them; then, question by
question, the labels of a few stand in for the teacher's marks, least sure first (as the desk lists
them) or drawn at random, and ``runtime.desk.reweighing`` follows. What the teacher marked is left
out of the figures. Essays are drawn at random: the length alone, fitted to the same marks by least
squares, stands beside them. Essays that code sets aside for the teacher (copies) are counted apart.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from benchmarks.essays import _by_question, _prompt
from runtime.desk.gathering import Asked, Given, Marked
from runtime.desk.likeness import Likeness
from runtime.desk.opinions import opinion
from runtime.desk.reweighing import reweigh
from runtime.judge.calibration import load_calibration
from runtime.judge.embedded import MODEL_FILE, load_judge
from runtime.judge.encoder import Encoder
from runtime.locations import model_store
from runtime.marking import agreement
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict
from runtime.marking.marker import Marker
from runtime.marking.scores import graded

TOLD = (0, 1, 3, 5, 10)
TOLD_ESSAYS = (0, 3, 5, 10, 25)
LEFT = 5
"""Answers to a question that must be left after the last mark of the teacher."""
RIGHT_FROM = 0.8
BATCH = 64
DRAWS = 3

Pairs = list[tuple[float, Verdict, Mark]]
"""The teacher's score and verdict of each answer that is left, and its mark."""


class Class(msgspec.Struct):
    """A question with its marked answers and the teacher's score of each."""

    asked: Asked
    scores: list[float]


class Here:
    """Compares texts in this process; the rest of a worker is not needed."""

    def __init__(self) -> None:
        self._encoder = Encoder.open(model_store() / MODEL_FILE)

    def compare(self, texts: Sequence[str]) -> "Future[NDArray[np.float32]]":
        """Return how alike the texts are."""
        encoded = (
            self._encoder.encode(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)
        )
        vectors = np.array([one.mean() for some in encoded for one in some], np.float32)
        found: Future[NDArray[np.float32]] = Future()
        found.set_result(vectors @ vectors.T)
        return found

    def mark(self, items: Sequence[Item], **_options: object) -> "Future[list[Mark]]":
        """Marks are made by the marker."""
        raise NotImplementedError

    def stop(self, future: "Future[Any]") -> None:
        """Nothing is under way."""


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
    classes = _marked(list(_short_items(path, limit)), TOLD[-1])
    _say(f"{path}: {len(classes)} questions, {sum(len(one.scores) for one in classes):,} answers")
    _say("| teacher's marks | order | kappa | macro-F1 | ECE | left to review |")
    _say("| --- | --- | --- | --- | --- | --- |")
    ways: dict[str, list[int | None]] = {"least sure first": [None], "random": [*range(DRAWS)]}
    for way, orders in ways.items():
        for count in TOLD:
            pairs = [pair for seed in orders for one in classes for pair in _told(one, count, seed)]
            _say(f"| {count} | {way} | {_figures(pairs)} |")


def _essays(path: Path, prompts: Path, limit: int) -> None:
    whole = _marked(list(_essay_items(path, prompts, limit)), TOLD_ESSAYS[-1])
    classes = [_judged(one) for one in whole]
    judged = sum(len(one.scores) for one in classes)
    aside = sum(len(one.scores) for one in whole) - judged
    _say(f"{path}: {len(classes)} questions, {judged:,} essays ({aside} more set aside by code)")
    _say("| teacher's marks | QWK | length alone | ECE of the verdict |")
    _say("| --- | --- | --- | --- |")
    for count in TOLD_ESSAYS:
        drawn = [(one, seed) for one in classes for seed in range(DRAWS)]
        left = [_told(one, count, seed) for one, seed in drawn]
        ours = [
            _kappa(one, ((score, mark.score or 0.0) for score, _verdict, mark in pairs))
            for (one, _seed), pairs in zip(drawn, left, strict=True)
        ]
        length = [_kappa(one, _by_length(one, count, seed)) for one, seed in drawn]
        error = _error([pair for pairs in left for pair in pairs])
        _say(f"| {count} | {np.mean(ours):.3f} | {np.mean(length):.3f} | {error:.3f} |")


Answers = tuple[list[Item], list[float]]


def _short_items(path: Path, limit: int) -> Iterable[Answers]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_bytes().splitlines():
        row = msgspec.json.decode(line, type=dict[str, Any])
        if row.get("lang", "en") == "en":
            groups[str(row.get("question_id") or row["question"])].append(row)
    every = [row["label"] for rows in groups.values() for row in rows]
    most = max((label for label in every if isinstance(label, int | float)), default=1.0)
    for rows in groups.values():
        kept = random.Random(0).sample(rows, min(limit, len(rows)))
        yield [_item(row, at) for at, row in enumerate(kept)], [_right(r, most) for r in kept]


def _item(row: Mapping[str, Any], at: int) -> Item:
    given = {name: row[name] for name in ("question", "reference", "answer")}
    return Item(id=str(at), task=Task.SHORT_ANSWER, **given)


def _right(row: Mapping[str, Any], most: float) -> float:
    label = row["label"]
    right = label.lower() == "correct" if isinstance(label, str) else label >= RIGHT_FROM * most
    return float(right)


def _essay_items(path: Path, prompts: Path, limit: int) -> Iterable[Answers]:
    for name, rows in _by_question(path).items():
        kept = random.Random(0).sample(rows, min(limit, len(rows)))
        labels = [float(row["label"]) for row in kept]
        # Scores that are no whole numbers (z-scores) are put into steps of half a unit.
        whole = all(label.is_integer() for label in labels)
        scores = [float(round(label * (1 if whole else 2))) for label in labels]
        scale, prompt = (min(scores), max(scores)), _prompt(prompts, name)
        yield [_essay(row, at, scale, prompt) for at, row in enumerate(kept)], scores


def _essay(
    row: Mapping[str, Any], at: int, scale: tuple[float, float], prompt: dict[str, str]
) -> Item:
    return Item(
        id=str(at),
        task=Task.ESSAY,
        question=prompt["question"],
        source=prompt.get("source"),
        answer=row["answer"],
        scale=scale,
    )


def _marked(questions: Sequence[Answers], told: int) -> list[Class]:
    """Mark the questions that have enough answers."""
    with load_judge() as judge, Marker(judge, load_calibration()) as marker:
        return [
            Class(_asked(items, marker), scores)
            for items, scores in questions
            if len(items) >= told + LEFT
        ]


def _asked(items: Sequence[Item], marker: Marker) -> Asked:
    parts = (items[at : at + BATCH] for at in range(0, len(items), BATCH))
    marks = [mark for part in parts for mark in marker.mark(part)]
    answers = (
        Marked(answer_id=at, learner=None, item=item, base=mark, mark=mark, mark_id=at, given=None)
        for at, (item, mark) in enumerate(zip(items, marks, strict=True))
    )
    return Asked(item_id=0, question=items[0].question, answers=tuple(answers))


def _judged(one: Class) -> Class:
    """Return the class without what code alone decided."""
    places = [at for at, a in enumerate(one.asked.answers) if opinion(a.item, a.base)]
    answers = tuple(one.asked.answers[at] for at in places)
    return Class(replace(one.asked, answers=answers), [one.scores[at] for at in places])


_likeness = Likeness(Here())
_calibration = load_calibration()


def _told(one: Class, count: int, seed: int | None) -> Pairs:
    """Return the answers that are left after ``count`` marks; without a seed the least sure."""
    asked, marks = one.asked, [answer.base for answer in one.asked.answers]
    if seed is not None:
        for place in _drawn(one, count, seed):
            asked = _with(asked, place, one.scores[place])
        marks = list(reweigh(asked, _likeness, _calibration).marks) if count else marks
    else:
        for _ in range(count):
            place = _least_sure(asked, marks)
            asked = _with(asked, place, one.scores[place])
            marks = list(reweigh(asked, _likeness, _calibration).marks)
    rows = zip(asked.answers, one.scores, marks, strict=True)
    return [
        (score, graded(answer.item, score), mark)
        for answer, score, mark in rows
        if not answer.given
    ]


def _drawn(one: Class, count: int, seed: int) -> list[int]:
    return random.Random(seed).sample(range(len(one.scores)), count)


def _least_sure(asked: Asked, marks: Sequence[Mark]) -> int:
    left = [place for place, answer in enumerate(asked.answers) if not answer.given]
    return min(left, key=lambda at: (not marks[at].needs_review, marks[at].confidence, at))


def _with(asked: Asked, place: int, score: float) -> Asked:
    answers = list(asked.answers)
    given = Given(str(place), graded(answers[place].item, score), score)
    answers[place] = replace(answers[place], given=given)
    return replace(asked, answers=tuple(answers))


def _figures(pairs: Pairs) -> str:
    labels = [verdict is Verdict.CORRECT for _score, verdict, _mark in pairs]
    given = [mark.verdict is Verdict.CORRECT for *_teacher, mark in pairs]
    review = np.mean([mark.needs_review for *_teacher, mark in pairs])
    kappa, f1 = agreement.cohen_kappa(labels, given), agreement.macro_f1(labels, given)
    return f"{kappa:.3f} | {f1:.3f} | {_error(pairs):.3f} | {review:.0%}"


def _error(pairs: Pairs) -> float:
    confidence = [mark.confidence for *_teacher, mark in pairs]
    right = [mark.verdict is verdict for _score, verdict, mark in pairs]
    return agreement.calibration_error(confidence, right)


def _kappa(one: Class, pairs: Iterable[tuple[float, float]]) -> float:
    low, high = one.asked.answers[0].item.scale
    labels, given = zip(*pairs, strict=True)
    return agreement.quadratic_weighted_kappa(labels, given, int(low), int(high))


def _by_length(one: Class, count: int, seed: int) -> list[tuple[float, float]]:
    """Return the scores that the length alone gives, fitted to the same marks."""
    words = np.log1p([len(answer.item.text.split()) for answer in one.asked.answers])
    told = _drawn(one, count, seed)
    scores = np.array(one.scores)
    slope, start = np.polyfit(words[told], scores[told], 1) if count > 1 else (0.0, scores.mean())
    low, high = one.asked.answers[0].item.scale
    given = np.clip(np.round(start + slope * words), low, high)
    return [(scores[at], given[at]) for at in range(len(scores)) if at not in set(told)]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
