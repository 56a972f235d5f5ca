"""Templates: whole numbers, bare and in columns."""

import random

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own
from train.simulate.maths.problem import Answer, Problem, number, worded


def column_addition(rng: random.Random) -> Problem:
    """Two or three numbers with carries."""
    a, b = rng.randint(125, 899), rng.randint(17, 899)
    question = worded(
        rng,
        ("Work out {a} + {b}.", "{a} + {b} = ?", "Add {a} and {b}.", "What is {a} plus {b}?"),
        a=a,
        b=b,
    )
    return Problem(question=question, solve=lambda hand: number(hand.add(a, b, "Add the columns")))


def column_subtraction(rng: random.Random) -> Problem:
    """A difference with borrowing."""
    a = rng.randint(230, 999)
    b = rng.randint(35, a - 15)
    question = worded(
        rng,
        ("Work out {a} - {b}.", "{a} - {b} = ?", "Subtract {b} from {a}.", "Take {b} from {a}."),
        a=a,
        b=b,
    )
    return Problem(
        question=question, solve=lambda hand: number(hand.subtract(a, b, "Subtract the columns"))
    )


def sum_of_three(rng: random.Random) -> Problem:
    """Three numbers, added one after the other."""
    a, b, c = rng.randint(26, 99), rng.randint(26, 99), rng.randint(14, 99)
    question = worded(
        rng,
        ("Work out {a} + {b} + {c}.", "What do {a}, {b} and {c} make together?"),
        a=a,
        b=b,
        c=c,
    )

    def solve(hand: Hand) -> Answer:
        if hand.route:
            return number(hand.add(hand.add(b, c, "Add the last two"), a, "Add the first"))
        return number(hand.add(hand.add(a, b, "Add the first two"), c, "Add the third"))

    return Problem(question=question, solve=solve)


def times_one_digit(rng: random.Random) -> Problem:
    """Two digits times one, at once or split into tens and ones."""
    a, b = rng.randint(13, 98), rng.randint(3, 9)
    question = worded(
        rng,
        ("Work out {a} × {b}.", "{a} × {b} = ?", "Multiply {a} by {b}.", "What is {b} times {a}?"),
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        tens, ones = a - a % 10, a % 10
        if not hand.route or not ones:
            return number(hand.multiply(a, b, "Multiply"))
        first = hand.multiply(Own(tens), b, "Multiply the tens")
        second = hand.multiply(Own(ones), b, "Multiply the ones")
        return number(hand.add(first, second, "Add both parts"))

    return Problem(question=question, solve=solve)


def long_multiplication(rng: random.Random) -> Problem:
    """Two digits times two digits by partial products."""
    a, b = rng.randint(12, 89), rng.choice([n for n in range(12, 69) if n % 10])
    question = worded(
        rng,
        ("Work out {a} × {b}.", "{a} times {b} is?", "Find the product of {a} and {b}."),
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        tens = hand.multiply(a, Own(b - b % 10), "Multiply by the tens")
        ones = hand.multiply(a, Own(b % 10), "Multiply by the ones")
        if hand.route:
            tens, ones = ones, tens
        return number(hand.add(tens, ones, "Add both rows"))

    return Problem(question=question, solve=solve)


def division(rng: random.Random) -> Problem:
    """A division that comes out."""
    b, quotient = rng.randint(3, 9), rng.randint(12, 89)
    a = b * quotient
    question = worded(
        rng,
        (
            "Work out {a} ÷ {b}.",
            "{a} ÷ {b} = ?",
            "Divide {a} by {b}.",
            "How many times does {b} go into {a}?",
        ),
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        head = b * 10 * (quotient // 10)
        if not hand.route or head == a:
            return number(hand.divide(a, b, "Divide"))
        tens = hand.divide(Own(head), b, "Divide the largest part that is easy")
        rest = hand.divide(hand.subtract(a, Own(head), "What is left"), b, "Divide the rest")
        return number(hand.add(tens, rest, "Add both parts"))

    return Problem(question=question, solve=solve)


def division_with_remainder(rng: random.Random) -> Problem:
    """A quotient and a remainder."""
    b = rng.randint(3, 9)
    quotient, rest = rng.randint(6, 29), rng.randint(1, b - 1)
    a = b * quotient + rest
    question = worded(
        rng,
        (
            "Work out {a} ÷ {b}. Give the quotient and the remainder.",
            "Divide {a} by {b} with remainder.",
            "{a} ÷ {b} = ? (with remainder)",
        ),
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        found = Own(quotient - 1 if hand.slips("remainder_too_large") else quotient)
        near = hand.multiply(found, b, "The largest multiple that fits")
        left = hand.subtract(a, near, "What is left over")
        return Answer((found, left))

    return Problem(question=question, solve=solve, kind="remainder")


def missing_addend(rng: random.Random) -> Problem:
    """What must be added, or taken away."""
    a, b = rng.randint(17, 88), rng.randint(16, 89)
    question = worded(
        rng,
        (
            "Which number must be added to {a} to make {total}?",
            "{a} + ? = {total}",
            "I think of a number and add {a}. I get {total}. What is my number?",
        ),
        a=a,
        total=a + b,
    )
    return Problem(
        question=question,
        solve=lambda hand: number(hand.subtract(a + b, a, "Take away what is there")),
    )


def number_pattern(rng: random.Random) -> Problem:
    """A later term of a sequence with equal steps."""
    first, step, at = rng.randint(2, 15), rng.randint(3, 9), rng.randint(8, 20)
    shown = ", ".join(str(first + step * k) for k in range(4))
    question = worded(
        rng,
        (
            "A pattern goes {shown}, ... What is the {at}th number?",
            "{shown}, ... always goes on like this. Find the {at}th number.",
        ),
        shown=shown,
        at=at,
    )

    def solve(hand: Hand) -> Answer:
        jumps = (
            Own(at) if hand.slips("off_by_one") else hand.subtract(Own(at), Own(1), "Jumps needed")
        )
        far = hand.multiply(jumps, Own(step), "How far they go")
        return number(hand.add(Own(first), far, "Start from the first number"))

    return Problem(question=question, solve=solve)


TEMPLATES = (
    column_addition,
    column_subtraction,
    sum_of_three,
    times_one_digit,
    long_multiplication,
    division,
    division_with_remainder,
    missing_addend,
    number_pattern,
)
