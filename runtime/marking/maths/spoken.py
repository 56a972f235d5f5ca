"""Spoken signs: plus, times, "half of 20" and "3 + 4 is 7" written with signs."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from runtime.marking.maths.tokens import Token

OPERATORS = frozenset("+-*/:^")
_WORD_SIGNS = {
    "plus": "+", "minus": "-", "times": "*", "multiplied by": "*", "divided by": "/",
    "added to": "+", "per": "", "più": "+", "meno": "-", "per cento": "%",
}  # fmt: skip
_EQUALS_WORDS = frozenset({"is", "equals", "makes", "gives", "are", "fa"})
_SHARE_SIZES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}


def with_signs(tokens: list[Token]) -> list[Token]:
    """Write plus, minus, times and "3 + 4 is 7" with signs."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        two = " ".join(item.text.casefold() for item in tokens[index : index + 2])
        one = token.text.casefold()
        if two in _WORD_SIGNS and _WORD_SIGNS[two] and _between(tokens, index - 1, index + 2):
            found.append(_sign(token, _WORD_SIGNS[two], tokens[index + 1].end))
            index += 1
        elif _WORD_SIGNS.get(one) and _between(tokens, index - 1, index + 1):
            found.append(_sign(token, _WORD_SIGNS[one], token.end))
        elif one in _SHARE_SIZES and _is_share_of(tokens, index):
            found += _share(token, tokens[index + 1])
            index += 1
        elif one == "of" and _is_of(found, tokens, index):
            found.append(_sign(token, "*", token.end))
        elif one in _EQUALS_WORDS and _is_equals(found, tokens, index):
            found.append(_sign(token, "=", token.end))
        else:
            found.append(token)
        index += 1
    return found


def _is_share_of(tokens: Sequence[Token], index: int) -> bool:
    """Whether "half of 20" begins here."""
    of = tokens[index + 1].text.casefold() if index + 2 < len(tokens) else ""
    counted = index and (tokens[index - 1].kind == "number" or tokens[index - 1].text == "-")
    return of == "of" and not counted and starts_operand(tokens[index + 2])


def _share(token: Token, of: Token) -> list[Token]:
    size = Fraction(1, _SHARE_SIZES[token.text.casefold()])
    number = msgspec.structs.replace(token, kind="number", value=size)
    return [number, _sign(of, "*", of.end)]


def _is_of(found: Sequence[Token], tokens: Sequence[Token], index: int) -> bool:
    """Whether "of" multiplies: 20% of 50, 1/4 of 20."""
    if not found or index + 1 >= len(tokens) or not starts_operand(tokens[index + 1]):
        return False
    quotient = len(found) > 2 and found[-1].kind == "number" and found[-2].text == "/"
    return found[-1].text == "%" or quotient


def _sign(token: Token, sign: str, end: int) -> Token:
    return Token("sign", sign, token.start, end, token.spaced)


def _between(tokens: Sequence[Token], before: int, after: int) -> bool:
    if before < 0 or after >= len(tokens):
        return False
    return ends_operand(tokens[before]) and starts_operand(tokens[after])


def _is_equals(found: Sequence[Token], tokens: Sequence[Token], index: int) -> bool:
    """Whether "is" states a result: right behind a calculation and before a number."""
    negative = index + 1 < len(tokens) and tokens[index + 1].text == "-"
    if not _between(tokens, index - 1, index + 1 + negative):
        return False
    after = tokens[index + 2 + negative : index + 3 + negative]
    if any(token.text in OPERATORS for token in after):
        return False  # "an increase of 50% of 8 is 1.5*8"
    return any(token.kind == "sign" and token.text in OPERATORS for token in found[-3:])


def ends_operand(token: Token) -> bool:
    """Whether an operand may end with the token."""
    return token.kind == "number" or token.text in (")", "%", "$", "€", "£")


def starts_operand(token: Token) -> bool:
    """Whether an operand may begin with the token."""
    return token.kind == "number" or token.text in ("(", "$", "€", "£", "√")
