"""Statements: every "… = …" in a line of a child's working, cut out of the words around it.

A side reaches as far from the sign as it still is an expression. Words behind a number ("12
apples", "miles / 5 hours") are dropped, words that leave an operand missing ("half of", "the
price − 3") make the side unusable: what is not surely a calculation is not judged.
"""

import re
from fractions import Fraction
from collections.abc import Iterator, Sequence

import msgspec

from runtime.marking.maths.tokens import Token, tokenize

_WORD_SIGNS = {
    "plus": "+", "minus": "-", "times": "*", "multiplied by": "*", "divided by": "/",
    "added to": "+", "per": "", "più": "+", "meno": "-", "per cento": "%",
}  # fmt: skip
_EQUALS_WORDS = frozenset({"is", "equals", "makes", "gives", "are", "fa"})
_BREAKS = frozenset(",;.?!…|")
_CONJUNCTIONS = frozenset("so and or then because therefore if where when since as".split())
_INEQUALITIES = frozenset({"<=", ">=", "!=", "<", ">", "≤", "≥", "≠", "=>"})
_OPERATORS = frozenset("+-*/:^")
_BY = frozenset("multiplied divided multiply divide".split())
_SHARE_SIZES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_SHARES = frozenset("half halve third quarter fourth fifth sixth eighth tenth percent".split())
_LOOSE_ENDS = frozenset(
    "and half twice double triple thrice quarter third times plus minus than less more squared cubed over".split()
)
_MAX_SIDE = 60
"""Tokens of one side; longer ones are lists or prose."""
_MAX_WORDS = 4


class Side(msgspec.Struct, frozen=True):
    """One side: the tokens that calculate, all tokens, and whether an operand is missing."""

    tokens: tuple[Token, ...]
    whole: tuple[Token, ...]
    loose: bool = False

    @property
    def start(self) -> int:
        """Where the side begins in its text."""
        return self.whole[0].start

    @property
    def end(self) -> int:
        """Where the side ends in its text, exclusive."""
        return self.whole[-1].end

    @property
    def calculates(self) -> bool:
        """Whether an operator stands between two operands."""
        return any(
            index and token.kind == "sign" and token.text in _OPERATORS | {"√"}
            for index, token in enumerate(self.tokens)
        ) or any(token.text == "√" for token in self.tokens)


class Statement(msgspec.Struct, frozen=True):
    """Sides joined by = or ≈ from left to right; a side that is no expression is ``None``."""

    sides: tuple[Side | None, ...]
    approximate: bool
    text: str


def find_statements(text: str, swap: bool = False) -> Iterator[Statement]:
    """Yield the statements of plain text; ``swap`` reads 1.500 as 1500."""
    for segment in _segments(_worded(tokenize(text, swap))):
        cuts = [index for index, token in enumerate(segment) if token.text in ("=", "≈")]
        if not cuts or len(cuts) > 30:
            continue
        bounds = zip([-1, *cuts], [*cuts, len(segment)], strict=True)
        parts = [segment[left + 1 : right] for left, right in bounds]
        sides = (_suffix(parts[0]), *map(_inner, parts[1:-1]), _prefix(parts[-1]))
        approximate = any(segment[cut].text == "≈" for cut in cuts)
        yield Statement(sides, approximate, text)


def _worded(tokens: list[Token]) -> list[Token]:
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
        elif one in _EQUALS_WORDS and _is_equals(tokens, index):
            found.append(_sign(token, "=", token.end))
        else:
            found.append(token)
        index += 1
    return found


def _is_share_of(tokens: Sequence[Token], index: int) -> bool:
    """Whether "half of 20" begins here."""
    of = tokens[index + 1].text.casefold() if index + 2 < len(tokens) else ""
    counted = index and (tokens[index - 1].kind == "number" or tokens[index - 1].text == "-")
    return of == "of" and not counted and _starts_operand(tokens[index + 2])


def _share(token: Token, of: Token) -> list[Token]:
    size = Fraction(1, _SHARE_SIZES[token.text.casefold()])
    number = msgspec.structs.replace(token, kind="number", value=size)
    return [number, _sign(of, "*", of.end)]


def _is_of(found: Sequence[Token], tokens: Sequence[Token], index: int) -> bool:
    """Whether "of" multiplies: 20% of 50, 1/4 of 20."""
    if not found or index + 1 >= len(tokens) or not _starts_operand(tokens[index + 1]):
        return False
    quotient = len(found) > 2 and found[-1].kind == "number" and found[-2].text == "/"
    return found[-1].text == "%" or quotient


def _sign(token: Token, sign: str, end: int) -> Token:
    return Token("sign", sign, token.start, end, token.spaced)


def _between(tokens: Sequence[Token], before: int, after: int) -> bool:
    if before < 0 or after >= len(tokens):
        return False
    return _ends_operand(tokens[before]) and _starts_operand(tokens[after])


def _ends_operand(token: Token) -> bool:
    return token.kind == "number" or token.text in (")", "%", "$", "€", "£")


def _starts_operand(token: Token) -> bool:
    return token.kind == "number" or token.text in ("(", "$", "€", "£", "√")


def _is_equals(tokens: Sequence[Token], index: int) -> bool:
    """Whether "is" states a result: right behind a calculation and before a number."""
    negative = index + 1 < len(tokens) and tokens[index + 1].text == "-"
    if not _between(tokens, index - 1, index + 1 + negative):
        return False
    before = tokens[max(0, index - 3) : index]
    return any(token.kind == "sign" and token.text in _OPERATORS for token in before) or (
        index > 2 and tokens[index - 2].text.casefold() in ("plus", "minus", "times", "by")
    )


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
    if before is None or not rest or not _ends_operand(before) or not _starts_operand(rest[0]):
        return False
    return token.spaced or not rest[0].spaced


def _joins_mixed(before: Token | None, rest: Sequence[Token]) -> bool:
    """Whether "and" stands inside 1 and 1/4."""
    fraction = len(rest) == 3 and rest[0].kind == rest[2].kind == "number" and rest[1].text == "/"
    return fraction and before is not None and before.kind == "number"


def _suffix(tokens: list[Token]) -> Side | None:
    """Return the longest end of the tokens that is a side."""
    start = max(0, len(tokens) - _MAX_SIDE)
    for index in range(start, len(tokens)):
        kept = _calculating(tokens[index:])
        if kept is not None:
            side = Side(kept, tuple(tokens[index:]), _is_loose_start(tokens, index))
            bare = index > 0 and not side.calculates and len(kept) == 1 and kept[0].kind == "number"
            return msgspec.structs.replace(side, loose=side.loose or bare)
    return None


def _prefix(tokens: list[Token]) -> Side | None:
    """Return the longest beginning of the tokens that is a side."""
    for end in range(min(len(tokens), _MAX_SIDE), 0, -1):
        kept = _calculating(tokens[:end])
        if kept is not None:
            return Side(kept, tuple(tokens[:end]), _is_loose_end(tokens, end))
    return None


def _inner(tokens: list[Token]) -> Side | None:
    kept = _calculating(tokens) if tokens and len(tokens) <= _MAX_SIDE else None
    return Side(kept, tuple(tokens)) if kept is not None else None


def _is_loose_start(tokens: list[Token], index: int) -> bool:
    if not index:
        return False
    before, first = tokens[index - 1], tokens[index]
    if before.kind == "name" and not first.spaced:
        return True
    if first.text in ("-", "+"):
        return True
    if before.text.casefold() == "of":
        return index < 2 or _is_share(tokens[index - 2])
    if before.text.casefold() == "by":
        return index < 2 or tokens[index - 2].text.casefold() in _BY
    if before.text.casefold() in _LOOSE_ENDS:
        return True
    while index and (tokens[index - 1].kind == "name" or _is_hyphen(tokens, index - 1)):
        index -= 1
    return bool(index) and tokens[index - 1].text in "+-*/:^([{√"


def _is_hyphen(tokens: Sequence[Token], index: int) -> bool:
    """Whether a dash or apostrophe joins two words: ten-acre."""
    token = tokens[index]
    glued = index + 1 < len(tokens) and not token.spaced and not tokens[index + 1].spaced
    return glued and token.text == "-" and tokens[index + 1].kind == "name"


def _is_share(token: Token) -> bool:
    """Whether "of" behind the token multiplies: half of, 1/4 of, 20% of."""
    return token.kind != "name" or token.text.casefold().rstrip("s") in _SHARES


def _is_loose_end(tokens: list[Token], end: int) -> bool:
    if end >= len(tokens):
        return False
    return tokens[end].kind == "sign" and tokens[end].text in "+-*/:^([{√"


def _calculating(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """Drop currency signs and words behind operands; ``None`` where no expression is left."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "name" and not _is_letter(tokens, index):
            index = _behind_words(tokens, index)
            if index < 0 or not kept or not _ends_operand(kept[-1]) or _opens(tokens, index):
                return None
            continue
        if token.text == "/" and kept and _slashes_word(tokens, index):
            index = _behind_words(tokens, index + 1)
            if index < 0 or _opens(tokens, index):
                return None
            continue
        if token.text not in ("$", "£", "€", "¥", "~", '"', "°"):
            kept.append(token)
        index += 1
    return tuple(kept) if kept and _is_expression(kept) else None


def _opens(tokens: Sequence[Token], index: int) -> bool:
    """Whether a new operand begins behind words: "10 percent off, she paid (10 x 10)"."""
    if index >= len(tokens):
        return False
    return tokens[index].kind != "sign" or tokens[index].text in ("(", "[", "{", "√")


def _is_letter(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is a variable: one letter, no article and no unit behind a spaced number."""
    token = tokens[index]
    letters = token.text.split("_")[0]
    if len(letters) > 1:
        return token.text in ("pi", "sqrt")
    if token.text.isupper() and token.spaced and index and tokens[index - 1].kind == "number":
        return False  # "902 M&Ms", "5 L": an abbreviation
    return token.text not in ("a", "I", "A") or not token.spaced


def _slashes_word(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and (
        tokens[index + 1].kind == "name" and not _is_letter(tokens, index + 1)
    )


def _behind_words(tokens: Sequence[Token], index: int) -> int:
    """Return the place behind a run of words, or -1 where it is too long to be a unit."""
    start = index
    while index < len(tokens):
        token = tokens[index]
        hyphen = token.text in ("-", "/") and index > start and _slashes_word(tokens, index)
        if not hyphen and (token.kind != "name" or (_is_letter(tokens, index) and index > start)):
            break
        if token.text.casefold() in _LOOSE_ENDS - {"more", "less"}:
            return -1
        index += 1
    return index if index - start <= 2 * _MAX_WORDS else -1


def _is_expression(tokens: Sequence[Token]) -> bool:
    """Whether operands and operators alternate; the parser then decides the value."""
    wants, depth = True, 0
    for token in tokens:
        if token.kind == "number":
            if not wants:
                return False
            wants = False
        elif token.kind == "name":
            wants = token.text == "sqrt"
        elif token.text in "([{":
            depth, wants = depth + 1, True
        elif token.text in ")]}":
            if wants or not depth:
                return False
            depth -= 1
        elif token.text in _OPERATORS:
            if wants and token.text not in "+-":
                return False
            wants = True
        elif token.text == "√":
            wants = True
        elif token.text != "%" or wants:
            return False
    return not wants and not depth


def has_time_of_day(text: str) -> bool:
    """Whether am, pm or o'clock stands in the text, so that numbers may be hours."""
    return re.search(r"\d\s?[ap]\.?m\b|o'clock", text, re.IGNORECASE) is not None
