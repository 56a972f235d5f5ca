"""Templates: decimals, money and percent."""

import random
from fractions import Fraction

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own, decimal
from train.simulate.maths.problem import NAMES, Answer, Problem, number, worded

CURRENCIES = ("£", "$", "€")
GOODS = (
    ("notebook", "notebooks"),
    ("ruler", "rulers"),
    ("pear", "pears"),
    ("bus ticket", "bus tickets"),
    ("bun", "buns"),
    ("paintbrush", "paintbrushes"),
)


def _tenths(rng: random.Random, low: int, high: int, places: int = 1) -> Fraction:
    """Return a decimal with exactly ``places`` decimals between ``low`` and ``high``."""
    scale = 10**places
    found = rng.randint(low * scale + 1, high * scale - 1)
    return Fraction(found + (found % 10 == 0), scale)


def _price(rng: random.Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(low * 20, high * 20), 20)


def decimal_addition(rng: random.Random) -> Problem:
    """A sum of decimals, often of different lengths."""
    a, b = _tenths(rng, 1, 30), _tenths(rng, 1, 20, rng.choice((1, 2)))
    question = worded(
        rng,
        ("Work out {a} + {b}.", "{a} + {b} = ?", "Add {a} and {b}."),
        a=decimal(a),
        b=decimal(b),
    )
    return Problem(
        question=question, solve=lambda hand: number(hand.add(a, b, "Line up the points"))
    )


def decimal_subtraction(rng: random.Random) -> Problem:
    """A difference of decimals."""
    a, b = _tenths(rng, 11, 40, rng.choice((1, 2))), _tenths(rng, 1, 10)
    question = worded(
        rng,
        ("Work out {a} - {b}.", "{a} - {b} = ?", "How much is {a} take away {b}?"),
        a=decimal(a),
        b=decimal(b),
    )
    return Problem(
        question=question, solve=lambda hand: number(hand.subtract(a, b, "Line up the points"))
    )


def decimal_multiplication(rng: random.Random) -> Problem:
    """A decimal times a digit."""
    a, b = _tenths(rng, 1, 15), rng.randint(3, 9)
    question = worded(
        rng,
        ("Work out {a} × {b}.", "{a} × {b} = ?", "What is {b} times {a}?"),
        a=decimal(a),
        b=b,
    )

    def solve(hand: Hand) -> Answer:
        if not hand.route:
            return number(hand.multiply(a, b, "Multiply"))
        whole = hand.multiply(Own(int(a)), b, "Multiply the whole part")
        rest = hand.multiply(Own(a - int(a)), b, "Multiply the decimal part")
        return number(hand.add(whole, rest, "Add both parts"))

    return Problem(question=question, solve=solve)


def change(rng: random.Random) -> Problem:
    """Change from a note after buying several equal things."""
    sign, (one, many) = rng.choice(CURRENCIES), rng.choice(GOODS)
    count, price = rng.randint(2, 6), _price(rng, 1, 3)
    note = rng.choice([n for n in (10, 20, 50) if n > count * price])
    name = rng.choice(NAMES)
    question = worded(
        rng,
        (
            "{name} buys {count} {many} at {sign}{price} each and pays with {sign}{note}. "
            "How much change does {name} get?",
            "One {one} costs {sign}{price}. {name} wants {count} and has {sign}{note}. "
            "How much money is left?",
        ),
        name=name,
        one=one,
        many=many,
        count=count,
        sign=sign,
        price=decimal(price, 2),
        note=note,
    )

    def solve(hand: Hand) -> Answer:
        return number(hand.subtract(note, hand.multiply(count, price, "The cost"), "The change"))

    return Problem(
        question=question, solve=solve, kind="money", unit=sign, says=name + " has {} left"
    )


def shopping(rng: random.Random) -> Problem:
    """Two prices and a number of each."""
    sign = rng.choice(CURRENCIES)
    (one, first), (other, second) = rng.sample(GOODS, 2)
    a, b = _price(rng, 1, 4), _price(rng, 1, 4)
    n = rng.randint(2, 6)
    question = worded(
        rng,
        (
            "A {one} costs {sign}{a} and a {other} costs {sign}{b}. "
            "How much do {n} {first} and one {other} cost?",
            "{name} buys {n} {first} at {sign}{a} each and one {other} for {sign}{b}. "
            "What is the bill?",
        ),
        name=rng.choice(NAMES),
        one=one,
        other=other,
        first=first,
        second=second,
        sign=sign,
        a=decimal(a, 2),
        b=decimal(b, 2),
        n=n,
    )

    def solve(hand: Hand) -> Answer:
        return number(hand.add(hand.multiply(n, a, f"The {first}"), b, "With the other"))

    return Problem(question=question, solve=solve, kind="money", unit=sign)


def price_of_one(rng: random.Random) -> Problem:
    """From the price of some to the price of others."""
    sign, (_, many) = rng.choice(CURRENCIES), rng.choice(GOODS)
    count, wanted = rng.sample(range(2, 10), 2)
    price = _price(rng, 1, 3)
    question = worded(
        rng,
        (
            "{count} {many} cost {sign}{total}. How much do {wanted} {many} cost?",
            "{name} pays {sign}{total} for {count} {many}. What would {wanted} {many} cost?",
        ),
        name=rng.choice(NAMES),
        count=count,
        wanted=wanted,
        many=many,
        sign=sign,
        total=decimal(price * count, 2),
    )

    def solve(hand: Hand) -> Answer:
        return number(
            hand.multiply(hand.divide(price * count, count, "One costs"), wanted, "All of them")
        )

    return Problem(question=question, solve=solve, kind="money", unit=sign)


def _share_of(hand: Hand, total: Fraction | int, percent: int) -> Own:
    """Work out a percentage of ``total`` by 1 % or, on the other route, by 10 %."""
    if hand.slips("percent_as_amount"):
        return Own(percent)
    if hand.route and percent % 10 == 0:
        ten = hand.divide(total, Own(10), "10 percent")
        return hand.multiply(ten, Own(percent // 10), f"{percent} percent")
    one = hand.divide(total, Own(100), "1 percent")
    return hand.multiply(one, Own(percent), f"{percent} percent")


def percent_of(rng: random.Random) -> Problem:
    """A percentage of an amount."""
    percent = rng.choice((5, 10, 15, 20, 30, 35, 40, 60, 70, 80))
    total = rng.randint(3, 45) * 20
    question = worded(
        rng,
        (
            "What is {p}% of {total}?",
            "Work out {p}% of {total}.",
            "{p}% of the {total} pupils at a school walk to school. How many pupils walk?",
        ),
        p=percent,
        total=total,
    )
    return Problem(question=question, solve=lambda hand: number(_share_of(hand, total, percent)))


def discount(rng: random.Random) -> Problem:
    """A price after a reduction."""
    sign, percent = rng.choice(CURRENCIES), rng.choice((10, 15, 20, 25, 30, 40))
    price = rng.randint(2, 24) * 5
    question = worded(
        rng,
        (
            "A jacket costs {sign}{price}. It is reduced by {p}%. What does it cost now?",
            "{name} buys a lamp marked {sign}{price} with {p}% off. How much does {name} pay?",
        ),
        name=rng.choice(NAMES),
        sign=sign,
        price=price,
        p=percent,
    )

    def solve(hand: Hand) -> Answer:
        return number(hand.subtract(price, _share_of(hand, price, percent), "The new price"))

    return Problem(question=question, solve=solve, kind="money", unit=sign)


def percent_rise(rng: random.Random) -> Problem:
    """An amount after an increase."""
    percent, total = rng.choice((5, 10, 20, 30, 50)), rng.randint(4, 40) * 20
    question = worded(
        rng,
        (
            "A club had {total} members. The number rises by {p}%. How many members are there now?",
            "Last year {total} people came to the fair, this year {p}% more. "
            "How many came this year?",
        ),
        total=total,
        p=percent,
    )

    def solve(hand: Hand) -> Answer:
        return number(hand.add(total, _share_of(hand, total, percent), "The new number"))

    return Problem(question=question, solve=solve)


def what_percent(rng: random.Random) -> Problem:
    """A part as a percentage of a whole."""
    whole = rng.choice((20, 25, 40, 50, 80, 200))
    step = max(1, whole // 20)
    part = step * rng.randint(1, 19)
    question = worded(
        rng,
        (
            "{name} gets {part} of {whole} questions right. What percentage is that?",
            "{part} out of {whole} seats are taken. What percent of the seats are taken?",
        ),
        name=rng.choice(NAMES),
        part=part,
        whole=whole,
    )

    def solve(hand: Hand) -> Answer:
        top, bottom = (whole, part) if hand.slips("other_way_round") else (part, whole)
        return number(
            hand.multiply(hand.divide(top, bottom, "As a decimal"), Own(100), "In percent")
        )

    return Problem(question=question, solve=solve, kind="percent", unit="%")


TEMPLATES = (
    decimal_addition,
    decimal_subtraction,
    decimal_multiplication,
    change,
    shopping,
    price_of_one,
    percent_of,
    discount,
    percent_rise,
    what_percent,
)
