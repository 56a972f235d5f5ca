"""Sides: how far an expression reaches from an equals sign into the words around it.

Words behind a number ("12 apples", "miles / 5 hours") are dropped, words that leave an operand
missing ("half of", "the price − 3") make the side loose: what is not surely a calculation is not
judged.
"""

from collections.abc import Sequence

import msgspec

from runtime.marking.maths.spoken import OPERATORS, ends_operand
from runtime.marking.maths.tokens import Token

_UNIT_LETTERS = frozenset("mghlst")
_BY = frozenset("multiplied divided multiply divide".split())
_SHARES = frozenset("half halve third quarter fourth fifth sixth eighth tenth percent".split())
_LOOSE_ENDS = frozenset(
    "and half twice double triple thrice quarter third times plus minus than less more squared "
    "cubed over".split()
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
        """Where the last operand ends in its text, exclusive; words behind it do not count."""
        return self.tokens[-1].end

    @property
    def calculates(self) -> bool:
        """Whether there is anything to work out: two operands, or a root."""
        kinds = [token.kind for token in self.tokens]
        joined = any(token.text in OPERATORS for token in self.tokens[1:])
        root = any(token.text == "√" for token in self.tokens)
        return joined or root or kinds.count("number") > 1 or kinds.count("name") > 1


def suffix(tokens: list[Token]) -> Side | None:
    """Return the longest end of the tokens that is a side."""
    start = max(0, len(tokens) - _MAX_SIDE)
    for index in range(start, len(tokens)):
        kept = _calculating(tokens[index:])
        if kept is not None:
            side = Side(kept, tuple(tokens[index:]), _is_loose_start(tokens, index))
            bare = index > 0 and not side.calculates and len(kept) == 1 and kept[0].kind == "number"
            return msgspec.structs.replace(side, loose=side.loose or bare)
    return None


def prefix(tokens: list[Token]) -> Side | None:
    """Return the longest beginning of the tokens that is a side."""
    for end in range(min(len(tokens), _MAX_SIDE), 0, -1):
        kept = _calculating(tokens[:end])
        if kept is not None:
            return Side(kept, tuple(tokens[:end]), _is_loose_end(tokens, end))
    return None


def inner(tokens: list[Token]) -> Side | None:
    """Return all the tokens as a side, between two equals signs."""
    kept = _calculating(tokens) if tokens and len(tokens) <= _MAX_SIDE else None
    return Side(kept, tuple(tokens)) if kept is not None else None


def _is_loose_start(tokens: list[Token], index: int) -> bool:
    if not index:
        return False
    before, first = tokens[index - 1], tokens[index]
    if first.text in ("-", "+") or (before.kind == "name" and not first.spaced):
        return True
    if before.text.casefold() == "of":
        return index < 2 or _is_share(tokens[index - 2])
    if before.text.casefold() == "by":
        return index < 2 or tokens[index - 2].text.casefold() in _BY
    return before.text.casefold() in _LOOSE_ENDS or _continues(tokens, index)


def _continues(tokens: list[Token], index: int) -> bool:
    """Whether words lead back to an operator: "classmates + his 1 teacher + 1"."""
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
            if index < 0 or not kept or not ends_operand(kept[-1]) or _opens(tokens, index):
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
    behind = token.spaced and index > 0 and tokens[index - 1].kind == "number"
    squared = index + 1 < len(tokens) and tokens[index + 1].text == "^"
    if behind and not squared and (token.text.isupper() or token.text in _UNIT_LETTERS):
        return False  # "902 M&Ms", "5 L", "2 h": an abbreviation
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
        elif token.text in OPERATORS:
            if wants and token.text not in "+-":
                return False
            wants = True
        elif token.text == "√":
            wants = True
        elif token.text != "%" or wants:
            return False
    return not wants and not depth
