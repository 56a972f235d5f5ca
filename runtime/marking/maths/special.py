"""Values with a notation of their own: times of day, quotients with remainder, ratios."""

import re
from fractions import Fraction

from runtime.marking.maths.number_words import words_to_number
from runtime.marking.maths.numerals import NUMERAL, numeral
from runtime.marking.maths.values import Clock, Ratio, Remainder

_DIGITAL = re.compile(
    r"(?P<hour>\d{1,2})(?:(?P<sign>[:.h])(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?(?:\s*h(?:rs|ours)?)?",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?P<minute>half|quarter|a quarter|[\w ]{1,20}?)(?: minutes?)? (?P<way>past|to|after) "
    r"(?P<hour>\w+)(?: o'clock)?"
    r"(?: ?(?P<half>[ap])\.?m\.?| in the (?P<part>morning|afternoon|evening))?",
    re.IGNORECASE,
)
_O_CLOCK = re.compile(r"(?P<hour>\w+) ?o'? ?clock(?: ?(?P<half>[ap])\.?m\.?)?", re.IGNORECASE)
_REMAINDER = re.compile(
    r"(?P<quotient>-?\d{1,15})\s*,?\s*(?:(?:and|with)\s+)?(?:an?\s+)?"
    r"(?:(?:r|rem|remainder|resto|remaining)\b\.?(?:\s+of)?\s*[=:]?\s*|r)(?P<rest>\d{1,15})"
    r"|(?P<quotient2>-?\d{1,15})\s+(?:and|with)\s+(?P<rest2>\d{1,15})\s+(?:left(?:\s?over)?|over|remaining)",
    re.IGNORECASE,
)
_RATIO_PART = rf"(?:\d{{1,9}}\s?/\s?\d{{1,9}}|{NUMERAL})"
_RATIO = re.compile(rf"{_RATIO_PART}(?:\s*:\s*{_RATIO_PART}){{1,5}}|\d{{1,9}} to \d{{1,9}}")
_NOON = {"noon": 720, "midday": 720, "midnight": 0}


def read_clock(text: str) -> Clock | None:
    """Return the time of day in plain text: 14:30, 2.30 pm, half past two, 3 o'clock."""
    small = text.casefold().strip(" .")
    if small in _NOON:
        return Clock(_NOON[small], False)
    return _digital(small) or _spoken(small)


def _digital(text: str) -> Clock | None:
    match = _DIGITAL.fullmatch(text)
    if match is None or not (match["half"] or match["sign"] in (":", "h")):
        return None
    half = (match["half"] or "")[:1]
    full = match["hour"][0] == "0"  # 07:30 is written on the clock of 24 hours
    return _clock(int(match["hour"]), int(match["minute"] or 0), half, full)


def _clock(hour: int, minute: int, half: str, full: bool = False) -> Clock | None:
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return Clock((hour % 12 + 12 * (half == "p")) * 60 + minute, False)
    return Clock(hour % 24 * 60 + minute, 1 <= hour <= 12 and not full)


def _spoken(text: str) -> Clock | None:
    match = _SPOKEN.fullmatch(text)
    sharp = _O_CLOCK.fullmatch(text)
    if match is None:
        hour = _small(sharp["hour"]) if sharp else None
        return None if hour is None or sharp is None else _clock(hour, 0, sharp["half"] or "")
    words = {"half": 30, "quarter": 15, "a quarter": 15}
    minute = words.get(match["minute"]) or _small(match["minute"])
    hour = _small(match["hour"])
    if minute is None or hour is None or not 1 <= hour <= 12 or not 0 < minute < 60:
        return None
    half = match["half"] or {"morning": "a", None: ""}.get(match["part"], "p")
    base = _clock(hour, 0, half)
    shift = -minute if match["way"] == "to" else minute
    return Clock((base.minutes + shift) % 1440, base.half) if base else None


def _small(text: str) -> int | None:
    value = Fraction(text) if text.isdecimal() and len(text) < 3 else words_to_number(text)
    return int(value) if value is not None and value.denominator == 1 else None


def read_remainder(text: str) -> Remainder | None:
    """Return the quotient and remainder in plain text: 7 r 2, 7 remainder 2."""
    match = _REMAINDER.fullmatch(text)
    if match is None:
        return None
    quotient, rest = match["quotient"] or match["quotient2"], match["rest"] or match["rest2"]
    return Remainder(Fraction(quotient), Fraction(rest))


def read_ratio(text: str) -> Ratio | None:
    """Return the ratio in plain text: 2:4, 2 : 3 : 5, 2 to 3."""
    if not _RATIO.fullmatch(text):
        return None
    parts = [numeral(part) for part in re.split(r"\s*:\s*| to ", text)]
    values = tuple(part.value for part in parts if part is not None)
    return Ratio(values) if len(values) == len(parts) else None
