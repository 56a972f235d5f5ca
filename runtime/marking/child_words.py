"""What is said to children, for each band of ages: shorter and plainer the younger they are.

    tell(NOT_YET, Band.YOUNG, "en")
    tell(LOOK_AT_LINE, Band.MIDDLE, "it", line=3)

Texts are English and translated as they are told. Placeholders are named.
"""

from typing import NamedTuple

from runtime.marking.ages import Band
from runtime.words import N_, said


class ByAge(NamedTuple):
    """One thing to say, for each band."""

    young: str
    middle: str
    older: str


def tell(words: ByAge, band: Band, language: str, /, **values: object) -> str:
    """Return the text for a band in ``language``, filled in."""
    order = {Band.YOUNG: words.young, Band.MIDDLE: words.middle, Band.OLDER: words.older}
    return said(language, order[band]).format(**values)


RIGHT = ByAge(
    N_("Yes, that is right!"),
    N_("Well done, that is right."),
    N_("Correct. Well done."),
)
RIGHT_BUT_LINE = ByAge(
    N_("Your answer is right. Read line {line} again: is it true?"),
    N_("Your answer is right. Look at line {line} again: does it hold?"),
    N_("Your answer is right, but check line {line}: does it hold?"),
)
GOOD_START = ByAge(N_("Good start."), N_("Good start."), N_("A good start."))
NOT_YET = ByAge(N_("Not there yet."), N_("Not there yet."), N_("Not there yet."))
UP_TO_THERE = ByAge(
    N_("All is right up to there."),
    N_("Up to there it works."),
    N_("Everything holds up to there."),
)
LOOK_AT_LINE = ByAge(
    N_("Look at line {line} again."),
    N_("Look closely at line {line}."),
    N_("Have a close look at line {line}."),
)

NUDGE_MATHS = ByAge(
    N_("Read the question again. What do you have to find?"),
    N_("Read the question again. What is it asking for?"),
    N_("Read the question again. What exactly is asked for?"),
)
NUDGE_SHORT = ByAge(
    N_("Read the question again. Did you say why or how?"),
    N_("Read the question again. Does your answer say why or how?"),
    N_("Read the question again. Does your answer explain why or how?"),
)
NUDGE_ESSAY = ByAge(
    N_("What do you want to say most? Say it in one sentence. Then say why."),
    N_("What is your main point? Say it in one sentence, then add a reason."),
    N_("What is your main point? State it in one sentence, then support it with a reason."),
)
NUDGE_RUBRIC = ByAge(
    N_("What does the task ask you to do? Take one thing at a time."),
    N_("Look at what the task asks for, one point after the other."),
    N_("Go through what the task asks for, point by point."),
)

POINTERS = {
    "calculation_error": ByAge(
        N_("Do this line again, slowly."),
        N_("Work out this line once more, slowly, on its own."),
        N_("Work out this line once more on its own."),
    ),
    "equation_step": ByAge(
        N_("What you do on one side, do on the other side too."),
        N_("Whatever you do to one side, do to the other side too."),
        N_("Whatever you do to one side, do to the other side too."),
    ),
    "form": ByAge(
        N_("The number is right. Can you write it the way the question asks?"),
        N_("The value is right. Can you write it in the form the question asks for?"),
        N_("The value is right. Write it in the form the question asks for."),
    ),
    "unit": ByAge(
        N_("Look at the unit. Is it cm, kg, or something else?"),
        N_("Look at the unit. What is being measured, and in what?"),
        N_("Check the unit: what is being measured, and in what?"),
    ),
    "several_answers": ByAge(
        N_("Choose one answer. Why this one?"),
        N_("Choose one answer and say why."),
        N_("Decide on one answer and say why."),
    ),
}
"""By the kind of evidence: where to look."""

CHECK_IT = ByAge(
    N_("How can you check your answer?"),
    N_("How could you check your answer?"),
    N_("How could you check your answer another way?"),
)
TELL_A_FRIEND = ByAge(
    N_("What would you tell a friend who asks you why?"),
    N_("What would you tell a friend who asks you why?"),
    N_("How would you explain it to a friend who asks you why?"),
)
