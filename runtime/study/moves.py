"""The moves of school arithmetic and algebra, in words for each age: the next step of a ladder.

tell(moves.SAME_BELOW, band, language, below="12")
"""

from runtime.marking.child_words import ByAge
from runtime.words import N_

SAME_BELOW = ByAge(
    N_("Make the bottom numbers the same first. Try {below}."),
    N_("Give both fractions the same denominator first: {below} works for both."),
    N_("Bring both fractions to the common denominator {below} first."),
)
ADD_TOPS = ByAge(
    N_("Now work with the top numbers. The bottom number stays."),
    N_("Now work with the numerators; the denominator stays as it is."),
    N_("Now work with the numerators; the denominator stays as it is."),
)
ADD = ByAge(
    N_("Work out {sum}. Begin with the tens, then the ones."),
    N_("Work out {sum}: first the large parts, then the small ones."),
    N_("Work out {sum}, place by place."),
)
TAKE_AWAY = ByAge(
    N_("Work out {sum}. You can count up from {right}."),
    N_("Work out {sum}. You can count up from {right} to {left}."),
    N_("Work out {sum}; adding back should give {left}."),
)
TIMES = ByAge(
    N_("Work out {sum}. Split one number into parts that are easy."),
    N_("Work out {sum}: split one of the numbers into easy parts."),
    N_("Work out {sum}: split one factor into easy parts, then add."),
)
SHARE = ByAge(
    N_("Work out {sum}. How often does {right} fit into {left}?"),
    N_("Work out {sum}: how often does {right} fit into {left}?"),
    N_("Work out {sum}; multiplying back should give {left}."),
)
TOPS_TIMES = ByAge(
    N_("Top number times top number, bottom number times bottom number."),
    N_("Multiply the numerators, and multiply the denominators."),
    N_("Multiply numerator by numerator and denominator by denominator."),
)
TURN_OVER = ByAge(
    N_("Turn the second fraction upside down, then multiply."),
    N_("To divide by a fraction, turn it upside down and multiply."),
    N_("Dividing by a fraction is multiplying by its reciprocal."),
)
EXPAND = ByAge(
    N_("Multiply out the bracket first: every part of it."),
    N_("Multiply out the brackets first, every part of them."),
    N_("Expand the brackets first, and collect what is alike."),
)
LETTERS = ByAge(
    N_("Bring every {name} to one side."),
    N_("Bring everything with {name} to one side: take the same away from both."),
    N_("Collect the terms with {name} on one side."),
)
TAKE_BOTH = ByAge(
    N_("Take {amount} away on both sides."),
    N_("Take {amount} away on both sides."),
    N_("Subtract {amount} on both sides."),
)
ADD_BOTH = ByAge(
    N_("Add {amount} on both sides."),
    N_("Add {amount} on both sides."),
    N_("Add {amount} on both sides."),
)
SHARE_BOTH = ByAge(
    N_("Divide both sides by {amount}."),
    N_("Divide both sides by {amount}."),
    N_("Divide both sides by {amount}."),
)


def for_sign(sign: str, fractions: bool) -> ByAge:
    """Return the move for + - * or /, with fractions or without."""
    if fractions and sign in "*/":
        return TOPS_TIMES if sign == "*" else TURN_OVER
    if fractions:
        return ADD_TOPS
    return {"+": ADD, "-": TAKE_AWAY, "*": TIMES, "/": SHARE}[sign]
