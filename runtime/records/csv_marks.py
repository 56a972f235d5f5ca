"""Marks as a flat CSV table for spreadsheets, with what the pupil wrote beside each mark.

    with CsvMarks.create(Path("marks.csv")) as out:
        out.write([(row, mark)])

A table cannot be continued after an interruption: JSONL can.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Self

from runtime.records.marks import ByteSink, Marked
from runtime.records.source import BOM

COLUMNS = (
    *("id", "learner", "question", "answer", "verdict", "score", "max_score", "confidence"),
    *("needs_review", "reasons", "first_wrong_step", "misconception", "feedback", "hints"),
    *("socratic_question", "citations", "seconds", "traits", "distribution"),
)

# What spreadsheets take for a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA = tuple("=+-@＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

Cell = str | float | bool | None


class CsvMarks(ByteSink):
    """One mark a row."""

    @classmethod
    def create(cls, path: Path) -> Self:
        """Begin ``path`` anew, with the mark by which Excel knows UTF-8."""
        sink = cls.append_to(path, size=0)
        sink.put(BOM)
        sink.put(_csv([COLUMNS]))
        return sink

    @classmethod
    def stream(cls, file: BinaryIO) -> Self:
        """Write to an open stream."""
        sink = cls(file)
        sink.put(_csv([COLUMNS]))
        return sink

    def write(self, marked: Sequence[Marked]) -> None:
        """Append the marks in one piece."""
        self.put(_csv([_cells(pair) for pair in marked]))


def harmless(cell: Cell) -> Cell:
    """Return a cell no spreadsheet runs: text like a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _cells(marked: Marked) -> list[Cell]:
    row, mark = marked
    cells: list[Cell] = [mark.id]
    cells += [row.item.learner, row.item.question, row.item.text] if row.item else [None] * 3
    cells += [mark.verdict.value, mark.score, mark.max_score, mark.confidence, mark.needs_review]
    cells += ["\n".join(mark.reasons), mark.first_wrong_step, mark.misconception, mark.feedback]
    cells += ["\n".join(mark.hints), mark.socratic_question, "\n".join(mark.citations)]
    numbers = map(_pairs, (mark.traits, mark.distribution))
    return [*map(harmless, cells), mark.seconds, *map(harmless, numbers)]


def _pairs(values: Mapping[str, float]) -> str:
    return "; ".join(f"{name}: {value:g}" for name, value in values.items())


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
