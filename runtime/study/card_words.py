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
WORDS_MATTER = ByAge(
    N_("These words of yours matter here: {words}."),
    N_("These words of yours matter here: {words}."),
    N_("These terms of yours matter here: {words}."),
)
