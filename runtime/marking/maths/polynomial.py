"""Exact polynomials over fractions: enough algebra for school work, with every size bounded.

A variable is any name; ``√n`` with square-free n is a name whose square is n, so surds are exact.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt, prod

Monomial = tuple[tuple[str, int], ...]

_MAX_TERMS = 60
"""School algebra stays far below; a product of long sums is refused instead of expanded."""
_MAX_BITS = 4096
"""9^9^9 must not be computed; a number of more bits is no schoolwork."""
_MAX_POWER = 64
_MAX_RADICAND = 10**12
_MAX_PRODUCT = 10**6
"""Up to here the search for the largest square is complete, so that surds have one form."""


class NotExactError(Exception):
    """The text or operation has no exact polynomial value within the bounds."""


class Polynomial:
    """A sum of monomials with fraction coefficients; compared by value, never changed."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        self.terms = {key: value for key, value in terms.items() if value}
        if len(self.terms) > _MAX_TERMS or any(map(_is_huge, self.terms.values())):
            raise NotExactError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __add__(self, other: "Polynomial") -> "Polynomial":
        terms = dict(self.terms)
        for key, value in other.terms.items():
            terms[key] = terms.get(key, Fraction(0)) + value
        return Polynomial(terms)

    def __neg__(self) -> "Polynomial":
        return Polynomial({key: -value for key, value in self.terms.items()})

    def __sub__(self, other: "Polynomial") -> "Polynomial":
        return self + -other

    def __mul__(self, other: "Polynomial") -> "Polynomial":
        terms: dict[Monomial, Fraction] = {}
        for left, left_value in self.terms.items():
            for right, right_value in other.terms.items():
                key, factor = _product(left, right)
                terms[key] = terms.get(key, Fraction(0)) + left_value * right_value * factor
        return Polynomial(terms)

    def __truediv__(self, other: "Polynomial") -> "Polynomial":
        if len(other.terms) != 1:
            raise NotExactError
        ((key, divisor),) = other.terms.items()
        if not all(name.startswith("√") for name, _ in key):
            raise NotExactError
        top = self
        for name, _ in key:  # 1/√n is √n/n
            top, divisor = top * variable(name), divisor * int(name[1:])
        return Polynomial({key: value / divisor for key, value in top.terms.items()})

    def power(self, exponent: int) -> "Polynomial":
        """Return the polynomial raised to a whole power. Raises ``NotExactError`` past bounds."""
        if abs(exponent) > _MAX_POWER:
            raise NotExactError
        result = number(1)
        for _ in range(abs(exponent)):
            result = result * self
        return number(1) / result if exponent < 0 else result

    @property
    def constant(self) -> Fraction | None:
        """The value, or ``None`` where a variable or surd is in it."""
        return self.terms.get((), Fraction(0)) if set(self.terms) <= {()} else None

    @property
    def variables(self) -> frozenset[str]:
        """The names in it, surds and π left out."""
        names = {name for key in self.terms for name, _ in key}
        return frozenset(name for name in names if name != "π" and not name.startswith("√"))

    @property
    def has_surd(self) -> bool:
        """Whether a root stands in it, so that unlike terms may still be the same number."""
        return any(name.startswith("√") for key in self.terms for name, _ in key)

    def linear(self, name: str) -> tuple[Fraction, Fraction] | None:
        """Return (slope, constant) where this is ``slope * name + constant``, else ``None``."""
        if not set(self.terms) <= {(), ((name, 1),)}:
            return None
        return self.terms.get(((name, 1),), Fraction(0)), self.terms.get((), Fraction(0))


def number(value: Fraction | int) -> Polynomial:
    """Return a constant. Raises ``NotExactError`` for one of too many digits."""
    return Polynomial({(): Fraction(value)})


def variable(name: str) -> Polynomial:
    """Return the polynomial that is one variable."""
    return Polynomial({((name, 1),): Fraction(1)})


def root(value: Fraction) -> Polynomial:
    """Return the square root of a fraction, exactly: √12 is 2·√3.

    Raises ``NotExactError`` for a negative or a large number.
    """
    radicand = value.numerator * value.denominator
    if radicand < 0 or radicand > _MAX_RADICAND:
        raise NotExactError
    outer = _largest_square(radicand)
    inner = radicand // (outer * outer) if outer else 0
    whole = number(Fraction(outer, value.denominator))
    return whole if inner in (0, 1) else whole * variable(f"√{inner}")


def _largest_square(value: int) -> int:
    whole = isqrt(value)
    if whole * whole == value:
        return whole
    tries = range(min(whole, 1000), 0, -1)
    return next(side for side in tries if value % (side * side) == 0)


def _is_huge(value: Fraction) -> bool:
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_BITS


def _product(left: Monomial, right: Monomial) -> tuple[Monomial, Fraction]:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    surds = {name: powers.pop(name) for name in list(powers) if name.startswith("√")}
    if not surds:
        return tuple(sorted(powers.items())), Fraction(1)
    if len(surds) == 1 and 1 in surds.values():
        return tuple(sorted((powers | surds).items())), Fraction(1)
    radicand = prod(int(name[1:]) ** power for name, power in surds.items())
    if radicand > _MAX_PRODUCT:
        raise NotExactError
    outer = _largest_square(radicand)
    inner = radicand // (outer * outer)
    powers.update({f"√{inner}": 1} if inner > 1 else {})
    return tuple(sorted(powers.items())), Fraction(outer)
