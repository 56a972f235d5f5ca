"""Simulated questions for the practice judge, each with the answers of a small class.

    for examples in classes(20, seed=17): ...     the answers to one question at a time
    held_out(200, seed=1)                         answers to questions that are never trained on

Simulators are endless, so no question is read twice. One question in sixteen, told by its hash,
is kept for measuring.
"""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.maths.answers import ANSWERS_A_PROBLEM, maths_answers

LAST_ONLY = 0.6
"""Share of classes whose reference is the final answer alone, as most teachers write it."""

WITHOUT_PARTIAL = 0.5
"""Share of the classes without partly right answers that are kept: else they would be one in 17."""

_PARTS = 1_000
"""Simulator seeds a class seed may use up; it uses two or three."""

_DIGITS = "123456789"

_LAST_WORDS = re.compile(r"(?<!\S)\S.{0,23}$")
"""Up to 24 characters, from the beginning of a word on."""

_LAST_NUMBER = re.compile(r"(?<![A-Za-z^\d])\d+(?=\D*$)")
"""The last number of an answer, but not the 2 of "cm2"."""


def classes(questions: int, seed: int) -> Iterator[list[Example]]:
    """Yield the answers to ``questions`` questions; the same seed gives the same."""
    rng, made = random.Random(seed), 0
    for found in _problems(questions, seed):
        if kept_out(found[0]):
            continue
        partial = any(one.verdict is Verdict.PARTIAL for one in found)
        if not partial and rng.random() >= WITHOUT_PARTIAL:
            continue
        rows = [*found, *_near_misses(found, rng)]
        yield _without_working(rows) if rng.random() < LAST_ONLY else rows
        made += 1
        if made == questions:
            return


def ends(questions: int, seed: int) -> Iterator[list[Example]]:
    """Yield the same classes with the last words of each answer, and references without working."""
    for examples in classes(questions, seed):
        yield [_end(one) for one in _without_working(examples)]


def held_out(count: int, seed: int) -> list[Example]:
    """Return ``count`` simulated answers to questions that are never trained on.

    They are as the simulator draws them: no near misses, and few partly right ones.
    """
    found: list[Example] = []
    for rows in _problems(count, seed):
        found += rows if kept_out(rows[0]) else []
        if len(found) >= count:
            break
    return found[:count]


def kept_out(example: Example) -> bool:
    """Tell whether a question is kept for measuring."""
    return example.group.rpartition("-")[2].startswith("0")


def _problems(least: int, seed: int) -> Iterator[list[Example]]:
    """Yield the simulator's answers, a question at a time, without end."""
    part = seed * _PARTS
    while True:
        answers = maths_answers(least * ANSWERS_A_PROBLEM, part)
        yield from (list(rows) for _, rows in groupby(answers, lambda one: one.group))
        part += 1


def _near_misses(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Return right answers with one digit changed: wrong, and alike in all but that digit."""
    found = []
    for example in examples:
        number = _LAST_NUMBER.search(example.answer)
        if example.verdict is not Verdict.CORRECT or not number or rng.random() < 0.5:
            continue
        text = _changed(example.answer, rng.randrange(*number.span()), rng)
        changed = {"answer": text, "steps": (), "verdict": Verdict.INCORRECT}
        found.append(msgspec.structs.replace(example, **changed, rule="miscopied_answer"))
    return found


def _without_working(examples: list[Example]) -> list[Example]:
    """Leave the working out of the reference."""
    last = (examples[0].reference or "").rpartition(": ")[2]
    return [msgspec.structs.replace(one, reference=last) for one in examples]


def _changed(text: str, at: int, rng: random.Random) -> str:
    """Return a text with another digit at one place."""
    return text[:at] + rng.choice(_DIGITS.replace(text[at], "")) + text[at + 1 :]


def _end(example: Example) -> Example:
    """Return an answer's last words, which hold its final answer."""
    last = _LAST_WORDS.search(example.text.rpartition("\n")[2])
    return msgspec.structs.replace(example, answer=last[0] if last else example.text, steps=())
