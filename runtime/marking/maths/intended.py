"""Intended readings: what a short answer can only mean, given what kind of value is wanted.

"8 10 12" is a list where a list is wanted, "7.30" a time where a time is, and a copied chain of
steps ends in its answer where an expression is wanted. The number itself is never suggested.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from runtime.marking.maths.gaps import gap_filled
from runtime.marking.maths.numerals import NUMERAL, Style
from runtime.marking.maths.reading import read, tidy
from runtime.marking.maths.units import CURRENCIES
from runtime.marking.maths.values import (
    Algebra,
    Clock,
    Group,
    Quantity,
    Relation,
    Value,
)

_MAX_CHARS = 200
_VALUE = rf"[-+]?[{CURRENCIES}]?(?:\d{{1,9}}/\d{{1,9}}|{NUMERAL})(?:%|°|p\b|[€¢])?"
_SPACED = re.compile(rf"(?<!\S){_VALUE}(?!\S)")
_CHAIN = re.compile(rf"{_VALUE}(?:\s?([<>])\s?{_VALUE})(?:\s?\1\s?{_VALUE}){{0,20}}")
_BETWEEN = re.compile(
    r"(?P<low>[^<>=≤≥]{1,40})(?P<first><=?|≤|>=?|≥)(?P<middle>[^<>=≤≥]{1,40})"
    r"(?P<second><=?|≤|>=?|≥)(?P<high>[^<>=≤≥]{1,40})"
)
_ONE_BOUND = r"[^<>=≤≥,]{1,40}(?:<=?|≤|>=?|≥)[^<>=≤≥,]{1,40}"
_BOTH = re.compile(rf"({_ONE_BOUND}?)(?:,\s?|\s+and\s+|\s*&\s*)({_ONE_BOUND})", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"([A-Za-z])\s?=\s?([^=]{1,40}?)(?=\s*(?:[,;&]|\band\b|\s[A-Za-z]\s?=|$))")
_POINT = re.compile(
    r"[A-Z]?'?\s?=?\s?\(([^()|,;]{1,40})[|,;]([^()|,;]{1,40})\)|([^()|,;]{1,40})\|([^()|,;]{1,40})"
)
_PAIRS = re.compile(
    r"\d{1,9}\s?[x*]\s?\d{1,9}(?:\s?(?:,|;|\band\b)?\s?\d{1,9}\s?[x*]\s?\d{1,9}){0,20}"
)
_DOTTED_TIME = re.compile(
    r"(\d{1,2})(?:[. ]|(?=\d\d$))(\d\d)( ?[ap]\.?m\.?)?(?: h(?:ours|rs)?)?", re.I
)
_TIME = re.compile(r"\b(?:time|clock|train|bus|arrive|leave|start|finish|end)s?\b", re.I)
_NOTHING = re.compile(
    r"(?:there (?:is|are|will be) )?(?:none|nothing|nil|no [a-z]{2,20}|not any)(?: (?:is|are))?"
    r"(?: left(?: over)?)?",
    re.IGNORECASE,
)  # fmt: skip


def intended(text: str, reference: Sequence[Value], question: str = "") -> tuple[Value, ...]:
    """Return the readings of a whole answer that its kind allows, empty where none is special."""
    wanted = reference[0]
    short = len(text) <= _MAX_CHARS and "\\boxed" not in text
    joined = " , ".join(text.split("\n")) if isinstance(wanted, Group) else text
    body = tidy(joined) if short else ""
    if not body:
        return ()
    if _is_time(reference, question):
        return _time(body)
    match wanted:
        case Group():
            return _group(body, wanted)
        case Relation() | Algebra():
            return _algebra(body)
        case Quantity():
            return _quantity(text, body, wanted, question)
        case _:
            return ()


def _time(body: str) -> tuple[Value, ...]:
    match = _DOTTED_TIME.fullmatch(body)
    return read(f"{match[1]}:{match[2]}{match[3] or ''}") if match else ()


def _is_time(reference: Sequence[Value], question: str) -> bool:
    """Whether a time of day is wanted; 7:30 may also be a ratio."""
    first = isinstance(reference[0], Clock)
    return first or (
        any(isinstance(value, Clock) for value in reference) and _TIME.search(question) is not None
    )


def _quantity(text: str, body: str, wanted: Quantity, question: str) -> tuple[Value, ...]:
    filled = gap_filled(question, text)
    if filled is not None:
        return read(filled)
    solved = _solved(body)
    if solved:
        return solved
    nothing = not wanted.number and _NOTHING.fullmatch(body)
    return (Quantity(number=Fraction(0), unit=wanted.unit),) if nothing else ()


def _solved(body: str) -> tuple[Value, ...]:
    """Read the end of a solution on one line: 2x = 12, x = 6."""
    parts = re.split(r"[,;]\s*(?:so\s+)?|\s+so\s+", body)
    if len(parts) < 2 or not all(re.fullmatch(r"[^=]{1,60}=[^=]{1,60}", part) for part in parts):
        return ()
    *before, last = [next(iter(read(part)), None) for part in parts]
    steps = all(isinstance(value, Relation) and not value.solved for value in before)
    named = isinstance(last, Quantity) and len(last.name) == 1
    return (last,) if steps and named and last is not None else ()


def between(text: str) -> Group | None:
    """Read -3 < x <= 4 as its two inequalities."""
    match = _BETWEEN.fullmatch(text.strip())
    if match is None or (match["first"] in "<<=≤") != (match["second"] in "<<=≤"):
        return None
    halves = (
        f"{match['low']}{match['first']}{match['middle']}",
        f"{match['middle']}{match['second']}{match['high']}",
    )
    return _both(halves)


def _both(halves: tuple[str, str]) -> Group | None:
    found = [next((v for v in read(half) if isinstance(v, Relation)), None) for half in halves]
    kept = tuple(value for value in found if value is not None)
    return Group(kept) if len(kept) == len(halves) else None


def _algebra(body: str) -> tuple[Value, ...]:
    """Read the last side of a chain of equal expressions, and capitals as small."""
    lowered = re.sub(r"(?<![^\W\d_])[A-Z](?![^\W\d_])", lambda match: match.group().lower(), body)
    last = lowered.rsplit("=", 1)[-1].strip() if not re.search(r"[<>!≤≥]", body) else lowered
    if last == body:
        return ()
    texts = dict.fromkeys((last, lowered, body))
    found = [v for text in texts for v in read(text) if isinstance(v, Algebra | Relation)]
    return tuple(dict.fromkeys(found))


def _group(body: str, wanted: Group) -> tuple[Value, ...]:
    if all(isinstance(item, Relation) for item in wanted.items):
        both = _BOTH.fullmatch(body)
        found = between(body) or (_both((both[1], both[2])) if both else None)
        return (found,) if found else ()
    for reader in (_assigned, _point, _listed):
        group = reader(body, wanted)
        if group is not None:
            return (group,)
    lines = read(body) if " , " in body else ()
    return tuple(value for value in lines if isinstance(value, Group) and _is_plain(value))


def _is_plain(group: Group) -> bool:
    return all(isinstance(item, Quantity) and not item.name for item in group.items)


def _items(parts: list[str], ordered: bool = False) -> Group | None:
    values = [next(iter(read(part)), None) for part in parts]
    kept = tuple(value for value in values if isinstance(value, Quantity))
    return Group(kept, ordered) if len(kept) == len(parts) > 1 else None


def _assigned(body: str, wanted: Group) -> Group | None:
    """Read x=6 y=4, on one line or on two; what else stands there must be a separator."""
    parts = [match.group() for match in _ASSIGNMENT.finditer(body)]
    rest = _ASSIGNMENT.sub("", body)
    names = [part[0] for part in parts]
    if len(set(names)) != len(names) or re.sub(r"and|[,;&\s]", "", rest):
        return None
    return _items(parts) if not wanted.ordered else _items(parts, ordered=True)


def _point(body: str, wanted: Group) -> Group | None:
    match = _POINT.fullmatch(body)
    found = list(_POINT.finditer(body)) if match is None else []
    if len(found) == 1 and not re.search(r"\d", body.replace(found[0].group(), "")):
        match = found[0]  # "they cross at (2, 5)"
    if match is None or not wanted.ordered:
        return None
    return _items([part for part in match.groups() if part], ordered=True)


def _listed(body: str, wanted: Group) -> Group | None:
    """Read lists without commas: 2 4 6, 0.5 < 0.6 < 0.7, £15 : £25, 1 x 12, 2 x 6."""
    if _CHAIN.fullmatch(body):
        return _items(re.split(r"\s?[<>]\s?", body), wanted.ordered)
    worked = any(isinstance(v, Quantity) and v.style is Style.CALCULATION for v in wanted.items)
    if not worked and _PAIRS.fullmatch(body) and body.count("x") + body.count("*") > 1:
        return _items(re.findall(r"\d+", body))
    if body[0] in CURRENCIES and ":" in body:
        return _items(body.split(":"))
    dashed = re.split(r"\s?-\s?", body)
    if len(dashed) == len(wanted.items) > 2 and all(map(str.isdecimal, dashed)):
        return _items(dashed, wanted.ordered)
    spaced = [match.group() for match in _SPACED.finditer(body)]
    if len(body.split()) == len(wanted.items) or len(spaced) < 2:
        spaced = body.split()
    if not all(re.fullmatch(_VALUE, part) for part in spaced) or _SPACED.sub("", body).strip():
        return None
    return _items(spaced, wanted.ordered)
