"""A marker that needs no model, and the class sets the command line is tried on."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runtime.cli.marking import DEFAULT, Choice, OpenMarker, Settings
from runtime.marking.decision import Calibration
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.rows import Row

STAMP = {"kindmark": "test", "calibration": "c"}


class FakeMarker:
    """Calls an answer right if it is the reference; remembers the sizes of its batches."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.stop_at: int | None = None
        self.error: Exception | None = None
        self.review_below: float | None = None
        self.choice = DEFAULT

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        if self.stop_at == len(self.batches):
            raise KeyboardInterrupt
        if self.error:
            raise self.error
        self.batches.append(len(items))
        return [self._mark(item) for item in items]

    def _mark(self, item: Item) -> Mark:
        right = item.text == item.reference
        return Mark(
            id=item.id,
            verdict=Verdict.CORRECT if right else Verdict.INCORRECT,
            score=item.scale[1] if right else item.scale[0],
            max_score=item.scale[1],
            confidence=0.9 if right else 0.6,
            needs_review=not right,
            reasons=("It is the reference." if right else "It is not the reference.",),
        )

    def settings(self, review_below: float | None) -> Settings:
        """Stand in for ``settings``."""
        return Settings(Calibration(review_below=review_below or 0.7, maths={}), STAMP)

    @contextmanager
    def open(
        self, rows: Iterable[Row], review_below: float | None, choice: Choice = DEFAULT
    ) -> Iterator[OpenMarker]:
        """Stand in for ``open_marker``."""
        assert all(isinstance(row, Row) for row in rows)
        self.choice = choice
        self.review_below = review_below
        yield OpenMarker(self, STAMP, {"model": "m"})


def item(number: int, answer: str = "2", **fields: object) -> dict[str, object]:
    row = {"id": f"r{number}", "task": "math", "question": "1+1?", "reference": "2"}
    return {**row, "answer": answer, **fields}


def class_set(folder: Path, rows: Iterable[object], name: str = "class.jsonl") -> Path:
    path = folder / name
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
