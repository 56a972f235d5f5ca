"""Labelled answers to maths problems, and worked solutions.

The label follows from construction: a slip whose result happens to be right is no slip and is
drawn again (``attempts``). Verdicts: *correct* is the right value in any form the question allows;
*partial* is the right number with a wrong unit, without the unit or not in the form that the
question demands; everything else is *incorrect*. ``first_wrong_step`` is the first line that
states something false or does what the problem does not ask for, -1 without one (also where
working just stops).
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import msgspec

from runtime.judge.prompt import solution_answer
from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.maths import algebra, decimals, fractions, measures, stories, whole
from train.simulate.maths.attempts import (
    STRAY,
    Attempt,
    attempt_with,
    careful,
    presentable,
    slip,
)
from train.simulate.maths.finals import Final, UnitMode, final, plain
from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Notation, Pair, shown_side
from train.simulate.maths.problem import Problem
from train.simulate.maths.writing import Child, Paper, Work, draw_child, on_paper

TEMPLATES: tuple[Callable[[random.Random], Problem], ...] = (
    *whole.TEMPLATES,
    *stories.TEMPLATES,
    *fractions.TEMPLATES,
    *decimals.TEMPLATES,
    *measures.TEMPLATES,
    *algebra.TEMPLATES,
)

ANSWERS_A_PROBLEM = 4
"""Two at least differ in verdict, so that pairs can be made; more would repeat the question."""

_UNIT_MODES: Mapping[str, UnitMode] = {"missing_unit": "missing", "wrong_unit": "wrong"}


def maths_answers(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` answers to grade-school problems, right or wrong by a named bug."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        problem = rng.choice(TEMPLATES)(rng)
        for example in _answers(problem, rng)[: count - made]:
            yield msgspec.structs.replace(example, id=f"maths-answers-{seed}-{made}")
            made += 1


def maths_solutions(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` grade-school problems with worked solutions to learn from."""
    rng = random.Random(seed)
    for number in range(count):
        problem = rng.choice(TEMPLATES)(rng)
        example = _example(problem, careful(problem))
        yield msgspec.structs.replace(
            example,
            id=f"maths-solutions-{seed}-{number}",
            set="maths-solutions",
            feedback=solution(problem, careful(problem), explained=True),
        )


def solution(problem: Problem, attempt: Attempt, explained: bool = False) -> str:
    """Return the working line by line, ending in the final answer as the prompt contract has it."""
    lines = []
    for line in attempt.lines:
        text = " = ".join(shown_side(side, Notation()) for side in line.sides)
        lines.append(f"{line.why}: {text}" if explained and line.why else text)
    return solution_answer("\n".join(lines), plain(problem, attempt.answer))


def _answers(problem: Problem, rng: random.Random) -> list[Example]:
    wanted = [Verdict.CORRECT, Verdict.INCORRECT]
    wanted += rng.choices(
        (Verdict.CORRECT, Verdict.INCORRECT, Verdict.PARTIAL), (3, 3, 9), k=ANSWERS_A_PROBLEM - 2
    )
    rng.shuffle(wanted)
    return [_answer(problem, verdict, rng) for verdict in wanted]


def _answer(problem: Problem, wanted: Verdict, rng: random.Random) -> Example:
    """Return an answer of the verdict wanted; where a problem has no such answer, another."""
    child = draw_child(rng)
    route, simplifies = rng.randrange(2), rng.random() < 0.75
    if wanted is Verdict.PARTIAL:
        partial = _partial(problem, child, route, rng)
        if partial is not None:
            return partial
        wanted = rng.choice((Verdict.CORRECT, Verdict.INCORRECT))
    if wanted is Verdict.INCORRECT:
        found = slip(problem, rng, route, simplifies)
        if found is not None:
            return _written(problem, found, wanted, child, rng)
    return _right(problem, child, route, simplifies, rng)


def _right(
    problem: Problem, child: Child, route: int, simplifies: bool, rng: random.Random
) -> Example:
    attempt = careful(problem, route, simplifies or bool(problem.demands))
    strays = _chances_of_stray(problem, route)
    if strays and child.layout != "answer only" and rng.random() < 0.25:
        stray = attempt_with(problem, STRAY, rng.randrange(strays), route)
        # A stray in the last line would be its result; then it were no right answer.
        if 0 <= stray.first_wrong < len(stray.lines) - 1 and presentable(problem, stray):
            attempt = stray
    return _written(problem, attempt, Verdict.CORRECT, child, rng)


def _chances_of_stray(problem: Problem, route: int) -> int:
    hand = Hand(route=route)
    problem.solve(hand)
    return hand.chances[STRAY]


def _partial(problem: Problem, child: Child, route: int, rng: random.Random) -> Example | None:
    if problem.demands == "simplest":
        loose = careful(problem, route, simplifies=False)
        pair = loose.answer.pair
        if pair is None or pair == Pair(*pair.value.as_integer_ratio()):
            return None
        loose = msgspec.structs.replace(loose, rule="not_simplified")
        return _written(problem, loose, Verdict.PARTIAL, child, rng)
    if problem.kind != "number" or not problem.wrong_unit:
        return None
    missing = problem.demands == "unit" and rng.random() < 0.75
    rule = "missing_unit" if missing else "wrong_unit"
    attempt = msgspec.structs.replace(careful(problem, route), rule=rule)
    return _written(problem, attempt, Verdict.PARTIAL, child, rng)


def _written(
    problem: Problem, attempt: Attempt, verdict: Verdict, child: Child, rng: random.Random
) -> Example:
    unit = _UNIT_MODES.get(attempt.rule, "right")
    if unit == "right" and problem.unit not in ("", "°C") and not problem.demands:
        unit = "right" if child.unit_kept else "missing"  # the question names it
    text = final(problem, attempt.answer, child.notation, rng, unit)
    ends = _ends_in(attempt) and attempt.rule != "miscopied_answer"
    paper = on_paper(Work(attempt.lines, text.text, problem.says, ends), child, rng)
    example = _example(problem, careful(problem))
    return msgspec.structs.replace(
        example,
        answer="\n".join(paper.lines),
        steps=paper.lines,
        verdict=verdict,
        first_wrong_step=_first_wrong(attempt, paper, verdict),
        rule=attempt.rule or _manner(problem, text, child, paper, attempt),
    )


def _ends_in(attempt: Attempt) -> bool:
    """Whether the last line's result is the final answer."""
    if not attempt.lines or len(attempt.answer.values) != 1:
        return False
    last = attempt.lines[-1].sides[-1][0]
    value = last.value if isinstance(last, Pair) else last
    return isinstance(value, Fraction) and value == attempt.answer.values[0]


def _first_wrong(attempt: Attempt, paper: Paper, verdict: Verdict) -> int:
    if attempt.first_wrong >= 0:
        return paper.places[attempt.first_wrong]
    if attempt.rule == "wrong_unit":
        return len(paper.lines) - 1
    if verdict is Verdict.INCORRECT and paper.statement is not None:
        return paper.statement
    return -1


def _manner(problem: Problem, text: Final, child: Child, paper: Paper, attempt: Attempt) -> str:
    """Name what is notable about a right answer."""
    pair = attempt.answer.pair
    if pair is not None and pair.under != pair.value.denominator:
        return "unsimplified"
    if text.unusual:
        return "other_notation"
    if child.layout == "answer only":
        return "answer_only"
    if child.notation.comma and "," in "".join(paper.lines):
        return "decimal_comma"
    return "plain" if attempt.lines == careful(problem).lines else "another_route"


def _example(problem: Problem, reference: Attempt) -> Example:
    digest = hashlib.sha256(problem.question.encode()).hexdigest()
    return Example(
        id="",
        set="maths-answers",
        group=f"maths-{digest[:12]}",
        task=Task.MATH,
        question=problem.question,
        reference=solution(problem, reference),
    )
