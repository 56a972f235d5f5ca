"""What a simulated teacher writes to the child: two or three short sentences that fit the verdict.

    feedback(Verdict.INCORRECT, example.rule, random.Random(0))

The first sentence says how the answer stands, the second what to look at, for the kind of slip the
simulator made. None of them holds a number, so none can give the answer away. All of it is ours.
"""

import random
from collections.abc import Iterator, Mapping

from runtime.marking.mark import Verdict

_OPENINGS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.CORRECT: (
        "Well done, your answer is right.",
        "That is right, good work.",
        "Yes, your answer is correct.",
        "Great, you got it right.",
    ),
    Verdict.PARTIAL: (
        "Nearly there: your number is right.",
        "Good, the number is right, but something is missing.",
        "Almost: you worked out the right number.",
    ),
    Verdict.INCORRECT: (
        "Not there yet, but keep trying.",
        "This is not right yet.",
        "Good try, but the answer is not right yet.",
        "Have another go: the answer does not fit yet.",
    ),
}

_UNIT = (
    "Look at the unit again.",
    "Which unit does the question ask for?",
    "Write the unit that the question asks for.",
)
_COPYING = (
    "Compare your numbers with those in the question.",
    "Check that you copied each number as it stands.",
)
_UNFINISHED = (
    "You stopped too early: there is one more step.",
    "Read the question again. What does it ask for in the end?",
)
_CARRYING = (
    "Look at each column again, beginning with the ones.",
    "Check what you carry or borrow.",
)
_FRACTIONS = (
    "Look at the top and the bottom of the fraction again.",
    "Draw the fraction as parts of a bar and look again.",
)
_CALCULATION = (
    "Work out each line once more, slowly.",
    "Check one line after the other. Which one does not hold?",
)
_POINTERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("wrong_unit", "missing_unit", "unit_slip"), _UNIT),
    "not_simplified": ("Can you make the fraction simpler?", "Write it in its simplest form."),
    **dict.fromkeys(("copied_number", "miscopied_answer"), _COPYING),
    **dict.fromkeys(("stops_early", "forgets_the_end", "forgets_the_part"), _UNFINISHED),
    **dict.fromkeys(
        ("ignores_carrying", "smaller_from_larger", "place_value", "puts_digits_side_by_side"),
        _CARRYING,
    ),
    **dict.fromkeys(
        ("adds_denominators", "keeps_numerator", "halves_only_the_top", "multiplies_crosswise"),
        _FRACTIONS,
    ),
}

_CLOSINGS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.CORRECT: (
        "How did you find it?",
        "Can you explain your steps to a friend?",
        "How could you check it?",
    ),
    Verdict.PARTIAL: ("Then it is complete.", "You are very close."),
    Verdict.INCORRECT: ("You can do it.", "Then try again.", "I am sure you will find it."),
}


_REASONS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.CORRECT: (
        "The final answer is the reference answer.",
        "The final answer has the same value as the reference.",
    ),
    Verdict.PARTIAL: (
        "The number is right, but the unit or the form is not.",
        "The value is that of the reference, but its unit or form is not.",
    ),
    Verdict.INCORRECT: (
        "The final answer is not the reference answer.",
        "The final answer has another value than the reference.",
    ),
}


def feedback(verdict: Verdict, rule: str, rng: random.Random) -> str:
    """Return two or three sentences on an answer that came about by ``rule``."""
    opening, closing = rng.choice(_OPENINGS[verdict]), rng.choice(_CLOSINGS[verdict])
    if verdict is Verdict.CORRECT:
        return f"{opening} {closing}"
    pointer = rng.choice(_POINTERS.get(rule, _CALCULATION))
    return f"{opening} {pointer} {closing}"


def reason(verdict: Verdict, rng: random.Random) -> str:
    """Return one sentence for the teacher."""
    return rng.choice(_REASONS[verdict])


def every_sentence() -> Iterator[str]:
    """Yield every sentence there is."""
    groups = (_OPENINGS, _POINTERS, _CLOSINGS, _REASONS)
    for sentences in (_CALCULATION, *(one for group in groups for one in group.values())):
        yield from sentences
