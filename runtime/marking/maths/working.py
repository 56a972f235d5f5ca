"""Working: every line of a child's working checked, and the first wrong one."""

import re

import msgspec

from runtime.marking.item import Item, Line
from runtime.marking.mark import Evidence
from runtime.marking.maths.calculations import Link, Truth, check_links
from runtime.marking.maths.equations import Solution, same_solution, solutions
from runtime.marking.maths.notation import plain, shown

_MAX_LINE = 2000
_MAX_LINES = 400
_MAX_CHARS = 20_000
_NOTE = re.compile(r"<<([^<>\n]{0,200})>>")


class Work(msgspec.Struct, frozen=True):
    """What the lines show; ``first_wrong_step`` as in ``MathsReport``."""

    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None


class _Found(msgspec.Struct, frozen=True):
    evidence: Evidence
    wrong: bool


def check_working(item: Item) -> Work:
    """Check every calculation and every equation step of the working.

    A line is wrong when it states something false: 7 × 8 = 54, or an equation that no longer
    has the solution of the one above it.
    """
    found: list[_Found] = []
    checked = False
    before = _given(item.question)
    for step, line in enumerate(item.lines()[:_MAX_LINES]):
        if line.start > _MAX_CHARS:
            break
        text = _unmarked(line.text[:_MAX_LINE])
        links = _links_of(text)
        found += [_finding(link, line, step) for link in links if _is_notable(link)]
        steps, before = _equation_steps(text, before)
        found += [_step_finding(solution, line, step) for solution, holds in steps if not holds]
        checked = checked or bool(steps) or any(link.truth is not Truth.OPEN for link in links)
    wrong = [item.evidence.step for item in found if item.wrong]
    first = min((step for step in wrong if step is not None), default=-1 if checked else None)
    return Work(tuple(item.evidence for item in found), first)


def _equation_steps(
    text: str, before: Solution | None
) -> tuple[list[tuple[Solution, bool]], Solution | None]:
    """Return every equation that follows another and whether it does, and the last equation."""
    judged = []
    for solution in solutions(_without_notes(text)):
        if solution.every:
            continue  # 2x + x = 3x holds for every x: a calculation, no equation
        if before is not None and before.name == solution.name:
            judged.append((solution, not _breaks(before, solution)))
        before = solution
    return judged, before


def step_of(item: Item, at: int) -> int | None:
    """Return the line that holds a code point of ``Item.text``."""
    places = enumerate(item.lines())
    return next((step for step, line in places if line.start <= at < max(line.end, at)), None)


def _unmarked(text: str) -> str:
    """Return plain text of the same length without Markdown, LaTeX delimiters and labels."""
    body = re.sub(
        r"\*\*|\\[()\[\]]|`|\\(?=[$%])", lambda match: " " * len(match.group()), plain(text)
    )
    body = re.sub(
        r"^(?:step )?\d{1,2}(?:[.):]\s|: )", lambda m: " " * len(m.group()), body, flags=re.I
    )
    for name, sign in ((r"\times", "*"), (r"\cdot", "*"), (r"\div", "/"), (r"\approx", "≈")):
        body = body.replace(name, sign.ljust(len(name)))
    return body


def _without_notes(text: str) -> str:
    return _NOTE.sub(lambda match: " " * len(match.group()), text)


def _links_of(text: str) -> list[Link]:
    """Judge the line without its calculator notes, then each note by itself."""
    links = check_links(_without_notes(text))
    for match in _NOTE.finditer(text):
        padded = " " * match.start(1) + match.group(1)
        links += check_links(padded)
    return sorted(links, key=lambda link: link.left)


def _is_notable(link: Link) -> bool:
    return link.truth in (Truth.FALSE, Truth.RUN_ON)


def _finding(link: Link, line: Line, step: int) -> _Found:
    start, end = link.left[0], link.right[1]
    said = shown(_NOTE.sub("", line.text[start:end]))
    left, right = (
        shown(_NOTE.sub("", line.text[slice(*side)]), 40) for side in (link.left, link.right)
    )
    span = (line.start + start, line.start + end)
    if link.truth is Truth.RUN_ON:
        message = f"In {said} the = joins things that are not the same. Use a new line a step."
        return _Found(Evidence(kind="mixed_notation", message=message, span=span, step=step), False)
    message = f"You wrote {said}. Check this line: {left} is not {right}."
    return _Found(Evidence(kind="calculation_error", message=message, span=span, step=step), True)


def _given(question: str) -> Solution | None:
    """Return the equation a question asks to solve, where it holds exactly one."""
    found = [item for item in solutions(plain(question[:_MAX_LINE])) if not item.solved]
    return found[0] if len(found) == 1 else None


def _breaks(before: Solution, after: Solution) -> bool:
    """Whether an equation does not follow; a new one after a solved one begins a new problem."""
    return not before.solved and not same_solution(before, after)


def _step_finding(solution: Solution, line: Line, step: int) -> _Found:
    said = shown(_NOTE.sub("", line.text[solution.start : solution.end]))
    message = f"You wrote {said}. Check this line: it does not follow from the equation above it."
    span = (line.start + solution.start, line.start + solution.end)
    return _Found(Evidence(kind="equation_step", message=message, span=span, step=step), True)
