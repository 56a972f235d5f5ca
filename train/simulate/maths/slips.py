"""Wrong results as children get them: each function is one bug rule of one calculation.

They return the wrong result, or ``None`` where the rule has nothing to go wrong on (a sum without
a carry). After the catalogue of Brown & Burton (1978, Cognitive Science 2) for whole numbers.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from train.simulate.maths.numbers import places

Slip = Callable[[Fraction, Fraction], Fraction | None]


def ignores_carrying(a: Fraction, b: Fraction) -> Fraction | None:
    """Add the columns and forget every carry: 47 + 38 = 75."""
    columns = _columns(a, b)
    if columns is None:
        return None
    pairs, scale = columns
    digits = [(x + y) % 10 for x, y in pairs[:-1]] + [sum(pairs[-1])]
    return _different(_number(digits, scale), a + b)


def smaller_from_larger(a: Fraction, b: Fraction) -> Fraction | None:
    """Take the smaller digit from the larger in every column: 52 - 38 = 26."""
    columns = _columns(a, b)
    if columns is None or a < b:
        return None
    pairs, scale = columns
    return _different(_number([abs(x - y) for x, y in pairs], scale), a - b)


def misplaced_sum(a: Fraction, b: Fraction) -> Fraction | None:
    """Line up the wrong columns: 2.5 + 0.13 = 0.38, or 457 + 26 = 717."""
    first, second = places(a), places(b)
    if first is None or second is None or a < 0 or b < 0:
        return None
    if first != second:
        whole = a * 10**first + b * 10**second
        return _different(whole / 10 ** max(first, second), a + b)
    wide, narrow = len(str(int(a))), len(str(int(b)))
    return None if wide <= narrow or first else a + b * 10 ** (wide - narrow)


def one_off_sum(a: Fraction, b: Fraction) -> Fraction | None:
    """Count on from the number itself: 47 + 38 = 84."""
    return a + b - _last_place(a, b)


def one_over_sum(a: Fraction, b: Fraction) -> Fraction | None:
    """Count one too many: 47 + 38 = 86."""
    return a + b + _last_place(a, b)


def one_off_difference(a: Fraction, b: Fraction) -> Fraction | None:
    """Count back one too few: 52 - 38 = 15."""
    return a - b + _last_place(a, b)


def one_under_difference(a: Fraction, b: Fraction) -> Fraction | None:
    """Count back one too many: 52 - 38 = 13."""
    return a - b - _last_place(a, b)


def table_slip(a: Fraction, b: Fraction) -> Fraction | None:
    """Land one row off in the table: 7 × 8 = 63."""
    return a * b + min(a, b) if a and b else None


def table_slip_down(a: Fraction, b: Fraction) -> Fraction | None:
    """Land one row short in the table: 7 × 8 = 48."""
    wrong = a * b - max(a, b)
    return wrong if a and b and wrong > 0 else None


def off_quotient(a: Fraction, b: Fraction) -> Fraction | None:
    """Divide with the wrong row of the table: 56 ÷ 7 = 9."""
    return a / b + (1 if int(a) % 2 else -1) if abs(a / b) > 1 else a / b + 1


def too_many_noughts(a: Fraction, b: Fraction) -> Fraction | None:
    """Multiply and put the digits one place too high: 30 × 6 = 1800."""
    return a * b * 10


def too_few_noughts(a: Fraction, b: Fraction) -> Fraction | None:
    """Multiply and lose a place: 30 × 6 = 18, 0.4 × 6 = 0.24."""
    wrong = a * b / 10
    return wrong if wrong.denominator == 1 or (a * b).denominator != 1 else None


def shifted_quotient(a: Fraction, b: Fraction) -> Fraction | None:
    """Divide and put the digits one place too high: 156 ÷ 4 = 390."""
    return a / b * 10


RESULTS: Mapping[str, tuple[tuple[str, Slip], ...]] = {
    "+": (
        ("ignores_carrying", ignores_carrying),
        ("place_value", misplaced_sum),
        ("off_by_one", one_off_sum),
        ("off_by_one", one_over_sum),
    ),
    "-": (
        ("smaller_from_larger", smaller_from_larger),
        ("off_by_one", one_off_difference),
        ("off_by_one", one_under_difference),
    ),
    "*": (
        ("table_slip", table_slip),
        ("table_slip", table_slip_down),
        ("place_value", too_many_noughts),
        ("place_value", too_few_noughts),
    ),
    "/": (("table_slip", off_quotient), ("place_value", shifted_quotient)),
}
"""The rules for the result of each operation."""


def wrong_results(a: Fraction, sign: str, b: Fraction) -> list[tuple[str, Fraction]]:
    """Return every wrong result of ``a sign b`` that is not negative, with its rule."""
    right = {"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "/" else a / b
    found = [(rule, slip(a, b)) for rule, slip in RESULTS[sign]]
    return [(r, wrong) for r, wrong in found if wrong is not None and right != wrong >= 0]


def _columns(a: Fraction, b: Fraction) -> tuple[list[tuple[int, int]], int] | None:
    """Return the digits column by column from the right, and by how much both were scaled."""
    counts = places(a), places(b)
    if None in counts or a < 0 or b < 0:
        return None
    scale = 10 ** max(count for count in counts if count is not None)
    first, second = str(int(a * scale)), str(int(b * scale))
    width = max(len(first), len(second))
    digits = zip(reversed(first.zfill(width)), reversed(second.zfill(width)), strict=True)
    return [(int(x), int(y)) for x, y in digits], scale


def _number(digits: list[int], scale: int) -> Fraction:
    return Fraction(sum(digit * 10**at for at, digit in enumerate(digits)), scale)


def _different(wrong: Fraction, right: Fraction) -> Fraction | None:
    return None if wrong == right else wrong


def _last_place(a: Fraction, b: Fraction) -> Fraction:
    count = max(places(a) or 0, places(b) or 0)
    return Fraction(1, 10**count)
