"""The words of hints that are not feedback, for each age."""

from runtime.marking.child_words import ByAge
from runtime.words import N_

SLOWLY = ByAge(
    N_("Take your time. Go through it once more."),
    N_("Take your time and go through it once more."),
    N_("Take your time and go through it once more."),
)
WHAT_IS_GIVEN = ByAge(
    N_("What do you know already? Write it down."),
    N_("What does the question give you? Write that down first."),
    N_("What is given, and what is asked for? Write both down first."),
)
LINES_HOLD = ByAge(
    N_("Your lines are right. Is this what you have to find?"),
    N_("Your calculations hold. Do they answer what is asked?"),
    N_("Your calculations hold. Do they lead to what is asked for?"),
)
LOOK_AT_QUESTION = ByAge(
    N_("Which words in the question tell you what to do?"),
    N_("Which words in the question tell you what to do?"),
    N_("Which words in the question tell you what is wanted?"),
)
LOOK_IN_TEXT = ByAge(
    N_("The text can help. Which part is about this?"),
    N_("Look at the text again. Which part of it is about this?"),
    N_("Go back to the text. Which part of it deals with this?"),
)
NOT_YET_SAID = ByAge(
    N_("You have not said anything about this yet: {words}."),
    N_("You have not said anything about this yet: {words}."),
    N_("Your answer does not mention this yet: {words}."),
)
LEFT_SIDE = ByAge(
    N_("In line {line}, cover the number after the =. What is {left}?"),
    N_("In line {line}, cover what stands after the =. What does {left} come to?"),
    N_("Work out the left side of line {line} on its own: {left}."),
)
SAME_VALUE = ByAge(
    N_("Look at line {line}. Is {left} as much as {right}? Draw both."),
    N_("In line {line}: is {left} as much as {right}? How could you tell?"),
    N_("In line {line}: are {left} and {right} equal? How could you tell?"),
)
LINE_BEFORE = ByAge(
    N_("Put line {line} beside line {before}. What is different?"),
    N_("Compare line {line} with line {before}. What was done to each side?"),
    N_("Compare line {line} with line {before}: what was done to each side?"),
)
SMALLER_NUMBERS = ByAge(
    N_("Try it with small numbers first. What do you do?"),
    N_("Try it with smaller numbers first. What do you do with them?"),
    N_("Try it with smaller numbers first: which operation do you use?"),
)
HALF_THERE = ByAge(
    N_("A part is there. What happens next, and why?"),
    N_("A part of it is there. What happens next, and why?"),
    N_("Part of it is there. What follows from it, and why?"),
)
CAUSE_EFFECT = ByAge(
    N_("What happens first? And what does that do?"),
    N_("What happens first, and what does that lead to?"),
    N_("What is the cause, and what does it lead to?"),
)
WORK_ON = ByAge(
    N_("Look at this next: {trait}."),
    N_("Work on this next: {trait}."),
    N_("Work on this next: {trait}."),
)
ADD_ONE_SENTENCE = ByAge(
    N_("Write one more sentence that begins with “because”."),
    N_("Add one sentence that begins with “because” or “for example”."),
    N_("Add one sentence that gives a reason or an example."),
)
WORKED = ByAge(
    N_("This is one way to do it. Read each line."),
    N_("This is one way to work it out, line by line."),
    N_("This is one way to work it out, line by line."),
)
THE_ANSWER = ByAge(
    N_("This is the answer. How could you get there?"),
    N_("This is the answer. How could one get there?"),
    N_("This is the answer. How could one get there?"),
)
ONE_GOOD_ANSWER = ByAge(
    N_("This is one good answer. Which part was new for you?"),
    N_("This is one good answer. Which part of it was new to you?"),
    N_("This is one good answer. What in it was new to you?"),
)

ONWARD = {
    "form": ByAge(
        N_("Can you divide the top and the bottom by the same number? Or write it another way?"),
        N_("Can top and bottom be divided by one number, or the same value be written otherwise?"),
        N_("Can the fraction be reduced, or the same value be written in another form?"),
    ),
    "unit": ByAge(
        N_("Write the unit beside every number. What comes out when you work with them?"),
        N_("Write the unit beside every number. What happens to the units as you work?"),
        N_("Carry the units along with the numbers. What comes out for the unit?"),
    ),
}
"""By the kind of evidence: what to do about an answer that has the right value."""
