"""Simulated student work whose labels are right by construction; every text in it is ours.

for example in SIMULATORS["maths-answers"](1000, 0):
    ...

A simulator takes how many examples and a seed, and yields exactly so many; the same seed gives the
same examples.
"""

from collections.abc import Callable, Iterator, Mapping

from train.data.schema import Example
from train.simulate.choice import multiple_choice
from train.simulate.essay import essays
from train.simulate.judge_case import judge_cases
from train.simulate.maths.answers import maths_answers, maths_solutions
from train.simulate.reasoning import reasoning_it
from train.simulate.summary import summaries, summary_writing

Simulator = Callable[[int, int], Iterator[Example]]

SIMULATORS: Mapping[str, Simulator] = {
    "maths-answers": maths_answers,
    "maths-solutions": maths_solutions,
    "summaries": summaries,
    "summary-writing": summary_writing,
    "essays": essays,
    "judge-cases": judge_cases,
    "reasoning-it": reasoning_it,
    "multiple-choice": multiple_choice,
}
