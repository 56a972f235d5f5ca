"""Examples and files for the tests; every text in them is made up."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.schema import Example

RIGHT, WRONG, HALF = Verdict.CORRECT, Verdict.INCORRECT, Verdict.PARTIAL


def example(number: int | str = 1, **fields: object) -> Example:
    """Return one short answer; ``group`` is also its question unless that is given."""
    group = str(fields.pop("group", "q1"))
    given = {"answer": f"answer {number}", "verdict": RIGHT, "question": f"What of {group}?"}
    base = {"id": str(number), "set": "ours", "group": group, "task": Task.SHORT_ANSWER}
    return Example(**base | given | fields)  # type: ignore[arg-type]


def class_set(questions: int = 6, answers: int = 5) -> list[Example]:
    """Return right and wrong answers in turn to several questions."""
    return [
        example(f"{q}-{a}", group=f"q{q}", verdict=RIGHT if (q + a) % 2 else WRONG)
        for q in range(questions)
        for a in range(answers)
    ]


def write_rows(path: Path, *rows: Mapping[str, object]) -> Path:
    """Write JSONL."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def simulate_sums(count: int, seed: int) -> Iterator[Example]:
    """Sums, of four answers to each the first right and the others too high."""
    for number in range(count):
        first, slip = seed + number // 4, number % 4
        yield Example(
            id=str(number),
            set="sums",
            group=f"{first} + 2",
            task=Task.MATH,
            question=f"{first} + 2?",
            answer=str(first + 2 + slip),
            reference=str(first + 2),
            verdict=WRONG if slip else RIGHT,
            rule=f"{slip} too many" if slip else None,
        )
