"""Templates: units and conversion, time, area, perimeter, volume, speed."""

import random
from fractions import Fraction

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Own, decimal
from train.simulate.maths.problem import NAMES, Answer, Problem, number, with_unit, worded

_CONVERSIONS = (
    # from, to, factor, both in words, a wrong factor that children take
    ("m", "cm", 100, "metres", "centimetres", 10),
    ("km", "m", 1000, "kilometres", "metres", 100),
    ("kg", "g", 1000, "kilograms", "grams", 100),
    ("l", "ml", 1000, "litres", "millilitres", 100),
    ("cm", "mm", 10, "centimetres", "millimetres", 100),
)
_SHAPES = ("garden", "carpet", "playground", "poster", "field", "courtyard")


def convert_down(rng: random.Random) -> Problem:
    """To a smaller unit."""
    big, small, factor, _, small_words, mistaken = rng.choice(_CONVERSIONS)
    value = Fraction(rng.randint(11, 98), 10)
    question = worded(
        rng,
        (
            "How many {words} are {value} {big}?",
            "Convert {value} {big} to {small}.",
            "Write {value} {big} in {words}.",
        ),
        value=decimal(value),
        big=big,
        small=small,
        words=small_words,
    )

    def solve(hand: Hand) -> Answer:
        by = mistaken if hand.slips("unit_slip") else factor
        return number(hand.multiply(value, Own(by), f"1 {big} is {factor} {small}"))

    return Problem(
        question=question,
        solve=solve,
        unit=small,
        wrong_unit=big,
    )


def convert_up(rng: random.Random) -> Problem:
    """To a larger unit."""
    big, small, factor, big_words, _, mistaken = rng.choice(_CONVERSIONS)
    value = rng.randint(11, 98) * factor // 10
    question = worded(
        rng,
        (
            "How many {words} are {value} {small}?",
            "Convert {value} {small} to {big}.",
            "Write {value} {small} in {words}.",
        ),
        value=value,
        big=big,
        small=small,
        words=big_words,
    )

    def solve(hand: Hand) -> Answer:
        by = mistaken if hand.slips("unit_slip") else factor
        return number(hand.divide(value, Own(by), f"{factor} {small} are 1 {big}"))

    return Problem(question=question, solve=solve, unit=big, wrong_unit=small)


def cut_a_ribbon(rng: random.Random) -> Problem:
    """Two units in one problem."""
    pieces, piece, rest = rng.randint(3, 9), rng.randint(12, 48), rng.randint(11, 60)
    length = Fraction(-(-(pieces * piece + rest) // 10), 10)
    question, demands = with_unit(
        rng,
        worded(
            rng,
            (
                "{name} cuts {pieces} pieces of {piece} cm from a ribbon of {length} m. "
                "How much ribbon is left?",
                "A rope is {length} m long. {name} takes {pieces} pieces of {piece} cm each. "
                "How long is the rest?",
            ),
            name=rng.choice(NAMES),
            pieces=pieces,
            piece=piece,
            length=decimal(length),
        ),
        "centimetres",
    )

    def solve(hand: Hand) -> Answer:
        by = Own(10) if hand.slips("unit_slip") else Own(100)
        whole = hand.multiply(length, by, "In centimetres")
        return number(
            hand.subtract(whole, hand.multiply(pieces, piece, "All pieces"), "What is left")
        )

    return Problem(
        question=question,
        solve=solve,
        unit="cm",
        wrong_unit="m",
        other_unit="m",
        factor=Fraction(1, 100),
        demands=demands,
    )


def minutes_in_all(rng: random.Random) -> Problem:
    """Hours and minutes as minutes."""
    hours, minutes = rng.randint(2, 6), rng.randint(6, 54)
    question = worded(
        rng,
        (
            "A train journey takes {h} h {m} min. How many minutes is that?",
            "A film lasts {h} hours and {m} minutes. How long is it in minutes?",
        ),
        h=hours,
        m=minutes,
    )

    def solve(hand: Hand) -> Answer:
        hour = Own(100) if hand.slips("unit_slip") else Own(60)
        return number(
            hand.add(hand.multiply(hours, hour, "The hours"), minutes, "With the minutes")
        )

    return Problem(question=question, solve=solve, unit="min", wrong_unit="h")


def later_on_the_clock(rng: random.Random) -> Problem:
    """A time some minutes later, across the hour."""
    hour, minute = rng.randint(7, 10), rng.randint(5, 11) * 5
    later = rng.randint(60 - minute + 2, 58)
    question = worded(
        rng,
        (
            "A lesson begins at {t} in the morning and lasts {n} minutes. When does it end?",
            "{name} leaves home at {t} am and walks for {n} minutes. "
            "At what time does {name} arrive?",
        ),
        name=rng.choice(NAMES),
        t=f"{hour}:{minute:02}",
        n=later,
    )

    def solve(hand: Hand) -> Answer:
        total = hand.add(minute, later, "Minutes after the hour")
        over = hand.subtract(total, Own(60), "A full hour is 60 minutes")
        hours = (
            Own(hour)
            if hand.slips("forgets_the_hour")
            else hand.add(Own(hour), Own(1), "One hour on")
        )
        return Answer((hours * 60 + over,))

    return Problem(question=question, solve=solve, kind="clock")


def time_between(rng: random.Random) -> Problem:
    """The minutes between two times, across the hour."""
    hour, start, end = rng.randint(7, 10), rng.randint(31, 56), rng.randint(3, 28)
    question = worded(
        rng,
        (
            "How many minutes are there from {a} to {b}?",
            "A ferry leaves at {a} and lands at {b}. How many minutes does it take?",
        ),
        a=f"{hour}:{start:02}",
        b=f"{hour + 1}:{end:02}",
    )

    def solve(hand: Hand) -> Answer:
        hour_is = Own(100) if hand.slips("hour_of_100") else Own(60)
        first = hand.subtract(hour_is, start, "To the full hour")
        return number(hand.add(first, end, "And on from there"))

    return Problem(question=question, solve=solve, unit="min", wrong_unit="h")


def rectangle_area(rng: random.Random) -> Problem:
    """Length times width."""
    a, b = rng.randint(3, 19), rng.randint(3, 14)
    length = Fraction(a * 2 + 1, 2) if rng.random() < 0.3 else Fraction(a)
    unit, words = rng.choice((("m", "square metres"), ("cm", "square centimetres")))
    wordings = (
        "A rectangular {shape} is {a} {unit} long and {b} {unit} wide. What is its area?",
        "Find the area of a {a} {unit} by {b} {unit} {shape}.",
    )
    question, demands = with_unit(
        rng,
        worded(rng, wordings, shape=rng.choice(_SHAPES), a=decimal(length), b=b, unit=unit),
        words,
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("perimeter_for_area"):
            return number(hand.multiply(Own(2), hand.add(length, b, "Length and width"), "Twice"))
        return number(hand.multiply(length, b, "Length times width"))

    return Problem(
        question=question, solve=solve, unit=f"{unit}²", wrong_unit=unit, demands=demands
    )


def rectangle_perimeter(rng: random.Random) -> Problem:
    """Twice length and width."""
    a, b = rng.randint(5, 29), rng.randint(3, 18)
    unit, words = rng.choice((("m", "metres"), ("cm", "centimetres")))
    wordings = (
        "A rectangular {shape} is {a} {unit} long and {b} {unit} wide. How long is its edge all "
        "the way round?",
        "What is the perimeter of a {a} {unit} by {b} {unit} {shape}?",
    )
    question, demands = with_unit(
        rng, worded(rng, wordings, shape=rng.choice(_SHAPES), a=a, b=b, unit=unit), words
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("area_for_perimeter"):
            return number(hand.multiply(a, b, "Length times width"))
        if hand.route:
            first = hand.multiply(Own(2), a, "Both long sides")
            return number(
                hand.add(first, hand.multiply(Own(2), b, "Both short sides"), "All sides")
            )
        half = hand.add(a, b, "Length and width")
        return number(
            half if hand.slips("half_the_way_round") else hand.multiply(Own(2), half, "Twice")
        )

    return Problem(
        question=question, solve=solve, unit=unit, wrong_unit=f"{unit}²", demands=demands
    )


def triangle_area(rng: random.Random) -> Problem:
    """Half of base times height."""
    base, height = rng.randint(2, 12) * 2, rng.randint(3, 15)
    wordings = (
        "A triangle has a base of {a} cm and a height of {b} cm. What is its area?",
        "Find the area of a triangle that is {b} cm high on a base of {a} cm.",
    )
    question, demands = with_unit(
        rng, worded(rng, wordings, a=base, b=height), "square centimetres"
    )

    def solve(hand: Hand) -> Answer:
        if hand.route:
            return number(
                hand.multiply(
                    hand.divide(base, Own(2), "Half the base"), height, "Times the height"
                )
            )
        box = hand.multiply(base, height, "Base times height")
        return number(
            box if hand.slips("forgets_the_half") else hand.divide(box, Own(2), "Half of it")
        )

    return Problem(question=question, solve=solve, unit="cm²", wrong_unit="cm", demands=demands)


def floor_with_hole(rng: random.Random) -> Problem:
    """One rectangle without another."""
    a, b = rng.randint(8, 18), rng.randint(7, 14)
    c, d = rng.randint(2, 6), rng.randint(2, 5)
    wordings = (
        "A yard is {a} m by {b} m. A pond of {c} m by {d} m is in it. What area is not water?",
        "A wall is {a} m long and {b} m high with a gate of {c} m by {d} m. What area is wall?",
    )
    question, demands = with_unit(rng, worded(rng, wordings, a=a, b=b, c=c, d=d), "square metres")

    def solve(hand: Hand) -> Answer:
        whole = hand.multiply(a, b, "All of it")
        return number(hand.subtract(whole, hand.multiply(c, d, "The part that is not"), "The rest"))

    return Problem(question=question, solve=solve, unit="m²", wrong_unit="m", demands=demands)


def box_volume(rng: random.Random) -> Problem:
    """Length times width times height."""
    a, b, c = rng.randint(3, 12), rng.randint(2, 9), rng.randint(2, 9)
    wordings = (
        "A box is {a} cm long, {b} cm wide and {c} cm high. What is its volume?",
        "Find the volume of a {a} cm by {b} cm by {c} cm block.",
    )
    question, demands = with_unit(rng, worded(rng, wordings, a=a, b=b, c=c), "cubic centimetres")

    def solve(hand: Hand) -> Answer:
        if hand.slips("adds_instead"):
            return number(hand.add(hand.add(a, b, "Length and width"), c, "And height"))
        return number(hand.multiply(hand.multiply(a, b, "The bottom"), c, "Times the height"))

    return Problem(question=question, solve=solve, unit="cm³", wrong_unit="cm²", demands=demands)


def distance(rng: random.Random) -> Problem:
    """Speed times time, with minutes to be made hours."""
    speed, halves = rng.randint(6, 45) * 2, rng.choice((3, 5, 7))
    hours, minutes = divmod(halves * 30, 60)
    wordings = (
        "A bus drives at {v} km/h for {h} h {m} min. How far does it go?",
        "{name} travels for {h} hours and {m} minutes at {v} km/h. How long is the way?",
    )
    question, demands = with_unit(
        rng,
        worded(rng, wordings, name=rng.choice(NAMES), v=speed, h=hours, m=minutes),
        "kilometres",
    )

    def solve(hand: Hand) -> Answer:
        if hand.slips("unit_slip"):
            time = hand.add(Own(hours), Own(Fraction(minutes, 100)), "The time in hours")
        else:
            time = hand.add(Own(hours), Own(Fraction(minutes, 60)), "The time in hours")
        return number(hand.multiply(speed, time, "Speed times time"))

    return Problem(
        question=question,
        solve=solve,
        unit="km",
        wrong_unit="km/h",
        other_unit="m",
        factor=Fraction(1000),
        demands=demands,
    )


TEMPLATES = (
    convert_down,
    convert_up,
    cut_a_ribbon,
    minutes_in_all,
    later_on_the_clock,
    time_between,
    rectangle_area,
    rectangle_perimeter,
    triangle_area,
    floor_with_hole,
    box_volume,
    distance,
)
