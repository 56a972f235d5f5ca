"""The worked solution of a question: the set's own, else what code works out, else the reference.

found = solution_of(item, right_lines=2)
words, lines = found or (None, ())
"""

from runtime.marking.child_words import ByAge
from runtime.marking.item import Item, Task
from runtime.study import hint_words
from runtime.study.working_out import derivation

Solution = tuple[ByAge, tuple[str, ...]]
"""What to say of it, and its lines."""


def solution_of(item: Item, right_lines: int) -> Solution | None:
    """Return the solution; ``None`` if the set brings none and code cannot work it out.

    Where only the answer is known, it goes on from the first ``right_lines`` of the child's own.
    """
    maths = item.task is Task.MATH
    if item.solution.strip():
        words = hint_words.WORKED if maths else hint_words.ONE_GOOD_ANSWER
        return words, tuple(item.solution.strip().splitlines())
    steps = tuple(step.line for step in derivation(item))
    if steps:
        return hint_words.WORKED, steps
    reference = (item.reference or "").strip()
    if not reference:
        return None
    if not maths:
        return hint_words.ONE_GOOD_ANSWER, (reference,)
    lines = tuple(reference.splitlines())
    if len(lines) == 1:
        lines = (*(one.text for one in item.lines()[:right_lines]), reference)
    return (hint_words.WORKED if len(lines) > 1 else hint_words.THE_ANSWER), lines
