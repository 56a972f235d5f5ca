"""The words about a text: what is good in it, and what to do next, for each age."""

from runtime.marking.child_words import ByAge
from runtime.words import N_

GOOD_AT = ByAge(
    N_("This is your strong side: {trait}."),
    N_("This is strong already: {trait}."),
    N_("This is your strongest point: {trait}."),
)
WORK_ON = ByAge(
    N_("Next, look at this: {trait}."),
    N_("Next step: {trait}."),
    N_("Next step: {trait}."),
)
COVERS = ByAge(
    N_("You tell the important things."),
    N_("You cover the important parts."),
    N_("You cover the important points."),
)
OWN_WORDS = ByAge(
    N_("You say it in your own words."),
    N_("You say it in your own words."),
    N_("You put it in your own words."),
)
LONG_ENOUGH = ByAge(
    N_("You have written a lot."),
    N_("You explain it at some length."),
    N_("You explain it at some length."),
)
CLEAN = ByAge(
    N_("Your sentences are neat."),
    N_("Your sentences are tidy and easy to read."),
    N_("Your sentences are clean and easy to read."),
)
BEGUN = ByAge(
    N_("You have made a start."),
    N_("You have made a start."),
    N_("You have made a start."),
)
SAY_MORE_OF_IT = ByAge(
    N_("What else is important? Add one more thing."),
    N_("What else is important? Add one more point."),
    N_("Which important point is still missing? Add it."),
)
USE_OWN_WORDS = ByAge(
    N_("Try to say the underlined part in your own words."),
    N_("Say the underlined part in your own words."),
    N_("Put the underlined part in your own words."),
)
ADD_A_REASON = ByAge(
    N_("Add a sentence with “because”."),
    N_("Add a reason or an example."),
    N_("Support it with a reason or an example."),
)
CHECK_SPELLING = ByAge(
    N_("Look at the underlined words again."),
    N_("Have a second look at the underlined words."),
    N_("Check the underlined words once more."),
)
READ_ALOUD = ByAge(
    N_("Read it aloud. Does it sound right?"),
    N_("Read it aloud to yourself. Is there a sentence you would say better?"),
    N_("Read it aloud. Which sentence could be clearer?"),
)
