"""Teachers' labels beside marks: verdicts in the words data sets use, or scores.

labels = read_labels(rows, "label")
"""

import difflib
from collections.abc import Iterable, Sequence

import msgspec

from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.rows import Row, shorten

_WORDS = {
    Verdict.CORRECT: "correct right true pass passed yes 1 1.0",
    Verdict.INCORRECT: "incorrect wrong false fail failed no 0 0.0",
}
_VERDICTS = {word: verdict for verdict, words in _WORDS.items() for word in words.split()}
_VERDICTS |= dict.fromkeys(
    ("partial", "partially correct", "partly correct", "half right"), Verdict.PARTIAL
)


Label = Verdict | float
"""A verdict, or a score on the item's scale."""


class Labelled(msgspec.Struct, frozen=True):
    """One marked answer with a teacher's label; ``group`` is its value of ``--by``."""

    item: Item
    mark: Mark
    label: Label
    question: str
    group: str = ""


def read_labels(rows: Sequence[Row], field: str) -> list[Label]:
    """Return one label a row. Raises ``BadInputError`` naming the first that makes no sense."""
    for row in rows:
        _check(row, field)
    scores = not all(_says_verdict(row, field) for row in rows)
    return [_score(row, field) if scores else _VERDICTS[_word(row, field)] for row in rows]


def has_label(row: Row, field: str) -> bool:
    """Whether a teacher labelled this row."""
    return row.fields.get(field) not in (None, "")


def no_labels(rows: Iterable[Row], field: str) -> BadInputError:
    """Return the error for rows none of which has a label."""
    names = sorted({name for row in rows for name in row.fields})
    near = difflib.get_close_matches(field, names, n=1)
    hint = f"Is '{near[0]}' meant? " if near else ""
    return BadInputError(
        f"No row has the field '{field}'.", f"{hint}Name the field with the labels: --label FIELD"
    )


def question_of(row: Row) -> str:
    """Return what answers to one question share."""
    given = row.fields.get("question_id")
    return str(given) if given is not None else row.item.question if row.item else ""


def group_of(row: Row, by: str | None) -> str:
    """Return the row's value of the field ``by``."""
    found = row.fields.get(by) if by else None
    return "(none)" if found is None else str(found)


def _word(row: Row, field: str) -> str:
    word = str(row.fields[field]).lower().replace("_", " ")
    return " ".join(word.split())


def _says_verdict(row: Row, field: str) -> bool:
    """Whether a label is a verdict; 0 and 1 are scores where the scale is another than 0 to 1."""
    word = _word(row, field)
    if _number(word) is not None and row.item and row.item.scale != (0.0, 1.0):
        return False
    return word in _VERDICTS


def _check(row: Row, field: str) -> None:
    word = _word(row, field)
    if word not in _VERDICTS and _number(word) is None:
        raise BadInputError(
            f"line {row.line}: the label {shorten(word)!r} is neither a verdict nor a score.",
            "Verdicts are correct, partial and incorrect; scores are numbers.",
        )


def _score(row: Row, field: str) -> float:
    low, high = row.item.scale if row.item else (0.0, 1.0)
    word = _word(row, field)
    score = _number(word)
    if score is None:
        raise BadInputError(
            f"line {row.line}: the label {word!r} is a verdict, and other labels are scores.",
            "Compare them one kind at a time.",
        )
    if not low <= score <= high:
        raise BadInputError(
            f"line {row.line}: the label {score:g} is not on the scale from {low:g} to {high:g}.",
            "Give the field 'scale' in the rows, or the option --scale 0-5.",
        )
    return score


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
