"""Italian number words: "ventiquattro", "tre quarti", "due e mezzo", "tre virgola cinque".

words_to_number("ventiquattro")     Fraction(24)
"""

import re
from fractions import Fraction

_UNITS = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
    "quindici sedici diciassette diciotto diciannove"
).split()
_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()
_PARTS = {
    "mezzo": 2, "mezza": 2, "mezzi": 2, "metà": 2, "terz": 3, "quart": 4, "quint": 5, "sest": 6,
    "settim": 7, "ottav": 8, "non": 9, "decim": 10, "centesim": 100, "millesim": 1000,
}  # fmt: skip


def _below_hundred() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_UNITS)}
    for index, ten in enumerate(_TENS):
        found[ten] = 10 * (index + 2)
        for digit, word in enumerate(_UNITS[1:10], start=1):
            # A vowel is lost before another: ventuno, ventotto; ventitré has an accent.
            stem = ten[:-1] if word[0] in "ou" else ten
            found[stem + word] = 10 * (index + 2) + digit
    return found


def _below_thousand() -> dict[str, int]:
    small = _below_hundred()
    found = dict(small)
    for digit in range(1, 10):
        hundred = "cento" if digit == 1 else f"{_UNITS[digit]}cento"
        found[hundred] = 100 * digit
        for word, number in small.items():
            if number:
                found[hundred + word] = 100 * digit + number
                found[hundred[:-1] + word] = 100 * digit + number  # centotto beside centootto
    return found


_SMALL = _below_thousand()
_DIGITS = {word: number for number, word in enumerate(_UNITS[:10])}


def words_to_number(text: str) -> Fraction | None:
    """Return the number below a million that the whole text spells, or ``None``."""
    words = re.findall(r"[a-zà-ù]+", text.casefold())
    if not words or re.search(r"[^a-zà-ù\s'’-]", text.casefold()):
        return None
    sign = -1 if words[0] == "meno" else 1
    value = _unsigned(words[1:] if sign < 0 else words)
    return None if value is None else sign * value


def _unsigned(words: list[str]) -> Fraction | None:
    if "virgola" in words:
        return _with_comma(words)
    if "e" in words[1:-1]:
        at = words.index("e", 1)
        whole, part = _whole(words[:at]), _part(words[at + 1 :])
        return None if whole is None or part is None or part >= 1 else whole + part
    part = _part(words)
    return _whole(words) if part is None else part


def _with_comma(words: list[str]) -> Fraction | None:
    at = words.index("virgola")
    whole = _whole(words[:at])
    digits = [str(_DIGITS[word]) for word in words[at + 1 :] if word in _DIGITS]
    if whole is None or not digits or len(digits) != len(words) - at - 1:
        return None
    return whole + Fraction(int("".join(digits)), 10 ** len(digits))


def _part(words: list[str]) -> Fraction | None:
    """Read "mezzo", "un quarto", "tre quarti"."""
    if not words or len(words) > 2:
        return None
    size = _PARTS.get(words[-1]) or (_PARTS.get(words[-1][:-1]) if words[-1][-1] in "oi" else None)
    if size is None or (len(words) == 1 and size != 2):
        return None
    count = 1 if len(words) == 1 or words[0] in ("un", "una") else _SMALL.get(words[0])
    return None if count is None else Fraction(count, size)


def _whole(words: list[str]) -> Fraction | None:
    body = "".join(words).replace("tré", "tre")
    if body in ("mille", "mila"):
        return Fraction(1000)
    match = re.fullmatch(r"(?:(?P<many>\w+)mila|(?P<one>mille))(?P<rest>\w*)", body)
    if match is None:
        value = _SMALL.get(body)
        return None if value is None else Fraction(value)
    many = 1 if match["one"] else _SMALL.get(match["many"])
    rest = _SMALL.get(match["rest"]) if match["rest"] else 0
    return None if many is None or rest is None else Fraction(1000 * many + rest)
