"""Number words, up to millions: "twelve", "three quarters", "two and a half", "a dozen"."""

import re
from fractions import Fraction

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: index for index, word in enumerate(_UNITS)} | {
    word: 10 * (index + 2) for index, word in enumerate(_TENS)
}
_SMALL |= {
    "fourty": 40,
    "nought": 0,
    "fourtheen": 14,
    "fiveteen": 15,
    "fourten": 14,
    "fourteeen": 14,
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "lakh": 10**5,
    "crore": 10**7,
    "dozen": 12,
    "dozens": 12,
}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "hundredth": 100,
    "thousandth": 1000,
}  # fmt: skip
_PARTS |= {f"{word}s": size for word, size in _PARTS.items() if word not in ("half", "halves")}
_MAX_WORDS = 16
_LARGE = frozenset("thousand million billion lakh crore".split())


def words_to_number(text: str) -> Fraction | None:
    """Return the number that the whole text spells, or ``None``."""
    words = re.findall(r"[a-z]+|\d+(?:\.\d+)?", text.casefold().replace("-", " "))
    if not words or len(words) > _MAX_WORDS or re.search(r"[^a-z\d\s.,-]", text.casefold()):
        return None
    sign = -1 if words[0] in ("minus", "negative") else 1
    value = _unsigned(words[1:] if sign < 0 else words)
    return None if value is None else sign * value


def _unsigned(words: list[str]) -> Fraction | None:
    if not words or not any(word in _SMALL or word in _SCALES or word in _PARTS for word in words):
        return None
    if "point" in words:
        return _with_point(words)
    if words[-1] in _PARTS:
        return _with_parts(words)
    if words[-2:] == ["half", "million"]:
        return Fraction(500_000)
    return _whole(words)


def _with_point(words: list[str]) -> Fraction | None:
    at = words.index("point")
    whole = _whole(words[:at]) if at else Fraction(0)
    digits = [str(_SMALL[word]) for word in words[at + 1 :] if _SMALL.get(word, 10) < 10]
    if whole is None or not digits or len(digits) != len(words) - at - 1:
        return None
    return whole + Fraction(int("".join(digits)), 10 ** len(digits))


def _with_parts(words: list[str]) -> Fraction | None:
    """Read "three quarters", "a half" and "two and a half"."""
    size, rest = _PARTS[words[-1]], words[:-1]
    whole = Fraction(0)
    if "and" in rest:
        at = len(rest) - 1 - rest[::-1].index("and")
        before = _whole(rest[:at])
        if before is None:
            return None
        whole, rest = before, rest[at + 1 :]
    count = _whole(rest) if rest else Fraction(1)
    return None if count is None else whole + count / size


def _whole(words: list[str]) -> Fraction | None:
    total = part = Fraction(0)
    seen = False
    for index, word in enumerate(words):
        if word in ("a", "an", "and") and _links(words, index):
            part = part or Fraction(word != "and")
        elif word in _SMALL or word[0].isdigit():
            small = Fraction(word) if word[0].isdigit() else Fraction(_SMALL[word])
            if part % 10 or (part % 100 and small >= 10):
                return None
            part += small
        elif word in _SCALES and word not in _LARGE:
            part = (part or Fraction(1)) * _SCALES[word]
        elif word in _SCALES:
            total, part = total + (part or Fraction(1)) * _SCALES[word], Fraction(0)
        else:
            return None
        seen = seen or word not in ("a", "an", "and")
    one = words in (["a"], ["an"])
    return total + part if seen else Fraction(1) if one else None


def _links(words: list[str], index: int) -> bool:
    """Whether "a" or "and" stands inside a number: "a hundred", "hundred and two"."""
    return len(words) == 1 or (index + 1 < len(words) and (index > 0 or words[index] != "and"))
