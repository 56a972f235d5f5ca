"""Items: one question with one child's answer, as DESIGN.md's contract has it.

item = parse_item({"id": "q1", "task": "math", "question": "1+1?", "answer": "2"})
"""

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from runtime.errors import BadInputError
from runtime.marking.refused import refused
from runtime.marking.rubric import Rubric
from runtime.words import _, number

MAX_ANSWER_CHARS = 100_000
"""About 17,000 words: ten times a long school essay, and still marked in seconds."""

MAX_SOLUTION_CHARS = 20_000
"""More lines than a working that is checked may have; a child reads it whole on one screen."""

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
    """One row of a class set. ``answer`` is the child's text, or ``steps`` is, line by line.

    ``solution`` is a worked solution that the set brings: shown as the last hint, never marked by.
    """

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
    solution: str = ""

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
    for name in ("id", "reference", "answer", "solution"):
        if isinstance(fields.get(name), int | float) and not isinstance(fields[name], bool):
            fields[name] = _plain_number(fields[name])
    if isinstance(fields.get("rubric"), str):
        fields["rubric"] = {"name": "rubric", "description": fields["rubric"]}
    try:
        item = msgspec.convert(fields, Item, strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(_field_problem(str(error), fields), _remedy(str(error))) from None
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
        raise BadInputError(
            _("the field '{name}' is missing").format(name=missing[0]),
            _("Is '{name}' meant?").format(name=near[0])
            if near
            else _("Add the field '{name}'.").format(name=missing[0]),
        )


def _field_problem(error: str, fields: Mapping[str, object]) -> str:
    field, what = refused(error, fields)
    return _("the field '{field}' is wrong: {what}").format(field=field or "row", what=what)


def _remedy(error: str) -> str:
    if "$.task" in error:
        return _("Use one of: {names}.").format(names=", ".join(Task))
    if "$.form" in error:
        return _("Use one of: {names}.").format(names=", ".join(Form))
    return _("See the README for the fields of an item.")


def _check(item: Item) -> None:
    if len(item.text) > MAX_ANSWER_CHARS:
        raise BadInputError(
            _("the answer has {count} characters, more than {most}").format(
                count=number(len(item.text)), most=number(MAX_ANSWER_CHARS)
            ),
            _("Split it, or check that no other file was pasted in."),
        )
    if len(item.solution) > MAX_SOLUTION_CHARS:
        raise BadInputError(
            _("the solution has {count} characters, more than {most}").format(
                count=number(len(item.solution)), most=number(MAX_SOLUTION_CHARS)
            ),
            _("Write the steps to the answer alone."),
        )
    low, high = item.scale
    if not low < high:
        raise BadInputError(
            _("the field 'scale' is wrong: {low:g} is not below {high:g}").format(
                low=low, high=high
            ),
            _('Write the lowest and the highest score, for instance "scale": [0, 5].'),
        )
