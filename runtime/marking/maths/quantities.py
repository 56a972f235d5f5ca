"""Quantities: a number with its sign, currency, unit or noun, and compounds like 1 h 30 min."""

import re
from fractions import Fraction

import msgspec

from runtime.marking.maths.notation import squeezed
from runtime.marking.maths.number_words import words_to_number
from runtime.marking.maths.numerals import NUMERAL, Numeral, Style, numeral
from runtime.marking.maths.units import CURRENCIES, PERCENT, Unit, find_unit
from runtime.marking.maths.values import Quantity

_NUMBER = rf"(?:\d{{1,12}}\s*/\s*\d{{1,12}}(?![\d/])|{NUMERAL})"
_HEAD = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<money>[{CURRENCIES}]?)\s*(?P<inner>-?)\s*(?P<number>{_NUMBER})"
    r"(?:(?:[eE]|\s*[*x]\s*10\s*\^\s*)(?P<power>\(?-?\d{1,3}\)?)(?![\w.]))?(?:\.\.+|…)?(?P<rest>.*)",
    re.DOTALL,
)
_RECURRING = re.compile(r"(-?)(\d{0,9})[.,](\d{0,9})\((\d{1,6})\)(.*)", re.DOTALL)
_ENDLESS_PLACES = 30
_AND_A_PART = re.compile(r"(?P<whole>\d{1,9})\s+and\s+(?:an?\s+)?(?P<part>[\w/]+)(?P<rest>.*)")
_NOUN = re.compile(r"(?:[^\W\dπ⁰¹²³⁴⁵⁶⁷⁸⁹]|['/&.() -]|(?<=m)[²³])+")
_PIECE = re.compile(
    rf"(?:^|,|\band\b|&|\s|(?<=[a-z'\"]))\s*(?P<number>{NUMERAL})\s*(?P<unit>[^\W\d_]{{1,14}}|['\"{CURRENCIES}])?\.?"
)
_MARKS = {"'": "ft", '"': "in"}
_NO_NOUN = frozenset(
    "is are was were which because not or and so then but if it it's i you plus minus times "
    "pi".split()
)
_SIZES = {
    "thousand": 1000, "million": 10**6, "hundred": 100, "dozen": 12, "billion": 10**9,
    "thousands": 1000, "millions": 10**6, "hundreds": 100, "lakh": 10**5, "lakhs": 10**5,
    "crore": 10**7, "crores": 10**7,
}  # fmt: skip
_PLACES = {
    "ones": Fraction(1), "tens": Fraction(10), "tenths": Fraction(1, 10),
    "hundredths": Fraction(1, 100), "thousandths": Fraction(1, 1000),
}  # fmt: skip
"""Places of a digit: "7 tens" is 70."""
_MAX_NOUN_WORDS = 6
_MAX_NUMBER_WORDS = 16


def read_quantities(text: str) -> list[Quantity]:
    """Return the readings of plain text as one quantity, the likeliest first."""
    found = [_compound(text)] if len(text) < 80 else []
    found += [_recurring(text)]
    found += [_in_digits(text, False), _in_digits(text, True), _with_and(text), _in_words(text)]
    return list(dict.fromkeys(value for value in found if value is not None))


def _in_digits(text: str, swap: bool) -> Quantity | None:
    match = _HEAD.fullmatch(text)
    found = numeral(match["number"], swap) if match else None
    if match is None or found is None or (swap and not found.ambiguous):
        return None
    sign = -1 if "-" in match["sign"] + match["inner"] else 1
    scale = Fraction(10) ** int((match["power"] or "0").strip("()"))
    number = msgspec.structs.replace(found, value=sign * scale * found.value)
    return _with_rest(number, match["money"], match["rest"])


def _recurring(text: str) -> Quantity | None:
    """Read 0.(3), the notation that every recurring decimal is respelled to."""
    match = _RECURRING.fullmatch(text)
    if match is None:
        return None
    sign, whole, fixed, period, rest = match.groups()
    start = Fraction(int(whole + fixed or 0), 10 ** len(fixed))
    value = start + Fraction(int(period), (10 ** len(period) - 1) * 10 ** len(fixed))
    number = Numeral(-value if sign else value, Style.DECIMAL, _ENDLESS_PLACES)
    return _with_rest(number, "", rest)


def _in_words(text: str) -> Quantity | None:
    words = squeezed(text).split(" ")
    for count in range(min(len(words), _MAX_NUMBER_WORDS), 0, -1):
        value = words_to_number(" ".join(words[:count]))
        if value is not None:
            style = Style.MIXED if _says_mixed(words[:count], value) else Style.WORDS
            return _with_rest(Numeral(value, style), "", " ".join(words[count:]))
    return None


def _says_mixed(words: list[str], value: Fraction) -> bool:
    """Whether the words name a whole and a part: three and a half."""
    return "and" in words and value.denominator > 1 and "point" not in words


def _with_and(text: str) -> Quantity | None:
    """Read "3 and 1/2" and "2 and a half"."""
    match = _AND_A_PART.fullmatch(text)
    if match is None:
        return None
    part = numeral(match["part"]) if re.fullmatch(r"\d+/\d+", match["part"]) else None
    worth = part.value if part else words_to_number(match["part"])
    if worth is None or not 0 < worth < 1:
        return None
    value = int(match["whole"]) + worth
    number = Numeral(value, Style.MIXED, reduced=part is None or part.reduced)
    return _with_rest(number, "", match["rest"])


def _with_rest(number: Numeral, money: str, rest: str) -> Quantity | None:
    """Add the unit or noun in ``rest``; ``None`` where it holds anything else."""
    body = re.sub(r"^(?:of\s+)?(?:an?|the)\s+|^of\s+", "", squeezed(rest).strip(" .,;:!?"))
    body = re.sub(r"^-(?=[^\W\d])", "", body)
    unit = find_unit(money) if money else None
    noun = ""
    if body:
        unit, noun = (unit, body) if unit else _unit_of(body)
    if noun and not _is_noun(noun):
        return None
    value, body = _scaled(number.value, noun)
    if noun != body:
        unit, noun = (unit, "") if unit or not body else _unit_of(body)
    style = Style.WORDS if value != number.value else number.style
    return Quantity(
        number=value, unit=unit, noun=noun, style=style,
        decimals=number.decimals, reduced=number.reduced,
    )  # fmt: skip


def _is_noun(text: str) -> bool:
    words = text.casefold().split()
    return (
        bool(_NOUN.fullmatch(text))
        and len(words) <= _MAX_NOUN_WORDS
        and not _NO_NOUN.intersection(words)
    )


def _scaled(value: Fraction, noun: str) -> tuple[Fraction, str]:
    """Read "2 thousand" and "3 dozen eggs"."""
    first, _, rest = noun.partition(" ")
    size = _SIZES.get(first.casefold()) or (None if rest else _PLACES.get(first.casefold()))
    return (value * size, rest) if size else (value, noun)


def _unit_of(body: str) -> tuple[Unit | None, str]:
    words = body.split(" ")
    whole = find_unit(body)
    if whole is not None:
        return whole, ""
    for count in (4, 3, 2, 1):
        unit = find_unit(" ".join(words[:count])) if count < len(words) else None
        if not _NOUN.fullmatch(" ".join(words[count:])):
            continue  # "6 cm x 4 cm = 24": more than a quantity
        if unit is not None and words[0] not in ("in", "a", "d", "h", "s", "t"):
            return unit, ""
    return None, body


def _compound(text: str) -> Quantity | None:
    """Read "1 h 30 min", "5 ft 3 in", "£3 50p", "1h30"."""
    pieces = list(_PIECE.finditer(text))
    if not 2 <= len(pieces) <= 4 or _PIECE.sub("", text).strip(f" ,-{CURRENCIES}"):
        return None
    money = text.strip("- ")[:1] if text.strip("- ")[:1] in CURRENCIES else ""
    names = [
        money if money and index == 0 else piece["unit"] or "" for index, piece in enumerate(pieces)
    ]
    if names[-1] == "" and find_unit(names[0]) == find_unit("h"):
        names[-1] = "min"
    if find_unit(names[-1]) == find_unit("p") and names[0].casefold().startswith("pound"):
        names[0] = "£"
    units = [find_unit(_MARKS.get(name, name)) for name in names]
    numbers = [numeral(piece["number"]) for piece in pieces]
    first = units[0]
    if first is None or len({unit.dimension for unit in units if unit}) != 1 or None in units:
        return None
    factors = [unit.factor for unit in units if unit]
    if sorted(set(factors), reverse=True) != factors or first == PERCENT or None in numbers:
        return None
    pairs = zip(factors, (number for number in numbers if number), strict=True)
    total = sum((factor * number.value for factor, number in pairs), Fraction(0))
    sign = -1 if text.lstrip().startswith("-") else 1
    return Quantity(number=sign * total / first.factor, unit=first, style=Style.MIXED)
