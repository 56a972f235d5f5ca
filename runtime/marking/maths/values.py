"""Values: what a final answer can be, each exact and with the way it was written."""

from fractions import Fraction

import msgspec

from runtime.marking.maths.numerals import Style
from runtime.marking.maths.polynomial import Polynomial
from runtime.marking.maths.units import Unit


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number, with its unit where one is known and the noun behind it where not.

    ``decimals`` are the decimal places written, ``reduced`` is false where a fraction in it
    can be cancelled, ``name`` is the letter it was given (x = 5).
    """

    number: Fraction
    unit: Unit | None = None
    noun: str = ""
    style: Style = Style.INTEGER
    decimals: int = 0
    reduced: bool = True
    name: str = ""


class Ratio(msgspec.Struct, frozen=True):
    """Parts in proportion; 2:4 equals 1:2."""

    parts: tuple[Fraction, ...]


class Clock(msgspec.Struct, frozen=True):
    """A time of day in minutes; ``half`` is true where morning or evening is not said."""

    minutes: int
    half: bool


class Remainder(msgspec.Struct, frozen=True):
    """A quotient and what is left over."""

    quotient: Fraction
    rest: Fraction


class Group(msgspec.Struct, frozen=True):
    """Several values; ``ordered`` for pairs and points, otherwise a list in any order.

    ``choice`` marks "3 or 4", which is a set of solutions or a guess.
    """

    items: tuple["Value", ...]
    ordered: bool = False
    choice: bool = False


class Relation(msgspec.Struct, frozen=True):
    """An equation or inequality, as ``difference`` (sign) 0; signs are = < <= and !=.

    ``solved`` tells that one side is a letter and the other a number.
    """

    difference: Polynomial
    sign: str
    solved: bool = False


class Algebra(msgspec.Struct, frozen=True):
    """An exact expression with letters, π or surds, and the unit behind it."""

    polynomial: Polynomial
    unit: Unit | None = None


class Words(msgspec.Struct, frozen=True):
    """An answer in words, compared without case and punctuation."""

    text: str


class Symbolic(msgspec.Struct, frozen=True):
    """Notation that only the symbolic checker can read."""

    source: str


Value = Quantity | Ratio | Clock | Remainder | Group | Relation | Algebra | Words | Symbolic
