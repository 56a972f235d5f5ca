"""A child's hand at work: does every calculation, writes it down, and makes at most one slip.

    hand = Hand(rule="ignores_carrying")
    hand.divide(hand.add(47, 38), 5)
    hand.lines, hand.first_wrong

Every place where a rule could act is a *chance*, counted in ``hand.chances``; ``at`` says on
which chance of its rule the hand slips. What follows is worked from the wrong number.
"""

from collections import Counter
from fractions import Fraction
from math import lcm

import msgspec

from train.simulate.maths.numbers import Own, Pair, Side, places
from train.simulate.maths.slips import wrong_results

Number = Fraction | int

WRONG_OPERATIONS = {"+": "-*", "-": "+", "*": "+/", "/": "-*"}
"""What a child does who read the problem wrongly."""


class Line(msgspec.Struct, frozen=True):
    """One line of working: sides joined by =, and in words what it is for."""

    sides: tuple[Side, ...]
    why: str = ""


class Hand:
    """Works a problem. ``route`` chooses between right ways where a problem has several."""

    def __init__(
        self, rule: str = "", at: int = 0, route: int = 0, simplifies: bool = True
    ) -> None:
        """Slip on chance ``at`` of ``rule``; without a rule, never."""
        self.route = route
        self.simplifies = simplifies
        self.lines: list[Line] = []
        self.chances: Counter[str] = Counter()
        self.first_wrong = -1
        self._rule, self._at = rule, at
        self._slipped = False

    def slips(self, rule: str) -> bool:
        """Count a chance for ``rule``; if it is taken, the next line is the first wrong one."""
        self.chances[rule] += 1
        taken = rule == self._rule and self.chances[rule] == self._at + 1
        self._slipped = self._slipped or taken
        return taken

    def write(self, *sides: Side, why: str = "") -> None:
        """Write a line."""
        if self._slipped and self.first_wrong < 0:
            self.first_wrong = len(self.lines)
        self.lines.append(Line(sides, why))

    def add(self, a: Number, b: Number, why: str = "") -> Own:
        """Return a + b, or what the slip makes of it."""
        return self._calculate(a, "+", b, why)

    def subtract(self, a: Number, b: Number, why: str = "") -> Own:
        """Return a - b, or what the slip makes of it."""
        return self._calculate(a, "-", b, why)

    def multiply(self, a: Number, b: Number, why: str = "") -> Own:
        """Return a × b, or what the slip makes of it."""
        return self._calculate(a, "*", b, why)

    def divide(self, a: Number, b: Number, why: str = "") -> Own:
        """Return a ÷ b, or what the slip makes of it."""
        return self._calculate(a, "/", b, why)

    def signed(self, a: Number, sign: str, b: Number, why: str = "") -> Own:
        """Return a sum or difference of signed numbers."""
        first, second = Fraction(a), Fraction(b)
        right = _result(first, sign, second)
        wrong = _result(first, "-" if sign == "+" else "+", second) if second < 0 else -right
        result = wrong if wrong != right and self.slips("sign_slip") else right
        if self.slips("off_by_one"):
            result += 1
        return self._written((first, sign, second), result, [right + 1, -right, right - 1], why)

    def copied(self, number: Number) -> Fraction:
        """Return a number of the question as it was copied down."""
        value = Fraction(number)
        if isinstance(number, Own) or abs(value) < 10 or not self.slips("copied_number"):
            return value
        return _miscopied(value)

    def _calculate(self, a: Number, sign: str, b: Number, why: str) -> Own:
        first, second = self.copied(a), self.copied(b)
        for other in WRONG_OPERATIONS[sign]:
            if _makes_sense(first, other, second) and self.slips("wrong_operation"):
                sign = other
        result = _result(first, sign, second)
        wrongs = wrong_results(first, sign, second)
        for rule, wrong in wrongs:
            if self.slips(rule):
                result = wrong
        return self._written((first, sign, second), result, [wrong for _, wrong in wrongs], why)

    def _written(self, side: Side, result: Fraction, strays: list[Fraction], why: str) -> Own:
        """Write a line and return its result; a stray line shows another, which is not used."""
        wrong = [stray for stray in strays if stray != result]
        stray = bool(wrong) and self.slips("right_answer_wrong_step")
        # Which one is of no matter, only that it is not always the same.
        written = wrong[int(abs(result)) % len(wrong)] if stray else result
        self.write(side, (written,), why=why)
        return Own(result)

    def rename(self, pair: Pair, under: int) -> Pair:
        """Return ``pair`` over a new denominator, a multiple of its own."""
        if pair.under == under:
            return pair
        factor = under // pair.under
        over = pair.over * factor
        if self.slips("keeps_numerator"):
            over = pair.over
        if self.slips("table_slip"):
            over += pair.over
        stray = self.slips("right_answer_wrong_step")
        self.write((pair,), (Pair(over + 1 if stray else over, under),), why="Same denominator")
        return Pair(over, under)

    def add_fractions(self, a: Pair, sign: str, b: Pair) -> Pair:
        """Return a + b or a - b over a common denominator, not simplified."""
        across = _across(a, sign, b)
        if across and self.slips("adds_denominators"):
            self.write((a, sign, b), (across,))
            return across
        under = a.under * b.under if self.route else lcm(a.under, b.under)
        first, second = self.rename(a, under), self.rename(b, under)
        if sign == "-" and self.slips("wrong_operation"):
            sign = "+"
        over = first.over + second.over if sign == "+" else first.over - second.over
        if self.slips("off_by_one"):
            over += 1
        result = Pair(over, under)
        self.write((first, sign, second), (result,), why="Now the denominators are equal")
        return result

    def multiply_fractions(self, a: Pair, b: Pair) -> Pair:
        """Return a × b, not simplified."""
        result = Pair(a.over * b.over, a.under * b.under)
        if self.slips("multiplies_crosswise"):
            result = Pair(a.over * b.under, a.under * b.over)
        if self.slips("adds_instead"):
            result = Pair(a.over + b.over, a.under + b.under)
        if self.slips("table_slip"):
            result = Pair(result.over + a.over, result.under)
        self.write((a, "*", b), (result,), why="Top times top and bottom times bottom")
        return result

    def simplify(self, pair: Pair) -> Pair:
        """Return ``pair`` in its simplest form; writes a line only if something changes."""
        value = pair.value
        simple = Pair(value.numerator, value.denominator)
        if simple == pair or not self.simplifies:
            return pair
        if simple.under > 1 and self.slips("halves_only_the_top"):
            simple = Pair(simple.over, pair.under)
        self.write((pair,), (simple,), why="Simplify")
        return simple


def _result(a: Fraction, sign: str, b: Fraction) -> Fraction:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    return a * b if sign == "*" else a / b


def _makes_sense(a: Fraction, sign: str, b: Fraction) -> bool:
    if sign == "/" and not b:
        return False
    result = _result(a, sign, b)
    # Times one or by one looks like no operation at all.
    return result > 0 and places(result) is not None and result not in (a, b)


def _across(a: Pair, sign: str, b: Pair) -> Pair | None:
    """Top with top and bottom with bottom, as far as that gives a fraction."""
    if sign == "+":
        return Pair(a.over + b.over, a.under + b.under)
    over, under = a.over - b.over, abs(a.under - b.under)
    return Pair(over, under) if over > 0 and under > 0 else None


def _miscopied(value: Fraction) -> Fraction:
    """Swap the first two digits, or raise the first one where they are equal."""
    count = places(value) or 0
    digits = str(abs(int(value * 10**count)))
    if digits[0] == digits[1] or digits[1] == "0":
        digits = str(int(digits[0]) % 9 + 1) + digits[1:]
    else:
        digits = digits[1] + digits[0] + digits[2:]
    wrong = Fraction(int(digits), 10**count)
    return -wrong if value < 0 else wrong
