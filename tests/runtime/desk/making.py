"""Class sets for tests of the desk."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from runtime.desk import Desk
from runtime.desk.review import Filters
from runtime.desk.scope import Scope
from runtime.records.store.desk import Taken
from runtime.records.store.screens import ResultLine

EVERY = 1000


def short(answer: str, number: int, **fields: object) -> dict[str, object]:
    return {
        "id": f"s{number}",
        "task": "short_answer",
        "question": "Why does ice float?",
        "reference": "Ice is less dense than water.",
        "answer": answer,
        "learner": f"Learner {number}",
        **fields,
    }


def sums(answers: Sequence[str]) -> list[dict[str, object]]:
    """Return answers to one question in maths."""
    return [
        short(a, n, task="math", question="1/3 + 1/4?", reference="7/12")
        for n, a in enumerate(answers)
    ]


def essays(words: Sequence[int]) -> list[dict[str, object]]:
    return [
        short(
            " ".join(f"river{n} stone{at}" for at in range(count // 2)),
            n,
            task="essay",
            question="Tell of a river.",
            reference=None,
            scale=[0, 6],
        )
        for n, count in enumerate(words)
    ]


def written(folder: Path, rows: Sequence[Mapping[str, object]], name: str = "set.jsonl") -> str:
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return str(path)


def taken(desk: Desk, folder: Path, rows: Sequence[Mapping[str, object]], class_id: int) -> Taken:
    return desk.take(desk.look_at(written(folder, rows), class_id), "Set")


def marked(desk: Desk, folder: Path, rows: Sequence[Mapping[str, object]], class_id: int) -> Scope:
    """Take a class set in and mark it."""
    session = taken(desk, folder, rows, class_id).session
    job = desk.mark(session.id)
    assert job.wait(30), "the job does not end"
    assert job.progress.error is None
    return Scope(session_id=session.id)


def lines(desk: Desk, scope: Scope, **filters: object) -> list[ResultLine]:
    return desk.lines(scope, Filters(**filters), limit=EVERY)  # type: ignore[arg-type]


def line(desk: Desk, scope: Scope, text: str) -> ResultLine:
    (found,) = (one for one in lines(desk, scope) if one.text == text)
    return found
