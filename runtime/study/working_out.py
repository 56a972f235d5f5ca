"""Working out a question by code, checked by the same code that marks children.

    steps = derivation(item)           () where code cannot do it, or is not sure

Nothing is shown that the marker would not mark as right, line by line.
"""

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.maths import Outcome, examine
from runtime.study.equation_steps import solve_steps
from runtime.study.sums import Step, find_sum, work_out


def derivation(item: Item) -> tuple[Step, ...]:
    """Return the steps from the question of ``item`` to its reference."""
    if item.task is not Task.MATH or not item.reference:
        return ()
    found = solve_steps(item.question) or work_out(find_sum(item.question))
    return tuple(found) if found and _is_right(item, found) else ()


def next_step(item: Item, right_lines: int) -> Step | None:
    """Return the step after the first ``right_lines`` lines of the child's own working.

    An equation goes on from the child's last right line; a sum from what its lines already say.
    """
    steps = derivation(item)
    if not steps:
        return None
    lines = [line.text for line in item.lines()[:right_lines]]
    onward = solve_steps(lines[-1]) if lines else []
    if onward:
        return onward[0]
    said = {_squeezed(line) for line in lines}
    return next((step for step in steps if not any(_squeezed(step.line) in s for s in said)), None)


def _is_right(item: Item, steps: list[Step]) -> bool:
    worked = "\n".join(step.line for step in steps)
    report = examine(msgspec.structs.replace(item, answer=worked, steps=()))
    equal = report.outcome in {Outcome.EQUAL, Outcome.WRONG_FORM}
    return equal and report.sure and report.first_wrong_step in {-1, None}


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("*", "×").replace("-", "−")
