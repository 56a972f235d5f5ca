"""The words of a card that are not feedback, for each age."""

from runtime.marking.child_words import ByAge
from runtime.words import N_

PARTLY = ByAge(N_("Good start."), N_("A good part is right."), N_("A good part is right."))
FOR_THE_TEACHER = ByAge(
    N_("Your answer is kept. Your teacher will look at it."),
    N_("Your answer is kept. Your teacher will look at it."),
    N_("Your answer is kept. Your teacher will look at it."),
)
NOT_SURE = ByAge(
    N_("I am not quite sure here. Your teacher will look too."),
    N_("I am not quite sure about this one. Your teacher will look at it too."),
    N_("I am not quite sure about this one. Your teacher will look at it too."),
)
LINE_RIGHT = ByAge(N_("Line 1 is right."), N_("Line 1 is right."), N_("Line 1 holds."))
LINES_RIGHT = ByAge(
    N_("Lines 1 to {count} are right."),
    N_("Lines 1 to {count} are right."),
    N_("Lines 1 to {count} hold."),
)
NUMBER_RIGHT = ByAge(
    N_("Your number is right."),
    N_("The number is right."),
    N_("The value is right."),
)
CALCULATED_RIGHT = ByAge(
    N_("You worked it out without a slip."),
    N_("Every calculation I could check holds."),
    N_("Every calculation I could check holds."),
)
WORD_MATTERS = ByAge(
    N_("This word of yours matters here: {words}."),
    N_("This word of yours matters here: {words}."),
    N_("This term of yours matters here: {words}."),
)
WORDS_MATTER = ByAge(
    N_("These words of yours matter here: {words}."),
    N_("These words of yours matter here: {words}."),
    N_("These terms of yours matter here: {words}."),
)
BY_TEACHER = ByAge(
    N_("Your teacher has looked at it."),
    N_("Your teacher has looked at your answer."),
    N_("Your teacher has looked at your answer."),
)
AS_ASKED = ByAge(
    N_("Can you write it the way the question asks?"),
    N_("Can you write it in the form the question asks for?"),
    N_("Write it in the form the question asks for."),
)
COMPARE_QUESTION = ByAge(
    N_("Put it beside the question. What is different?"),
    N_("Compare it with the question. What has changed?"),
    N_("Compare it with the question: does it still say the same?"),
)
TRY_OR_HINT = ByAge(
    N_("Try again. A hint can help you."),
    N_("Have another go. A hint can help."),
    N_("Have another go; a hint can help."),
)
CHECK_LINE = ByAge(
    N_("How can you check line {line}?"),
    N_("How could you check line {line}?"),
    N_("How could you check line {line} another way?"),
)
IS_IT_ASKED = ByAge(
    N_("Is this what the question asks for?"),
    N_("Does your answer fit what the question asks for?"),
    N_("Does your result answer what the question asks for?"),
)
