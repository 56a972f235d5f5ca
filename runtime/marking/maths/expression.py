"""Expressions: a bounded recursive-descent parser from tokens to exact polynomials.

``3(x+2)``, ``2 1/2 * 4``, ``x²``, ``√16``, ``50%``; division and multiplication bind alike and
from the left, written or not, as pupils mean it: ``1/2x`` is half of x.
"""

from collections.abc import Sequence
from fractions import Fraction

from runtime.marking.maths.polynomial import (
    NotExactError,
    Polynomial,
    number,
    root,
    variable,
)
from runtime.marking.maths.tokens import Token, tokenize
from runtime.marking.maths.units import find_unit

_MAX_DEPTH = 30
_SHORT_WORDS = frozenset(
    "am an as at be by do go he if in is it me my no of on or so to up us we".split()
)
_OPENING = {"(": ")", "[": "]", "{": "}"}


class _Parser:
    def __init__(self, tokens: Sequence[Token], percent: Fraction) -> None:
        self.tokens, self.percent = tokens, percent
        self.at = self.depth = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sign(self, *signs: str) -> str | None:
        token = self.peek()
        if token is None or token.kind != "sign" or token.text not in signs:
            return None
        self.at += 1
        return token.text

    def total(self) -> Polynomial:
        value = self.product()
        while sign := self.sign("+", "-"):
            term = self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self) -> Polynomial:
        value = self.signed()
        while True:
            if sign := self.sign("*", "/", ":"):
                factor = self.signed()
                value = value * factor if sign == "*" else value / factor
            elif self.starts_factor():
                value = value * self.powered()
            else:
                return value

    def starts_factor(self) -> bool:
        token = self.peek()
        if token is None or self.at == 0:
            return False
        if token.kind == "number":
            return self.tokens[self.at - 1].text in (")", "]", "}")
        return token.kind == "name" or token.text in ("(", "[", "√")

    def signed(self) -> Polynomial:
        flips = 0
        while sign := self.sign("-", "+"):
            flips += sign == "-"
            if flips > _MAX_DEPTH:
                raise NotExactError
        value = self.powered()
        return -value if flips % 2 else value

    def powered(self) -> Polynomial:
        value = self.atom()
        if self.sign("^"):
            exponent = self.signed().constant
            if exponent == Fraction(1, 2) and value.constant is not None:
                return root(value.constant)
            if exponent is None or exponent.denominator != 1 or abs(exponent) > 1000:
                raise NotExactError
            value = value.power(int(exponent))
        while self.sign("%"):
            value = value * number(self.percent)
        return value

    def atom(self) -> Polynomial:
        token = self.peek()
        if token is None:
            raise NotExactError
        self.at += 1
        if token.kind == "number" and token.value is not None:
            return number(token.value)
        if token.kind == "name":
            return self.named(token.text)
        if token.text == "√":
            return self.rooted()
        if token.text in _OPENING:
            return self.bracket(_OPENING[token.text])
        raise NotExactError

    def bracket(self, closing: str) -> Polynomial:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise NotExactError
        value = self.total()
        self.depth -= 1
        if not self.sign(closing):
            raise NotExactError
        return value

    def rooted(self) -> Polynomial:
        value = self.atom().constant
        if value is None:
            raise NotExactError
        return root(value)

    def named(self, name: str) -> Polynomial:
        if name in ("sqrt", "root"):
            return self.rooted()
        if name in ("pi", "π"):
            return variable("π")
        letters = name.split("_", maxsplit=1)[0]
        if len(letters) > 2 or letters.casefold() in _SHORT_WORDS or _is_unit(letters):
            raise NotExactError
        if name != letters or len(letters) == 1:
            return variable(name)
        return variable(letters[0]) * variable(letters[1])


def _is_unit(letters: str) -> bool:
    return len(letters) == 2 and find_unit(letters) is not None


def parse(tokens: Sequence[Token], percent: Fraction = Fraction(1, 100)) -> Polynomial:
    """Return the exact value of all the tokens; ``percent`` is what a % sign multiplies by.

    Raises ``NotExactError`` where they are no expression or exceed the bounds.
    """
    parser = _Parser(tokens, percent)
    value = parser.total()
    if parser.at != len(tokens):
        raise NotExactError
    return value


def evaluate(text: str) -> Polynomial | None:
    """Return the exact value of plain text, or ``None`` where it is no expression."""
    tokens = tokenize(text)
    if not tokens or len(tokens) > 200:
        return None
    try:
        return parse(tokens)
    except NotExactError:
        return None
