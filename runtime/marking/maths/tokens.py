"""Tokens: numbers, names, signs and words of one line of maths, with their places."""

import re
from fractions import Fraction

import msgspec

from runtime.marking.maths.notation import SUPERSCRIPTS, VULGAR
from runtime.marking.maths.numerals import NUMERAL, numeral

_LETTER = rf"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹{''.join(VULGAR)}]"
_TOKEN = re.compile(
    rf"(?P<number>(?:{NUMERAL})(?:[eE][+-]?\d{{1,2}}(?![\w.]))?)"
    rf"|(?P<name>{_LETTER}+(?:'{_LETTER}+)*(?:_\{{?\w{{1,3}}\}}?)?)"
    r"|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,4})"
    r"|(?P<sign>\*\*|<=|>=|!=|=>|\.{2,}|[-+*/^()\[\]{}√=:%<>≤≥≠≈~$£€¥|,;.?!…\"°])"
    r"|(?P<other>\S)"
)
_MAX_TOKENS = 4000


class Token(msgspec.Struct, frozen=True):
    """One token; ``value`` is set for numbers, ``spaced`` where white space stands before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    value: Fraction | None = None
    decimals: int = 0
    ambiguous: bool = False


def tokenize(text: str, swap: bool = False) -> list[Token]:
    """Return the tokens of plain text; the letter x between two numbers becomes ``*``."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        tokens.extend(_tokens_of(match, tokens[-1] if tokens else None, swap))
        if len(tokens) > _MAX_TOKENS:
            break
    return _with_times(tokens)


def _tokens_of(match: re.Match[str], before: Token | None, swap: bool) -> list[Token]:
    kind, body = str(match.lastgroup), match.group()
    spaced = before is not None and before.end < match.start()
    if kind == "number":
        return _number(match, spaced, swap)
    if kind == "power":
        digits = body.translate(SUPERSCRIPTS)
        value = Fraction(int(digits)) if digits.strip("-").isdigit() else None
        sign = Token("sign", "^", match.start(), match.start(), spaced)
        return [sign, Token("number", body, match.start(), match.end(), False, value)]
    if body == "**":
        return [Token("sign", "^", match.start(), match.end(), spaced)]
    return [Token(kind, body, match.start(), match.end(), spaced)]


def _number(match: re.Match[str], spaced: bool, swap: bool) -> list[Token]:
    body = match.group()
    start, end = match.span()
    mantissa, _, exponent = body.lower().partition("e")
    if mantissa.endswith("."):  # the full stop of a sentence, not a decimal point
        mantissa, end = mantissa[:-1], end - 1
    found = numeral(mantissa, swap)
    if found is None:
        return [Token("other", body, start, end, spaced)]
    value = found.value * Fraction(10) ** int(exponent or 0)
    return [Token("number", mantissa, start, end, spaced, value, found.decimals, found.ambiguous)]


def _with_times(tokens: list[Token]) -> list[Token]:
    return [
        Token("sign", "*", token.start, token.end, token.spaced)
        if token.text in ("x", "X") and _between_numbers(tokens, index)
        else token
        for index, token in enumerate(tokens)
    ]


def _between_numbers(tokens: list[Token], index: int) -> bool:
    """Whether the x at ``index`` multiplies: "3 x 4", "(2) x $5", "4 cm x 3 cm"."""
    if not 0 < index < len(tokens) - 1:
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    ends = before.kind == "number" or before.text in (")", "%", "]", "$", "€", "£", '"', "}")
    worded = before.kind == "name" and tokens[index].spaced and after.spaced
    starts = after.kind == "number" or after.text in ("(", "$", "£", "€", "√", "[")
    negative = after.text == "-" and after.spaced and _glued_number(tokens, index + 2)
    tight = after.text == "(" and not tokens[index].spaced
    if worded and after.kind == "name" and index + 2 < len(tokens):
        return False
    return (ends or worded) and (starts or negative) and not tight


def _glued_number(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].kind == "number" and not tokens[index].spaced
