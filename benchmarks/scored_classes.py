"""Classes of answers that teachers scored, marked by the embedded default.

    for one in marked(short_answers(Path("rows.jsonl"), limit=150), least=20):
        one.asked.answers[0].base, one.scores[0]

Short answers have ``question``, ``reference``, ``answer`` and ``label`` ("correct" or another word;
or a number, right from 0.8 of the highest on). Essays are as of ``benchmarks.essays``.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from benchmarks.essays import by_question, prompt_of
from runtime.desk.gathering import Asked, Marked
from runtime.desk.opinions import opinion
from runtime.judge.calibration import load_calibration
from runtime.judge.embedded import MODEL_FILE, load_judge
from runtime.judge.encoder import Encoder
from runtime.locations import model_store
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark
from runtime.marking.marker import Marker

RIGHT_FROM = 0.8
BATCH = 64

Answers = tuple[list[Item], list[float]]
"""The answers to one question, and the teacher's score of each."""


class Class(msgspec.Struct):
    """A question with its marked answers and the teacher's score of each."""

    asked: Asked
    scores: list[float]


class Here:
    """Compares texts in this process, each read once; the rest of a worker is not needed."""

    def __init__(self) -> None:
        self._encoder = Encoder.open(model_store() / MODEL_FILE)
        self._known: dict[str, NDArray[np.float32]] = {}

    def compare(self, texts: Sequence[str]) -> "Future[NDArray[np.float32]]":
        """Return how alike the texts are."""
        new = [text for text in texts if text not in self._known]
        for at in range(0, len(new), BATCH):
            part = new[at : at + BATCH]
            read = (one.mean() for one in self._encoder.encode(part))
            self._known.update(zip(part, read, strict=True))
        vectors = np.array([self._known[text] for text in texts], np.float32)
        found: Future[NDArray[np.float32]] = Future()
        found.set_result(vectors @ vectors.T)
        return found

    def mark(self, items: Sequence[Item], **_options: object) -> "Future[list[Mark]]":
        """Marks are made by the marker."""
        raise NotImplementedError

    def stop(self, future: "Future[Any]") -> None:
        """Nothing is under way."""


def short_answers(path: Path, limit: int) -> Iterator[Answers]:
    """Yield the English answers to each question, at most ``limit`` of each."""
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


def essays(path: Path, prompts: Path, limit: int) -> Iterator[Answers]:
    """Yield the essays on each question, at most ``limit`` of each."""
    for name, rows in by_question(path).items():
        kept = random.Random(0).sample(rows, min(limit, len(rows)))
        labels = [float(row["label"]) for row in kept]
        # Scores that are no whole numbers (z-scores) are put into steps of half a unit.
        whole = all(label.is_integer() for label in labels)
        scores = [float(round(label * (1 if whole else 2))) for label in labels]
        scale, prompt = (min(scores), max(scores)), prompt_of(prompts, name)
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


def marked(questions: Iterable[Answers], least: int) -> list[Class]:
    """Mark the questions that have at least ``least`` answers."""
    with load_judge() as judge, Marker(judge, load_calibration()) as marker:
        return [
            Class(_asked(items, marker), scores)
            for items, scores in questions
            if len(items) >= least
        ]


def _asked(items: Sequence[Item], marker: Marker) -> Asked:
    parts = (items[at : at + BATCH] for at in range(0, len(items), BATCH))
    marks = [mark for part in parts for mark in marker.mark(part)]
    answers = (
        Marked(answer_id=at, learner=None, item=item, base=mark, mark=mark, mark_id=at, given=None)
        for at, (item, mark) in enumerate(zip(items, marks, strict=True))
    )
    return Asked(item_id=0, question=items[0].question, answers=tuple(answers))


def judged(one: Class) -> Class:
    """Return the class without what code alone decided."""
    places = [at for at, a in enumerate(one.asked.answers) if opinion(a.item, a.base)]
    answers = tuple(one.asked.answers[at] for at in places)
    return Class(replace(one.asked, answers=answers), [one.scores[at] for at in places])
