"""Templates: order of operations, signed numbers, equations, averages."""

import random
from fractions import Fraction

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own
from train.simulate.maths.problem import NAMES, Answer, Problem, number, worded

LETTERS = "xyna"


def product_first(rng: random.Random) -> Problem:
    """a + b × c or a - b × c."""
    b, c = rng.randint(3, 9), rng.randint(3, 9)
    minus = rng.random() < 0.4
    a = rng.randint(b * c + 3, 95) if minus else rng.randint(4, 40)
    sign = "-" if minus else "+"
    question = worded(
        rng,
        ("Work out {a} {s} {b} × {c}.", "{a} {s} {b} × {c} = ?", "Calculate {a} {s} {b} × {c}."),
        a=a,
        b=b,
        c=c,
        s=sign,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("left_to_right"):
            first = hand.subtract(a, b) if minus else hand.add(a, b)
            return number(hand.multiply(first, c))
        product = hand.multiply(b, c, "The product comes first")
        return number(hand.subtract(a, product) if minus else hand.add(a, product))

    return Problem(question=question, solve=solve)


def bracket_first(rng: random.Random) -> Problem:
    """(a + b) × c - d."""
    a, b, c = rng.randint(3, 15), rng.randint(3, 15), rng.randint(2, 7)
    d = rng.randint(4, (a + b) * c - 2)
    question = worded(
        rng,
        ("Work out ({a} + {b}) × {c} - {d}.", "({a} + {b}) × {c} - {d} = ?"),
        a=a,
        b=b,
        c=c,
        d=d,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("ignores_brackets"):
            return number(hand.subtract(hand.add(a, hand.multiply(b, c)), d))
        bracket = hand.add(a, b, "The bracket comes first")
        return number(hand.subtract(hand.multiply(bracket, c, "Then multiply"), d, "Then subtract"))

    return Problem(question=question, solve=solve)


def quotient_first(rng: random.Random) -> Problem:
    """a + b ÷ c."""
    c, q = rng.randint(2, 9), rng.randint(3, 9)
    a = c * rng.randint(2, 8)
    question = worded(
        rng,
        ("Work out {a} + {b} ÷ {c}.", "{a} + {b} ÷ {c} = ?", "Calculate {a} + {b} ÷ {c}."),
        a=a,
        b=c * q,
        c=c,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("left_to_right"):
            return number(hand.divide(hand.add(a, c * q), c))
        return number(hand.add(a, hand.divide(c * q, c, "The quotient comes first"), "Then add"))

    return Problem(question=question, solve=solve)


def temperature(rng: random.Random) -> Problem:
    """A temperature that falls below nought, or rises."""
    start, fall, rise = rng.randint(-6, 8), rng.randint(9, 17), rng.randint(2, 7)
    question = worded(
        rng,
        (
            "It is {start} °C. The temperature falls by {fall} degrees, then rises by {rise} "
            "degrees. What is the temperature now?",
            "In the morning it is {start} °C. By night it is {fall} degrees colder, the next day "
            "{rise} degrees warmer again. What is the temperature then?",
        ),
        start=start,
        fall=fall,
        rise=rise,
    )

    def solve(hand: Hand) -> Answer:
        low = hand.signed(start, "-", fall, "After the fall")
        return number(hand.signed(low, "+", rise, "After the rise"))

    return Problem(question=question, solve=solve, unit="°C", signed=True)


def signed_sum(rng: random.Random) -> Problem:
    """A sum or difference with a negative number."""
    a, b = rng.randint(-15, 15), -rng.randint(2, 15)
    sign = rng.choice("+-")
    question = worded(
        rng,
        ("Work out {a} {s} ({b}).", "{a} {s} ({b}) = ?", "What is {a} {w} {b}?"),
        a=a,
        b=b,
        s=sign,
        w="plus" if sign == "+" else "minus",
    )
    return Problem(
        question=question,
        solve=lambda hand: number(hand.signed(a, sign, b, "Mind the signs")),
        signed=True,
    )


def bank_account(rng: random.Random) -> Problem:
    """Points that go below nought."""
    name = rng.choice(NAMES)
    start, loss, win = rng.randint(5, 30), rng.randint(35, 70), rng.randint(4, 25)
    question = worded(
        rng,
        (
            "{name} has {start} points in a game, loses {loss} and wins {win}. "
            "How many points does {name} have? (It may be below zero.)",
            "A diver is {start} m above the sea on a cliff, goes {loss} m down and comes {win} m "
            "up again. How many metres above (+) or below (-) the sea is that?",
        ),
        name=name,
        start=start,
        loss=loss,
        win=win,
    )

    def solve(hand: Hand) -> Answer:
        if hand.route:
            return number(
                hand.signed(
                    hand.signed(start, "+", win, "All that is won"), "-", loss, "Then the loss"
                )
            )
        return number(
            hand.signed(hand.signed(start, "-", loss, "After the loss"), "+", win, "Then the win")
        )

    return Problem(question=question, solve=solve, signed=True)


def equation(rng: random.Random) -> Problem:
    """ax + b = c or ax - b = c."""
    letter, root, a, b = (
        rng.choice(LETTERS),
        rng.randint(2, 12),
        rng.randint(2, 9),
        rng.randint(2, 19),
    )
    minus = rng.random() < 0.5
    c = a * root - b if minus else a * root + b
    sign, back = ("-", "+") if minus else ("+", "-")
    question = worded(
        rng,
        (
            "Solve {a}{x} {s} {b} = {c}.",
            "Find {x}: {a}{x} {s} {b} = {c}",
            "{a}{x} {s} {b} = {c}. What is {x}?",
        ),
        a=a,
        x=letter,
        s=sign,
        b=b,
        c=c,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("same_sign_on_the_other_side"):
            moved = c + b if back == "-" else c - b
        elif hand.slips("one_side_only"):
            moved = c
        else:
            moved = c - b if back == "-" else c + b
        if hand.slips("off_by_one"):
            moved += 1
        coefficient = (Fraction(a), letter)
        hand.write(
            coefficient,
            (Fraction(moved),),
            why=f"{'Add' if minus else 'Subtract'} {b} on both sides",
        )
        result = Fraction(moved, a)
        if hand.slips("subtracts_the_factor"):
            result = Fraction(moved - a)
        hand.write((letter,), (result,), why=f"Divide both sides by {a}")
        return number(result)

    return Problem(question=question, solve=solve, kind="letter", letter=letter, signed=True)


def equation_with_quotient(rng: random.Random) -> Problem:
    """x/a + b = c."""
    letter, a, quotient, b = (
        rng.choice(LETTERS),
        rng.randint(2, 9),
        rng.randint(3, 12),
        rng.randint(2, 15),
    )
    question = worded(
        rng,
        ("Solve {x}/{a} + {b} = {c}.", "Find {x} if {x}/{a} + {b} = {c}."),
        x=letter,
        a=a,
        b=b,
        c=quotient + b,
    )

    def solve(hand: Hand) -> Answer:
        added = hand.slips("same_sign_on_the_other_side")
        moved = Fraction(quotient + 2 * b if added else quotient)
        if hand.slips("off_by_one"):
            moved -= 1
        hand.write((letter, "/", Fraction(a)), (moved,), why=f"Subtract {b} on both sides")
        divides = hand.slips("inverse_forgotten") and _is_whole(moved / a)
        result = moved / a if divides else moved * a
        hand.write((letter,), (result,), why=f"Multiply both sides by {a}")
        return number(result)

    return Problem(question=question, solve=solve, kind="letter", letter=letter, signed=True)


def _is_whole(value: Fraction) -> bool:
    """Whether a value is whole, so that it may stand in an equation of whole numbers."""
    return value.denominator == 1


def substitution(rng: random.Random) -> Problem:
    """The value of ax + b."""
    letter, value, a, b = (
        rng.choice(LETTERS),
        rng.randint(3, 12),
        rng.randint(2, 9),
        rng.randint(2, 20),
    )
    question = worded(
        rng,
        ("What is {a}{x} + {b} for {x} = {v}?", "{x} = {v}. Work out {a}{x} + {b}."),
        a=a,
        x=letter,
        b=b,
        v=value,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("puts_digits_side_by_side"):
            product = Own(a * 10 ** len(str(value)) + value)
        else:
            product = hand.multiply(a, Own(value), f"{letter} is {value}")
        return number(hand.add(product, b, "Then add"))

    return Problem(question=question, solve=solve)


def average(rng: random.Random) -> Problem:
    """The mean of four or five numbers."""
    count, mean = rng.randint(4, 5), rng.randint(8, 30)
    offsets = [rng.randint(-6, 6) for _ in range(count - 1)]
    numbers = [mean + offset for offset in offsets]
    numbers.append(mean * count - sum(numbers))
    if numbers[-1] < 1:
        numbers = [mean] * (count - 2) + [mean - 3, mean + 3]
    question = worded(
        rng,
        (
            "Find the mean of {list}.",
            "{name} scores {list} points in {count} games. What is the average?",
            "The days had {list} visitors. How many visitors came on average?",
        ),
        list=", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}",
        name=rng.choice(NAMES),
        count=count,
    )

    def solve(hand: Hand) -> Answer:
        total = hand.add(numbers[0], numbers[1], "Add the first two")
        for one in numbers[2:]:
            total = hand.add(total, one, "And the next")
        by = count - 1 if hand.slips("divides_by_wrong_count") else count
        return number(hand.divide(total, Own(by), f"Divide by {count}"))

    return Problem(question=question, solve=solve)


def missing_from_average(rng: random.Random) -> Problem:
    """The number that makes a mean."""
    a, b = rng.randint(8, 25), rng.randint(8, 25)
    mean = rng.randint((a + b) // 3 + 2, 30)
    question = worded(
        rng,
        (
            "Three numbers have a mean of {mean}. Two of them are {a} and {b}. What is the third?",
            "{name} needs an average of {mean} points in 3 tests and got {a} and {b}. "
            "How many points must the third test bring?",
        ),
        name=rng.choice(NAMES),
        mean=mean,
        a=a,
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        total = hand.multiply(mean, Own(3), "All three together")
        return number(hand.subtract(total, hand.add(a, b, "The two that are known"), "The third"))

    return Problem(question=question, solve=solve)


TEMPLATES = (
    product_first,
    bracket_first,
    quotient_first,
    temperature,
    signed_sum,
    bank_account,
    equation,
    equation_with_quotient,
    substitution,
    average,
    missing_from_average,
)
