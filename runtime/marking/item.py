"""Items: one question with one child's answer, as DESIGN.md's contract has it.

item = parse_item({"id": "q1", "task": "math", "question": "1+1?", "answer": "2"})
"""

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from runtime.errors import BadInputError
from runtime.marking.rubric import Rubric

MAX_ANSWER_CHARS = 100_000
"""About 17,000 words: ten times a long school essay, and still marked in seconds."""

_REQUIRED = ("id", "task", "question")


class Task(StrEnum):
    """What kind of work is marked."""

    MATH = "math"
    SHORT_ANSWER = "short_answer"
    ESSAY = "essay"
    RUBRIC = "rubric"


class Form(StrEnum):
    """The form an answer in maths must have, besides being equal."""

    SIMPLEST = "simplest"
    FRACTION = "fraction"
    MIXED = "mixed"
    DECIMAL = "decimal"
    PERCENT = "percent"
    INTEGER = "integer"
    UNIT = "unit"


class Line(msgspec.Struct, frozen=True):
    """One line of working: its text and where it stands in ``Item.text``."""

    text: str
    start: int
    end: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a class set. ``answer`` is the child's text, or ``steps`` is, line by line."""

    id: str
    task: Task
    question: str
    answer: str = ""
    steps: tuple[str, ...] = ()
    reference: str | None = None
    rubric: Rubric | None = None
    source: str | None = None
    scale: tuple[float, float] = (0.0, 1.0)
    form: Form | None = None
    language: str = "en"
    grade_level: int | None = None
    learner: str | None = None

    @property
    def text(self) -> str:
        """The child's whole text; every span of evidence counts code points in it."""
        return self.answer or "\n".join(self.steps)

    def lines(self) -> tuple[Line, ...]:
        """Return the working line by line: ``steps``, else the non-empty lines of the answer."""
        if self.steps and not self.answer:
            return _step_lines(self.steps)
        found = re.finditer(r"[^\n\r]+", self.answer)
        stripped = ((m.group(), m.start()) for m in found if m.group().strip())
        return tuple(_trimmed(text, start) for text, start in stripped)


def _trimmed(text: str, start: int) -> Line:
    left = len(text) - len(text.lstrip())
    body = text.strip()
    return Line(body, start + left, start + left + len(body))


def _step_lines(steps: tuple[str, ...]) -> tuple[Line, ...]:
    lines, at = [], 0
    for step in steps:
        lines.append(_trimmed(step, at))
        at += len(step) + 1
    return tuple(lines)


def parse_item(row: Mapping[str, object]) -> Item:
    """Validate one row of a class set; fields that are not ours are left alone.

    Raises ``BadInputError`` naming the field and what to do.
    """
    fields = {name: value for name, value in row.items() if value is not None}
    _require(row)
    fields.setdefault("question", "")
    for name in ("id", "reference", "answer"):
        if isinstance(fields.get(name), int | float) and not isinstance(fields[name], bool):
            fields[name] = _plain_number(fields[name])
    if isinstance(fields.get("rubric"), str):
        fields["rubric"] = {"name": "rubric", "description": fields["rubric"]}
    try:
        item = msgspec.convert(fields, Item, strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(_field_problem(str(error)), _remedy(str(error))) from None
    _check(item)
    return item


def _plain_number(value: object) -> str:
    # 12.0 is how some programs write 12; a float this size still holds whole numbers exactly.
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _require(row: Mapping[str, object]) -> None:
    missing = [name for name in _REQUIRED if name not in row]
    if row.get("answer") is None and row.get("steps") is None:
        missing.append("answer")
    if missing:
        near = difflib.get_close_matches(missing[0], list(row), n=1)
        hint = f"Is '{near[0]}' meant?" if near else f"Add the field '{missing[0]}'."
        raise BadInputError(f"the field '{missing[0]}' is missing", hint)


def _field_problem(error: str) -> str:
    what, _, where = error.partition(" - at `$")
    field = where.strip("`.") or "row"
    return f"the field '{field}' is wrong: {what[:1].lower()}{what[1:]}"


def _remedy(error: str) -> str:
    if "$.task" in error:
        return f"Use one of: {', '.join(Task)}."
    if "$.form" in error:
        return f"Use one of: {', '.join(Form)}."
    return "See the README for the fields of an item."


def _check(item: Item) -> None:
    if len(item.text) > MAX_ANSWER_CHARS:
        raise BadInputError(
            f"the answer has {len(item.text):,} characters, more than {MAX_ANSWER_CHARS:,}",
            "Split it, or check that no other file was pasted in.",
        )
    low, high = item.scale
    if not low < high:
        raise BadInputError(
            f"the field 'scale' is wrong: {low:g} is not below {high:g}",
            'Write the lowest and the highest score, for instance "scale": [0, 5].',
        )
