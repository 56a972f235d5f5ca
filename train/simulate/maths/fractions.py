"""Templates: fractions and ratios."""

import random
from math import gcd
from typing import Literal

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own, Pair
from train.simulate.maths.problem import NAMES, THINGS, Answer, Problem, fraction, number, worded

Form = Literal["", "simplest"]


def _proper(rng: random.Random, most: int = 10) -> Pair:
    while True:
        under = rng.randint(2, most)
        over = rng.randint(1, under - 1)
        if gcd(over, under) == 1:
            return Pair(over, under)


def _two(rng: random.Random) -> tuple[Pair, Pair]:
    """Return two proper fractions with different denominators, the larger first."""
    while True:
        a, b = _proper(rng), _proper(rng)
        if a.under != b.under:
            return (a, b) if a.value > b.value else (b, a)


def _asked(rng: random.Random, question: str) -> tuple[str, Form]:
    if rng.random() < 0.6:
        return question, ""
    return question + rng.choice(
        (" Give your answer in its simplest form.", " Simplify as far as you can.")
    ), "simplest"


def _text(pair: Pair) -> str:
    return f"{pair.over}/{pair.under}"


def fraction_addition(rng: random.Random) -> Problem:
    """A sum of fractions with different denominators."""
    a, b = rng.sample(_two(rng), 2)
    wordings = ("Work out {a} + {b}.", "{a} + {b} = ?", "Add {a} and {b}.")
    question, demands = _asked(rng, worded(rng, wordings, a=_text(a), b=_text(b)))
    return Problem(
        question=question,
        solve=lambda hand: fraction(hand.simplify(hand.add_fractions(a, "+", b))),
        kind="fraction",
        demands=demands,
    )


def fraction_subtraction(rng: random.Random) -> Problem:
    """A difference of fractions with different denominators."""
    a, b = _two(rng)
    wordings = ("Work out {a} - {b}.", "{a} - {b} = ?", "Subtract {b} from {a}.")
    question, demands = _asked(rng, worded(rng, wordings, a=_text(a), b=_text(b)))
    return Problem(
        question=question,
        solve=lambda hand: fraction(hand.simplify(hand.add_fractions(a, "-", b))),
        kind="fraction",
        demands=demands,
    )


def fraction_multiplication(rng: random.Random) -> Problem:
    """A product of fractions."""
    a, b = rng.sample(_two(rng), 2)
    wordings = ("Work out {a} × {b}.", "{a} × {b} = ?", "What is {a} of {b}?")
    question, demands = _asked(rng, worded(rng, wordings, a=_text(a), b=_text(b)))
    return Problem(
        question=question,
        solve=lambda hand: fraction(hand.simplify(hand.multiply_fractions(a, b))),
        kind="fraction",
        demands=demands,
    )


def fraction_left(rng: random.Random) -> Problem:
    """What is left of a whole after two parts."""
    while True:
        a, b = _two(rng)
        if a.value + b.value < 1:
            break
    wordings = (
        "{name} eats {a} of a pie and gives away {b} of it. What fraction of the pie is left?",
        "{a} of a garden is lawn and {b} is a vegetable bed. The rest is a pond. "
        "What fraction is the pond?",
        "{name} spends {a} of the day at the lake and {b} of it on the train. "
        "What fraction of the day is left?",
    )
    question = worded(rng, wordings, name=rng.choice(NAMES), a=_text(a), b=_text(b))

    def solve(hand: Hand) -> Answer:
        gone = hand.simplify(hand.add_fractions(a, "+", b))
        if hand.slips("subtracts_the_other_way") and gone.over != gone.under:
            whole = Pair(abs(gone.over - 1), gone.under)
        else:
            whole = Pair(gone.under - gone.over, gone.under)
        hand.write(
            (Pair(gone.under, gone.under), "-", gone), (whole,), why="Take it from the whole"
        )
        return fraction(whole)

    return Problem(question=question, solve=solve, kind="fraction")


def fraction_of_amount(rng: random.Random) -> Problem:
    """A fraction of a number of things."""
    part = _proper(rng, 8)
    while part.over < 2:
        part = _proper(rng, 8)
    total, thing, name = part.under * rng.randint(4, 18), rng.choice(THINGS), rng.choice(NAMES)
    question = worded(
        rng,
        (
            "{part} of {name}'s {total} {thing} are blue. How many are blue?",
            "What is {part} of {total}?",
            "{name} has {total} {thing} and gives {part} of them away. "
            "How many does {name} give away?",
        ),
        part=_text(part),
        total=total,
        thing=thing,
        name=name,
    )

    def solve(hand: Hand) -> Answer:
        if hand.route:
            many = hand.multiply(total, Own(part.over), "Times the top")
            return number(hand.divide(many, Own(part.under), "Divided by the bottom"))
        one = hand.divide(total, Own(part.under), "One part")
        return number(hand.multiply(one, Own(part.over), "So many parts"))

    return Problem(question=question, solve=solve)


def simplify_fraction(rng: random.Random) -> Problem:
    """A fraction to be simplified."""
    simple, by = _proper(rng, 12), rng.randint(2, 9)
    start = Pair(simple.over * by, simple.under * by)
    question = worded(
        rng,
        ("Simplify {a}.", "Write {a} in its simplest form.", "Reduce {a} as far as possible."),
        a=_text(start),
    )

    def solve(hand: Hand) -> Answer:
        over, under = simple
        if hand.slips("table_slip"):
            over += 1
        if hand.slips("halves_only_the_top"):
            under = start.under
        rest = min(d for d in range(2, by + 1) if by % d == 0)
        if not hand.simplifies and rest < by:
            over, under = over * rest, under * rest
        hand.write((start,), (Pair(over, under),), why=f"Divide both by {by}")
        return fraction(Pair(over, under))

    return Problem(question=question, solve=solve, kind="fraction", demands="simplest")


def improper(rng: random.Random) -> Problem:
    """A mixed number as one fraction."""
    part, whole = _proper(rng, 9), rng.randint(2, 7)
    question = worded(
        rng,
        ("Write {w} {p} as an improper fraction.", "Change {w} {p} into one fraction."),
        w=whole,
        p=_text(part),
    )

    def solve(hand: Hand) -> Answer:
        many = hand.multiply(whole, Own(part.under), "Parts in the wholes")
        if hand.slips("forgets_the_part"):
            over = many
        else:
            over = hand.add(many, Own(part.over), "With the other parts")
        return fraction(Pair(int(over), part.under))

    return Problem(question=question, solve=solve, kind="fraction")


def ratio_share(rng: random.Random) -> Problem:
    """An amount shared in a ratio."""
    (one, two), thing = rng.sample(NAMES, 2), rng.choice(THINGS)
    a, b = rng.choice(
        [(x, y) for x in range(1, 8) for y in range(1, 8) if gcd(x, y) == 1 and x != y]
    )
    total = (a + b) * rng.randint(3, 14)
    question = worded(
        rng,
        (
            "{one} and {two} share {total} {thing} in the ratio {a}:{b}. How many does {one} get?",
            "{total} {thing} are split between {one} and {two} as {a}:{b}. "
            "How many {thing} go to {one}?",
        ),
        one=one,
        two=two,
        thing=thing,
        total=total,
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("part_for_whole"):
            shares = Own(max(a, b))
        else:
            shares = hand.add(Own(a), Own(b), "Parts in all")
        one_part = hand.divide(total, shares, "One part")
        return number(hand.multiply(one_part, Own(a), f"{one}'s parts"))

    return Problem(question=question, solve=solve, noun=thing, says=one + " gets {}")


def simplify_ratio(rng: random.Random) -> Problem:
    """A ratio in its simplest form."""
    a, b = rng.choice([(x, y) for x in range(2, 10) for y in range(2, 10) if gcd(x, y) == 1])
    by = rng.randint(2, 9)
    question = worded(
        rng,
        (
            "Simplify the ratio {a}:{b}.",
            "Write {a}:{b} as simply as possible.",
            "A drink has {a} parts juice and {b} parts water. Give the ratio in its simplest form.",
        ),
        a=a * by,
        b=b * by,
    )

    def solve(hand: Hand) -> Answer:
        first = hand.divide(a * by, Own(by), f"Divide by {by}")
        second = hand.divide(b * by, Own(by), "The other side too")
        return Answer((second, first) if hand.slips("other_way_round") else (first, second))

    return Problem(question=question, solve=solve, kind="ratio")


def recipe(rng: random.Random) -> Problem:
    """Direct proportion through the amount for one."""
    people, more = rng.sample(range(2, 10), 2)
    each = rng.choice((15, 20, 25, 30, 40, 45, 60))
    thing = rng.choice(("flour", "rice", "oats", "lentils", "sugar"))
    question = worded(
        rng,
        (
            "A recipe for {people} people needs {total} g of {thing}. "
            "How many grams are needed for {more} people?",
            "{people} bowls take {total} g of {thing}. "
            "How many grams of {thing} do {more} bowls take?",
        ),
        people=people,
        total=people * each,
        thing=thing,
        more=more,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("adds_the_difference"):
            if more > people:
                return number(hand.add(people * each, Own(more - people), "More people"))
            return number(hand.subtract(people * each, Own(people - more), "Fewer people"))
        one = hand.divide(people * each, people, "For one")
        return number(hand.multiply(one, more, f"For {more}"))

    return Problem(question=question, solve=solve, unit="g", wrong_unit="kg")


TEMPLATES = (
    fraction_addition,
    fraction_subtraction,
    fraction_multiplication,
    fraction_left,
    fraction_of_amount,
    simplify_fraction,
    improper,
    ratio_share,
    simplify_ratio,
    recipe,
)
