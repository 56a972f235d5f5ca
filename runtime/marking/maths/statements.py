"""Statements: every "… = …" in a line of a child's working, cut out of the words around it.

Lines are cut at punctuation and conjunctions first; ``sides`` tells how far each side reaches.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from runtime.marking.maths.sides import Side, inner, prefix, suffix
from runtime.marking.maths.spoken import ends_operand, starts_operand, with_signs
from runtime.marking.maths.tokens import Token, tokenize

_BREAKS = frozenset(",;.?!…|")
_CONJUNCTIONS = frozenset("so and or then because therefore if where when since as".split())
_INEQUALITIES = frozenset({"<=", ">=", "!=", "<", ">", "≤", "≥", "≠", "=>"})


class Statement(msgspec.Struct, frozen=True):
    """Sides joined by = or ≈ from left to right; a side that is no expression is ``None``."""

    sides: tuple[Side | None, ...]
    approximate: bool
    text: str


def find_statements(text: str, swap: bool = False) -> Iterator[Statement]:
    """Yield the statements of plain text; ``swap`` reads 1.500 as 1500."""
    for segment in _segments(with_signs(tokenize(text, swap))):
        cuts = [index for index, token in enumerate(segment) if token.text in ("=", "≈")]
        if not cuts or len(cuts) > 30:
            continue
        bounds = zip([-1, *cuts], [*cuts, len(segment)], strict=True)
        parts = [segment[left + 1 : right] for left, right in bounds]
        sides = (suffix(parts[0]), *map(inner, parts[1:-1]), prefix(parts[-1]))
        approximate = any(segment[cut].text == "≈" for cut in cuts)
        yield Statement(sides, approximate, text)


def pieces(text: str, swap: bool = False) -> Iterator[tuple[list[Token], Token, list[Token]]]:
    """Yield every sign of inequality with the tokens on both sides, up to the next break or =."""
    found: list[list[Token]] = [[]]
    signs: list[Token | None] = []
    tokens = with_signs(tokenize(text, swap))
    for index, token in enumerate(tokens):
        compares = token.text in _INEQUALITIES
        joins = compares or token.text in ("=", "≈")
        before = found[-1][-1] if found[-1] else None
        if joins or _is_break(token, before, tokens[index + 1 : index + 4]):
            found.append([])
            signs.append(token if compares else None)
        else:
            found[-1].append(token)
    for (before_it, after_it), sign in zip(pairwise(found), signs, strict=True):
        if sign is not None:
            yield before_it, sign, after_it


def _segments(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut at punctuation, at a colon behind a word, and at signs of inequality."""
    segment: list[Token] = []
    for index, token in enumerate(tokens):
        if _is_break(token, segment[-1] if segment else None, tokens[index + 1 : index + 4]):
            yield segment
            segment = []
        else:
            segment.append(token)
    yield segment


def _is_break(token: Token, before: Token | None, rest: Sequence[Token]) -> bool:
    if token.kind == "other":
        return True
    if token.kind != "sign":
        return token.text.casefold() in _CONJUNCTIONS and not _joins_mixed(before, rest)
    if token.text in _BREAKS or token.text in _INEQUALITIES:
        return True
    return token.text == ":" and not _is_division(token, before, rest)


def _is_division(token: Token, before: Token | None, rest: Sequence[Token]) -> bool:
    """Whether a colon divides, 12:3 and 12 : 3; "by 2: $7" only announces."""
    if before is None or not rest or not ends_operand(before) or not starts_operand(rest[0]):
        return False
    return token.spaced or not rest[0].spaced


def _joins_mixed(before: Token | None, rest: Sequence[Token]) -> bool:
    """Whether "and" stands inside 1 and 1/4."""
    fraction = len(rest) == 3 and rest[0].kind == rest[2].kind == "number" and rest[1].text == "/"
    return fraction and before is not None and before.kind == "number"


def has_time_of_day(text: str) -> bool:
    """Whether am, pm or o'clock stands in the text, so that numbers may be hours."""
    return re.search(r"\d\s?[ap]\.?m\b|o'clock", text, re.IGNORECASE) is not None
