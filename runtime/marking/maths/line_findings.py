"""Line findings: what a child and a teacher are told about a line of working that does not hold.

    false_link(link, Shown(item.text, item.lines(), chain)).evidence.message
    "You wrote 7 × 8 = 54. Check this line: 7 × 8 is not 54."

None of them tells what would be right.
"""

import re
from collections.abc import Sequence

import msgspec

from runtime.marking.item import Line
from runtime.marking.mark import Evidence
from runtime.marking.maths.calculations import Link, Truth
from runtime.marking.maths.equations import Solution
from runtime.marking.maths.joining import Chain
from runtime.marking.maths.notation import shown
from runtime.words import noted

NOTE = re.compile(r"<<([^<>\n]{0,200})>>")


class Found(msgspec.Struct, frozen=True):
    """A finding, and whether it makes its line a wrong one."""

    evidence: Evidence
    wrong: bool


class Shown(msgspec.Struct, frozen=True):
    """Where the places of a chain stand in the child's text, and how they are quoted."""

    text: str
    lines: Sequence[Line]
    chain: Chain

    def quote(self, start: int, end: int, limit: int = 60) -> str:
        """Return what the child wrote from one place of the chain to another."""
        (first, at), (last, until) = self.chain.place(start), self.chain.place(end - 1)
        whole = self.text[self.lines[first].start + at : self.lines[last].start + until + 1]
        return shown(NOTE.sub("", whole), limit)

    def span(self, start: int, end: int) -> tuple[int, tuple[int, int]]:
        """Return the step in which a place ends, and what of the place stands in its line."""
        (first, at), (step, until) = self.chain.place(start), self.chain.place(end - 1)
        line = self.lines[step].start
        return step, (line + at if first == step else line, line + until + 1)


def false_link(link: Link, where: Shown) -> Found:
    """Point at the line in which something false is said to be equal."""
    said = where.quote(link.left[0], link.right[1])
    left, right = (where.quote(*side, limit=40) for side in (link.left, link.right))
    message = noted(
        "You wrote {said}. Check this line: {left} is not {right}.",
        said=said,
        left=left,
        right=right,
    )
    step, span = where.span(link.left[0], link.right[1])
    return Found(Evidence(kind="calculation_error", message=message, span=span, step=step), True)


def untrue(place: tuple[int, int], where: Shown) -> Found:
    """Point at a comparison that does not hold."""
    message = noted("You wrote {said}. Check this line: it is not true.", said=where.quote(*place))
    step, span = where.span(*place)
    return Found(Evidence(kind="calculation_error", message=message, span=span, step=step), True)


def run_ons(links: Sequence[Link], chain: Chain) -> list[list[Link]]:
    """Return the chains a = b = c in which an = joins what is not the same.

    "+ 2 = 9" on a line of its own below 3 + 4 = 7 claims no such thing.
    """
    chained: list[list[Link]] = []
    for link in links:
        if chained and chained[-1][-1].right == link.left:
            chained[-1].append(link)
        else:
            chained.append([link])
    return [one for one in chained if any(_runs_on(link, chain) for link in one)]


def _runs_on(link: Link, chain: Chain) -> bool:
    (first, _), (last, _) = chain.place(link.right[0]), chain.place(link.right[1] - 1)
    return link.truth is Truth.RUN_ON and first == last


def run_on(links: Sequence[Link], where: Shown) -> Found:
    """Note an = that is written for "and then" (Kieran 1981, "Concepts associated with the equality
    symbol"): the arithmetic may be right, so that the line is not a wrong one."""
    start, end = links[0].left[0], links[-1].right[1]
    said = where.quote(start, end)
    right = all(link.truth in (Truth.HOLDS, Truth.RUN_ON) for link in links)
    message = noted(
        "In {said} the = joins things that are not the same. Write each step by itself.", said=said
    )
    if right:
        message = noted(
            "Your arithmetic is right, but in {said} the = joins things that are not the same. "
            "Write each step by itself.",
            said=said,
        )
    if where.span(start, start + 1)[0] != where.span(start, end)[0]:
        joint = next(link for link in links if _runs_on(link, where.chain))
        start, end = joint.left[0], joint.right[1]
    step, span = where.span(start, end)
    return Found(Evidence(kind="mixed_notation", message=message, span=span, step=step), False)


def broken_step(solution: Solution, line: Line, step: int) -> Found:
    """Point at an equation that has another solution than the one above it."""
    said = shown(NOTE.sub("", line.text[solution.start : solution.end]))
    message = noted(
        "You wrote {said}. Check this line: it does not follow from the equation above it.",
        said=said,
    )
    span = (line.start + solution.start, line.start + solution.end)
    return Found(Evidence(kind="equation_step", message=message, span=span, step=step), True)
