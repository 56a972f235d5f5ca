"""Templates: word problems with whole numbers, one to three steps."""

import random

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own
from train.simulate.maths.problem import NAMES, THINGS, Answer, Problem, cast, number, worded


def gain_and_loss(rng: random.Random) -> Problem:
    """So many, then more, then some go."""
    (one, two), thing = cast(rng), rng.choice(THINGS)
    a, b = rng.randint(24, 89), rng.randint(15, 78)
    c = rng.randint(12, a + b - 20)
    question = worded(
        rng,
        (
            "{one} has {a} {thing}. {two} gives {one} {b} more. Then {one} loses {c}. "
            "How many {thing} does {one} have now?",
            "There are {a} {thing} in {one}'s box. {one} puts in {b} and later {two} takes "
            "out {c}. How many {thing} are in the box?",
            "{one} collects {a} {thing} on Monday and {b} on Tuesday. {c} of them go to {two}. "
            "How many are left for {one}?",
        ),
        one=one,
        two=two,
        thing=thing,
        a=a,
        b=b,
        c=c,
    )

    def solve(hand: Hand) -> Answer:
        if hand.route and a > c:
            return number(
                hand.add(hand.subtract(a, c, "Without those that go"), b, "With the new ones")
            )
        return number(hand.subtract(hand.add(a, b, "Altogether"), c, "Without those that go"))

    return Problem(question=question, solve=solve, noun=thing, says=one + " has {} left")


def packs_and_singles(rng: random.Random) -> Problem:
    """Full packs and some single things."""
    name, thing = rng.choice(NAMES), rng.choice(THINGS)
    packs, each, more = rng.randint(4, 12), rng.randint(6, 24), rng.randint(3, 19)
    question = worded(
        rng,
        (
            "{name} buys {packs} packs of {each} {thing} and {more} single ones. "
            "How many {thing} is that?",
            "A shop has {packs} boxes with {each} {thing} in each box, and {more} {thing} on the "
            "counter. How many {thing} are there?",
            "{packs} bags hold {each} {thing} each. {name} finds {more} more. How many {thing} are "
            "there in all?",
        ),
        name=name,
        thing=thing,
        packs=packs,
        each=each,
        more=more,
    )

    def solve(hand: Hand) -> Answer:
        return number(
            hand.add(hand.multiply(packs, each, "In the packs"), more, "With the single ones")
        )

    return Problem(question=question, solve=solve, noun=thing, says="there are {}")


def share_the_rest(rng: random.Random) -> Problem:
    """Some are kept, the rest is shared equally."""
    name, thing = rng.choice(NAMES), rng.choice(THINGS)
    friends, each, kept = rng.randint(3, 9), rng.randint(7, 28), rng.randint(5, 29)
    total = friends * each + kept
    question = worded(
        rng,
        (
            "{name} has {total} {thing}, keeps {kept} and shares the rest equally among {friends} "
            "friends. How many does each friend get?",
            "Of {total} {thing}, {kept} are broken. The others are put into {friends} equal piles. "
            "How many {thing} are in one pile?",
            "{total} {thing} arrive. {kept} go to the office and {friends} classes get the same "
            "number of the others. How many does a class get?",
        ),
        name=name,
        thing=thing,
        total=total,
        kept=kept,
        friends=friends,
    )

    def solve(hand: Hand) -> Answer:
        rest = hand.subtract(total, kept, "What is shared")
        return number(hand.divide(rest, friends, "Share it equally"))

    return Problem(question=question, solve=solve, noun=thing, says="each gets {}")


def more_than(rng: random.Random) -> Problem:
    """One has so many more or fewer than the other; together."""
    (one, two), thing = cast(rng), rng.choice(THINGS)
    a, d = rng.randint(35, 99), rng.randint(8, 29)
    fewer = rng.random() < 0.5
    question = worded(
        rng,
        (
            "{one} has {a} {thing}. {two} has {d} {word} than {one}. "
            "How many do they have together?",
            "{two} found {d} {word} {thing} than {one}, who found {a}. How many did both find?",
        ),
        one=one,
        two=two,
        thing=thing,
        a=a,
        d=d,
        word="fewer" if fewer else "more",
    )

    def solve(hand: Hand) -> Answer:
        other = hand.subtract(a, d, f"{two}'s") if fewer else hand.add(a, d, f"{two}'s")
        return number(hand.add(Own(a), other, "Both together"))

    return Problem(question=question, solve=solve, noun=thing, says="together they have {}")


def full_boxes(rng: random.Random) -> Problem:
    """How many boxes or buses are needed: the remainder needs one more."""
    size = rng.randint(6, 12)
    count, rest = rng.randint(5, 14), rng.randint(1, size - 1)
    total = size * count + rest
    question = worded(
        rng,
        (
            "{total} children go on a trip. A minibus holds {size}. How many minibuses are needed?",
            "A box holds {size} eggs. How many boxes are needed for {total} eggs?",
            "{total} photos go into an album with {size} on a page. How many pages are needed?",
        ),
        total=total,
        size=size,
    )

    def solve(hand: Hand) -> Answer:
        full = Own(count)
        held = hand.multiply(full, size, "What the full ones hold")
        left = hand.subtract(total, held, "What is left over")
        if left > 0 and hand.slips("drops_the_remainder"):
            return number(full)
        return number(hand.add(full, Own(1), "One more for the rest"))

    return Problem(question=question, solve=solve)


def twice_as_many(rng: random.Random) -> Problem:
    """A multiple of one amount, and both together."""
    (one, two), thing = cast(rng), rng.choice(THINGS)
    a, k = rng.randint(13, 48), rng.randint(3, 6)
    question = worded(
        rng,
        (
            "{one} has {a} {thing}. {two} has {k} times as many. How many do they have together?",
            "{two} has {k} times as many {thing} as {one}, who has {a}. How many is that in all?",
        ),
        one=one,
        two=two,
        thing=thing,
        a=a,
        k=k,
    )

    def solve(hand: Hand) -> Answer:
        if hand.route:
            return number(
                hand.multiply(a, hand.add(k, Own(1), "Shares in all"), "That many shares")
            )
        return number(hand.add(hand.multiply(a, k, f"{two}'s"), Own(a), "Both together"))

    return Problem(question=question, solve=solve, noun=thing, says="they have {} together")


def fence_posts(rng: random.Random) -> Problem:
    """Posts at both ends: one more than there are gaps."""
    gap, gaps = rng.randint(2, 6), rng.randint(6, 18)
    question = worded(
        rng,
        (
            "A straight fence is {length} m long. A post stands every {gap} m, also at both ends. "
            "How many posts are there?",
            "Trees are planted along a {length} m path, one every {gap} m, with one at each end. "
            "How many trees is that?",
        ),
        length=gap * gaps,
        gap=gap,
    )

    def solve(hand: Hand) -> Answer:
        between = hand.divide(gap * gaps, gap, "Gaps")
        forgets = hand.slips("forgets_the_end")
        return number(between if forgets else hand.add(between, Own(1), "One more than gaps"))

    return Problem(question=question, solve=solve)


def rows_with_gaps(rng: random.Random) -> Problem:
    """A full hall, some seats empty."""
    rows, seats = rng.randint(8, 19), rng.randint(11, 24)
    empty = rng.randint(14, 68)
    question = worded(
        rng,
        (
            "A hall has {rows} rows of {seats} seats. {empty} seats are empty. "
            "How many people are sitting?",
            "In a field there are {rows} rows with {seats} plants each. {empty} plants dry out. "
            "How many are still alive?",
        ),
        rows=rows,
        seats=seats,
        empty=empty,
    )

    def solve(hand: Hand) -> Answer:
        return number(
            hand.subtract(hand.multiply(rows, seats, "All of them"), empty, "Without those")
        )

    return Problem(question=question, solve=solve, says="there are {}")


TEMPLATES = (
    gain_and_loss,
    packs_and_singles,
    share_the_rest,
    more_than,
    full_boxes,
    twice_as_many,
    fence_posts,
    rows_with_gaps,
)
