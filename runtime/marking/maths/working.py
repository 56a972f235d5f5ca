"""Working: every line of a child's working checked, and the first wrong one.

check_working(parse_item(row)).first_wrong_step
"""

import re
from collections.abc import Sequence

import msgspec

from runtime.marking.item import Item, Line
from runtime.marking.mark import Evidence
from runtime.marking.maths.calculations import Link, Truth, check_links
from runtime.marking.maths.comparisons import untrue_comparisons
from runtime.marking.maths.equations import Solution, same_solution, solutions
from runtime.marking.maths.joining import Chain, chains
from runtime.marking.maths.line_findings import (
    NOTE,
    Found,
    Shown,
    broken_step,
    false_link,
    run_on,
    run_ons,
    untrue,
)
from runtime.marking.maths.notation import plain

_MAX_LINE = 2000
_MAX_LINES = 400
_MAX_CHARS = 20_000


class Work(msgspec.Struct, frozen=True):
    """What the lines show; ``first_wrong_step`` as in ``MathsReport``."""

    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None


def check_working(item: Item) -> Work:
    """Check every calculation and every equation step of the working.

    A line is wrong when it states something false: 7 × 8 = 54, "= 54" below 7 × 8, or an
    equation that no longer has the solution of the one above it.
    """
    lines = [line for line in item.lines()[:_MAX_LINES] if line.start <= _MAX_CHARS]
    texts = [_unmarked(line.text[:_MAX_LINE]) for line in lines]
    before = _given(item.question)
    found, checked = _calculations(item, lines, texts, before)
    for step, (line, text) in enumerate(zip(lines, texts, strict=True)):
        steps, before = _equation_steps(text, before)
        found += [broken_step(solution, line, step) for solution, holds in steps if not holds]
        checked = checked or bool(steps)
    found.sort(key=lambda one: one.evidence.step or 0)
    wrong = [one.evidence.step for one in found if one.wrong]
    first = min((step for step in wrong if step is not None), default=-1 if checked else None)
    return Work(tuple(one.evidence for one in found), first)


def _calculations(
    item: Item, lines: Sequence[Line], texts: Sequence[str], before_equation: Solution | None
) -> tuple[list[Found], bool]:
    """Return what is found in all calculations, and whether there was any to judge."""
    found: list[Found] = []
    checked = False
    identities = before_equation is None
    for chain in chains([_without_notes(text) for text in texts]):
        bare = identities and chain.starts_bare
        links = check_links(chain.text, identities=bare, ends=chain.starts[1:])
        shown_in = Shown(item.text, lines, chain)
        found += [false_link(link, shown_in) for link in links if link.truth is Truth.FALSE]
        found += [run_on(one, shown_in) for one in run_ons(links, chain)]
        found += [untrue(place, shown_in) for place in untrue_comparisons(chain.text)]
        checked = checked or _is_judged(links)
    for step, text in enumerate(texts):
        links = _links_of_notes(text)
        shown_in = Shown(item.text, lines, Chain(text, (step,), (0,)))
        found += [false_link(link, shown_in) for link in links if link.truth is Truth.FALSE]
        checked = checked or _is_judged(links)
    return found, checked


def _is_judged(links: Sequence[Link]) -> bool:
    return any(link.truth is not Truth.OPEN for link in links)


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
    return NOTE.sub(lambda match: " " * len(match.group()), text)


def _links_of_notes(text: str) -> list[Link]:
    """Judge each calculator note by itself: <<24/2=12>>."""
    found = []
    for match in NOTE.finditer(text):
        found += check_links(" " * match.start(1) + match.group(1))
    return found


def _given(question: str) -> Solution | None:
    """Return the equation a question asks to solve, where it holds exactly one."""
    found = [item for item in solutions(plain(question[:_MAX_LINE])) if not item.solved]
    return found[0] if len(found) == 1 else None


def _breaks(before: Solution, after: Solution) -> bool:
    """Whether an equation does not follow; a new one after a solved one begins a new problem."""
    return not before.solved and not same_solution(before, after)
