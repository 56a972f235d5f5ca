"""Final answers as children write them: notation, units, money, times, ratios, remainders."""

import random
from fractions import Fraction
from typing import Literal

import msgspec

from train.simulate.maths.numbers import Notation, Pair, decimal, in_words, places, shown
from train.simulate.maths.problem import Answer, Problem

UnitMode = Literal["right", "missing", "wrong"]

UNIT_WORDS = {
    "mm": ("mm", "millimetres"),
    "cm": ("cm", "centimetres", "cms"),
    "m": ("m", "metres", "meters"),
    "km": ("km", "kilometres"),
    "g": ("g", "grams"),
    "kg": ("kg", "kilograms", "kilos"),
    "l": ("l", "litres"),
    "ml": ("ml", "millilitres"),
    "min": ("min", "minutes", "mins"),
    "h": ("h", "hours"),
    "km/h": ("km/h",),
    "°C": ("°C", "degrees", "degrees C"),
    "%": ("%", " percent", " %"),
    "m²": ("m²", "m2", "square metres", "sq m", "m^2"),
    "cm²": ("cm²", "cm2", "square centimetres", "sq cm", "cm^2"),
    "cm³": ("cm³", "cm3", "cubic centimetres", "cm^3"),
    "$": ("dollars",),
    "£": ("pounds",),
    "€": ("euros", "euro"),
}


class Final(msgspec.Struct, frozen=True):
    """A final answer on paper; ``unusual`` where its notation is not that of the question."""

    text: str
    unusual: bool = False


def final(
    problem: Problem, answer: Answer, notation: Notation, rng: random.Random, unit: UnitMode
) -> Final:
    """Return ``answer`` in one of the forms a child may give it, all of the same value."""
    value = answer.values[0]
    if problem.kind == "fraction":
        return _fraction(problem, answer.pair or Pair(*value.as_integer_ratio()), notation, rng)
    if problem.kind == "money":
        return Final(_money(value, problem.unit, notation, rng))
    if problem.kind == "clock":
        return _clock(int(value), rng)
    if problem.kind in ("ratio", "remainder"):
        signs = (
            (":", " : ", " to ") if problem.kind == "ratio" else (" r ", " remainder ", " R", " r")
        )
        first, second = (shown(part, notation) for part in answer.values)
        return Final(rng.choice(signs).join((first, second)))
    if problem.kind == "letter":
        forms = (
            f"{problem.letter} = {{}}",
            f"{problem.letter}={{}}",
            "{}",
            f"{problem.letter} is {{}}",
        )
        return Final(rng.choice(forms).format(shown(value, notation)))
    return _number(problem, value, notation, rng, unit)


def plain(problem: Problem, answer: Answer) -> str:
    """Return the answer as a teacher writes it."""
    value = answer.values[0]
    if problem.kind == "fraction":
        return shown(Pair(*value.as_integer_ratio()), Notation())
    if problem.kind == "clock":
        return f"{value // 60}:{int(value % 60):02}"
    if problem.kind in ("ratio", "remainder"):
        sign = ":" if problem.kind == "ratio" else " remainder "
        return sign.join(shown(part, Notation()) for part in answer.values)
    if problem.kind == "money":
        return f"{problem.unit}{decimal(value, 0 if value.denominator == 1 else 2)}"
    if problem.kind == "letter":
        return f"{problem.letter} = {shown(value, Notation())}"
    space = "" if problem.unit == "%" else " "
    return f"{decimal(value)}{space}{problem.unit}".strip()


def _number(
    problem: Problem, value: Fraction, notation: Notation, rng: random.Random, unit: UnitMode
) -> Final:
    text, unusual = decimal(value, comma=notation.comma), False
    if rng.random() < 0.15:
        text, unusual = _other_number(value, notation, rng)
    if problem.noun and rng.random() < 0.3:
        text = f"{text} {problem.noun}"
    if not problem.unit or unit == "missing":
        return Final(text, unusual)
    name = problem.wrong_unit if unit == "wrong" else problem.unit
    if unit == "right" and problem.other_unit and problem.demands == "unit" and rng.random() < 0.15:
        other = value * problem.factor
        return Final(decimal(other, comma=notation.comma) + f" {problem.other_unit}", True)
    words = rng.choice(UNIT_WORDS[name])
    space = "" if name == "%" or (words == name and rng.random() < 0.5) else " "
    return Final(f"{text}{space}{words}", unusual)


def _other_number(value: Fraction, notation: Notation, rng: random.Random) -> tuple[str, bool]:
    """Return a small number in words, a decimal as a mixed number or with a nought behind."""
    if value.denominator == 1:
        if 0 <= value < 100:
            return in_words(int(value)), True
        return decimal(value), False
    needed = places(value) or 0
    if value > 1 and value.denominator in (2, 4, 5) and rng.random() < 0.5:
        whole, rest = divmod(value, 1)
        return f"{whole} {rest.numerator}/{rest.denominator}", True
    return decimal(value, needed + 1, notation.comma), True


def _fraction(problem: Problem, pair: Pair, notation: Notation, rng: random.Random) -> Final:
    whole, rest = divmod(pair.over, pair.under)
    if whole and rest and not problem.demands and "improper" not in _asked(problem):
        if rng.random() < 0.5:
            return Final(f"{whole} {rest}/{pair.under}", True)
    elif places(pair.value) is not None and not problem.demands and rng.random() < 0.2:
        return Final(decimal(pair.value, comma=notation.comma), True)
    return Final(shown(pair, notation))


def _asked(problem: Problem) -> str:
    return problem.question.replace("one fraction", "improper")


def _money(value: Fraction, sign: str, notation: Notation, rng: random.Random) -> str:
    least = 0 if value.denominator == 1 and rng.random() < 0.7 else 2
    amount = decimal(value, least, notation.comma)
    return rng.choice(
        (
            f"{sign}{amount}",
            f"{sign} {amount}",
            f"{amount}{sign}",
            f"{amount} {UNIT_WORDS[sign][0]}",
        )
    )


def _clock(minutes: int, rng: random.Random) -> Final:
    hour, minute = divmod(minutes, 60)
    if rng.random() < 0.15 and minute % 60:
        return Final(f"{minute} minutes past {hour}", True)
    return Final(
        rng.choice((f"{hour}:{minute:02}", f"{hour}.{minute:02}", f"{hour}:{minute:02} am"))
    )
