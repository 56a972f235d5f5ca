"""Puts what a hand did on paper: layout, signs and words of one child, whatever the verdict."""

import random
from collections.abc import Sequence

import msgspec

from train.simulate.maths.hand import Line
from train.simulate.maths.numbers import Notation, Side, shown_side

LAYOUTS = ("lines", "lines", "one line", "chain", "prose", "numbered", "answer only")

_SPOKEN = {
    "+": ("I added {a} and {b} and got {r}", "{a} plus {b} is {r}", "{a} and {b} make {r}"),
    "-": (
        "I took {b} away from {a} and got {r}",
        "{a} minus {b} is {r}",
        "{a} take away {b} leaves {r}",
    ),
    "*": ("I multiplied {a} by {b} and got {r}", "{a} times {b} is {r}", "{b} times {a} gives {r}"),
    "/": (
        "I divided {a} by {b} and got {r}",
        "{a} divided by {b} is {r}",
        "{a} shared by {b} is {r}",
    ),
}
_STATEMENTS = (
    "Answer: {}",
    "answer {}",
    "The answer is {}.",
    "so it is {}",
    "It is {}",
    "{}",
    "Final answer: {}",
    "I think it is {}",
    "So {}",
    "the answer is {}",
    "Ans: {}",
)
_OPENERS = ("first ", "then ", "so ", "now ", "next ")
_BETWEEN = (", ", "; ", " then ", " and then ", "   ")


class Child(msgspec.Struct, frozen=True):
    """How one child writes."""

    notation: Notation
    layout: str
    equals: str
    statement: str
    states: bool
    """Whether the final answer gets a line of its own."""
    opens: bool
    """Whether lines open with "first", "then"."""
    capital: bool
    stops: bool
    """Whether sentences end in a full stop."""
    unit_kept: bool
    """Whether a unit that the question names is written all the same."""


class Work(msgspec.Struct, frozen=True):
    """What is to be written: the working, and the final answer in its final form.

    ``says`` is the answer as a sentence with {} for it. ``ends`` tells that the last line's result
    is the final answer, so that it can go without a statement.
    """

    lines: Sequence[Line]
    final: str
    says: str
    ends: bool


class Paper(msgspec.Struct, frozen=True):
    """An answer as written. ``places[i]`` is the line on which calculation ``i`` stands;
    ``statement`` the line that states the final answer by itself, ``None`` without one.
    """

    lines: tuple[str, ...]
    places: tuple[int, ...]
    statement: int | None


def draw_child(rng: random.Random) -> Child:
    """Return a child's habits."""
    notation = Notation(
        times=rng.choice("××x*·"),
        over=rng.choice("÷÷/:"),
        spaced=rng.random() < 0.6,
        comma=rng.random() < 0.12,
        brackets=rng.random() < 0.5,
    )
    return Child(
        notation=notation,
        layout=rng.choice(LAYOUTS),
        equals=rng.choice(("=", "=", "=", "=", " is ", " -> ", " makes ")),
        statement=rng.choice(_STATEMENTS),
        states=rng.random() < 0.6,
        opens=rng.random() < 0.2,
        capital=rng.random() < 0.5,
        stops=rng.random() < 0.4,
        unit_kept=rng.random() < 0.6,
    )


def on_paper(work: Work, child: Child, rng: random.Random) -> Paper:
    """Write the working and the final answer as ``child`` does.

    Without a statement the last result stands in its final form, with its unit.
    """
    lines, final = work.lines, work.final
    statement = (work.says if work.says and rng.random() < 0.3 else child.statement).format(final)
    statement = _cased(statement, child) if statement != final else final
    if child.layout == "answer only" or not lines:
        return Paper((statement,), (0,) * len(lines), 0)
    inline = work.ends and not child.states
    body = [_line(line, child, rng) for line in lines]
    if inline:
        body[-1] = _line(lines[-1], child, rng, final)
    written, where = _laid_out(lines, body, child, rng, inline)
    if inline:
        return Paper(tuple(written), tuple(where), None)
    if len(written) == 1 and child.layout in ("one line", "prose"):
        return Paper(
            (f"{written[0].rstrip('.')}{rng.choice(('. ', ', '))}{statement}",), tuple(where), 0
        )
    return Paper((*written, statement), tuple(where), len(written))


def _laid_out(
    lines: Sequence[Line], body: list[str], child: Child, rng: random.Random, inline: bool
) -> tuple[list[str], list[int]]:
    """Return the written lines and on which of them each calculation stands."""
    if child.layout == "chain" and not inline and (chain := _chain(lines, child)):
        return [chain], [0] * len(lines)
    if child.layout == "one line" or (child.layout == "prose" and rng.random() < 0.5):
        joined = rng.choice(_BETWEEN).join(text.rstrip(".") for text in body)
        return [joined], [0] * len(lines)
    if child.layout == "numbered":
        mark = rng.choice(("{}) ", "{}. ", "Step {}: "))
        body = [mark.format(at + 1) + text for at, text in enumerate(body)]
    elif child.opens:
        body = [_cased(rng.choice(_OPENERS) + text, child) for text in body]
    return body, list(range(len(body)))


def _line(line: Line, child: Child, rng: random.Random, final: str = "") -> str:
    first, last = line.sides[0], line.sides[-1]
    result = final or shown_side(last, child.notation)
    letter = any(isinstance(token, str) and token.isalpha() for token in first)
    if child.layout == "prose" and _is_binary(first):
        a, sign, b = first
        shown = [shown_side((token,), child.notation) for token in (a, b)]
        text = rng.choice(_SPOKEN[str(sign)]).format(a=shown[0], b=shown[1], r=result)
        return _cased(text, child)
    equals = "=" if letter else child.equals
    if equals == "=" and child.notation.spaced:
        equals = " = "
    if letter and final:
        return final if "=" in final else shown_side(first, child.notation) + equals + final
    return shown_side(first, child.notation) + equals + result


def _chain(lines: Sequence[Line], child: Child) -> str:
    """Return "45+38=83-12=71", or nothing where a line does not begin with the last result."""
    text, last = "", None
    for line in lines:
        first, result = line.sides[0], line.sides[-1]
        if not _is_binary(first) or (last is not None and first[0] != last[0]):
            return ""
        rest: Side = first if last is None else ("", *first[1:])
        equals = " = " if child.notation.spaced else "="
        text += shown_side(rest, child.notation) + equals + shown_side(result, child.notation)
        last = result
    return text


def _is_binary(side: Side) -> bool:
    return len(side) == 3 and side[1] in _SPOKEN and not any(_is_letter(token) for token in side)


def _is_letter(token: object) -> bool:
    return isinstance(token, str) and token.isalpha()


def _cased(text: str, child: Child) -> str:
    """Return a sentence with or without its capital and its full stop."""
    first = text[:1].upper() if child.capital else text[:1]
    ended = f"{first}{text[1:]}".rstrip(".")
    return f"{ended}." if child.stops else ended
