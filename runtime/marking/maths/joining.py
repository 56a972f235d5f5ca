"""Joining: lines of working that go on with the line before, read as one chain.

    for chain in chains(("9/12 + 10/12", "= 19/12", "So 19 pieces")):
        chain.text, chain.steps   # "9/12 + 10/12 = 19/12", (0, 1); then "So 19 pieces", (2,)

Children write a calculation down the page: "= 19/12" below it, "→ 19/12", "so 19/12", a column
sum ("25", "+ 17", "42"), or an = at the end of the line above. A line is joined only where what it
says is then a claim about the line above; "so 20 apples are left" is none.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from runtime.marking.maths.sides import inner, suffix
from runtime.marking.maths.tokens import tokenize

_MOST_LINES = 20
"""Lines of one chain: a statement of more than 30 equals signs is not read."""
_MOST_WORDS_BETWEEN = 2
"""Lines without a number that may stand between a calculation and its "= …"."""

_EQUALS = re.compile(r"\s*[=≈](?![=>])")
_RESULT = re.compile(
    r"\s*(?P<sign>(?:-{1,2}>|=>|[→⇒➔➜]|(?:and )?(?:so|thus|therefore|(?:which |that |it )?"
    r"(?:is|equals|makes|gives))\b,?)\s*(?:[=:])?)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COMPARED = re.compile(r"\s*(?:[<>]=?|[≤≥≠])(?P<rest>[^=<>]+)")
_OPERATOR = re.compile(r"\s*(?P<sign>[-+*/])\s*[\d($£€√]")
_ENDS_OPEN = re.compile(r"[=≈+*/]\s*$")
_STARTS_VALUE = re.compile(r"\s*[\d($£€√]")
_STROKE = re.compile(r"\s*[-_=─—]{2,}\s*")
_TRAILING = re.compile(r"[.,;:=≈\s]+$")


class Chain(msgspec.Struct, frozen=True):
    """Lines as one text: ``steps`` are their numbers, ``starts`` their places in ``text``."""

    text: str
    steps: tuple[int, ...]
    starts: tuple[int, ...]

    def place(self, at: int) -> tuple[int, int]:
        """Return the step that holds a place of ``text``, and the place within its line."""
        index = bisect_right(self.starts, at) - 1
        return self.steps[index], at - self.starts[index]

    @property
    def starts_bare(self) -> bool:
        """Whether the first line is an expression, so that "= …" below it claims an identity."""
        first = self.text[: self.starts[1] - 1] if len(self.starts) > 1 else ""
        return bool(first) and "=" not in first

    @property
    def is_worked_out(self) -> bool:
        """Whether the last line states what the lines before it come to."""
        return len(self.steps) > 1 and "=" in self.text[self.starts[-1] - 1 :]


class _Pair(NamedTuple):
    """Two lines as they are read together, and the sign between them."""

    before: str
    line: str
    glue: str = " "


def chains(lines: Sequence[str]) -> list[Chain]:
    """Return the lines of plain text as chains; most are a chain of one line.

    The places of every character within its line stay as they are.
    """
    found: list[_Building] = []
    between: list[tuple[int, str]] = []
    for step, line in enumerate(lines):
        if found and found[-1].takes(step, line, bool(between)):
            found[-1:-1] = [_Building(*one) for one in between]
            between = []
        elif found and len(between) < _MOST_WORDS_BETWEEN and not _counts(line):
            between.append((step, line))
        else:
            found += [*(_Building(*one) for one in between), _Building(step, line)]
            between = []
    return [one.chain() for one in (*found, *(_Building(*one) for one in between))]


class _Building:
    """A chain that lines are added to."""

    def __init__(self, step: int, line: str) -> None:
        self._steps, self._lines, self._glue = [step], [line], [""]

    def takes(self, step: int, line: str, behind_words: bool) -> bool:
        """Add a line if it goes on with the last one, and return whether it does."""
        if len(self._lines) >= _MOST_LINES:
            return False
        pair = _joined(self._lines[-1], line, behind_words) or self._column(line)
        if pair is None or (_is_bullet(self._lines[0]) and _is_bullet(line)):
            return False
        self._lines[-1] = pair.before
        self._steps.append(step)
        self._lines.append(pair.line)
        self._glue.append(pair.glue)
        return True

    def _column(self, line: str) -> _Pair | None:
        """Read a value below "25", "+ 17" as their sum."""
        last = self._lines[-1]
        below = len(self._lines) > 1 and _OPERATOR.match(last) and "=" not in last
        return _Pair(_without_end(last), line, "=") if below and _is_value(line) else None

    def chain(self) -> Chain:
        starts, text = [], ""
        for glue, line in zip(self._glue, self._lines, strict=True):
            starts.append(len(text) + len(glue))
            text += glue + line
        return Chain(text, tuple(self._steps), tuple(starts))


def _is_bullet(line: str) -> bool:
    """Whether a line begins as the lines of a list do: lists are not worked out."""
    sign = _OPERATOR.match(line)
    return sign is not None and sign["sign"] in "-*"


def _counts(line: str) -> bool:
    """Whether a line is more than words or the stroke below a column."""
    return not _STROKE.fullmatch(line) and any(char.isdigit() or char in "=≈" for char in line)


def _joined(before: str, line: str, behind_words: bool) -> _Pair | None:
    """Return both lines as they are read together, or ``None`` where they are apart."""
    if _EQUALS.match(line):
        return _Pair(_without_end(before), line)
    if behind_words:
        return None
    if _ENDS_OPEN.search(before) and _STARTS_VALUE.match(line):
        return _Pair(before, line)
    if _goes_on(before, line) or _compares(line):
        return _Pair(_without_end(before), line)
    result = _RESULT.fullmatch(line)
    if result and _is_sum(before) and _is_value(result["rest"]):
        said = "=".ljust(result.start("rest")) + result["rest"]
        return _Pair(_without_end(before), said)
    return None


def _compares(line: str) -> bool:
    compared = _COMPARED.fullmatch(line)
    return compared is not None and _is_value(compared["rest"])


def _goes_on(before: str, line: str) -> bool:
    """Whether a line that begins with an operator works on with what stands above it.

    "- 3 + 4 = 7" and "* 3 + 4 = 7" may begin with a bullet, so that only + is read before an =.
    """
    sign = _OPERATOR.match(line)
    if not sign or ("=" in line and sign["sign"] != "+"):
        return False
    return suffix(tokenize(_without_end(before))) is not None


def _without_end(line: str) -> str:
    """Return the line with stops and an = at its end as blanks: "3 + 4 =" above "= 7"."""
    return _TRAILING.sub(lambda match: " " * len(match.group()), line)


def _is_sum(line: str) -> bool:
    """Whether a line is a calculation that has no result yet."""
    if "=" in line or "≈" in line:
        return False
    side = suffix(tokenize(_without_end(line)))
    return side is not None and side.calculates and not side.loose


def _is_value(text: str) -> bool:
    """Whether a text is an expression, with no more than one word behind it: 20 apples."""
    tokens = tokenize(_without_end(text))
    words = sum(token.kind == "name" and len(token.text) > 1 for token in tokens)
    return words <= 1 and inner(tokens) is not None
