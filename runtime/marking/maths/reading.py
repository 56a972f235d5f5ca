"""Reading: one answer's text, in children's notation or simple LaTeX, to exact typed values.

Where the text allows several readings (2:30 is a time and a ratio) all are returned, the
likeliest first; ``equivalence`` settles which one was meant against the reference.
"""

import re
from fractions import Fraction

import msgspec

from runtime.marking.maths.expression import evaluate
from runtime.marking.maths.latex import is_latex, plain_latex
from runtime.marking.maths.notation import plain, squeezed, wording
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.polynomial import variable
from runtime.marking.maths.quantities import read_quantities
from runtime.marking.maths.respelling import respelled
from runtime.marking.maths.special import read_clock, read_ratio, read_remainder
from runtime.marking.maths.units import find_unit
from runtime.marking.maths.values import (
    Algebra,
    Group,
    Quantity,
    Relation,
    Symbolic,
    Value,
    Words,
)

MAX_CHARS = 1500
"""A final answer is short; longer text is read as words only."""
_MAX_ITEMS = 40
_MAX_DEPTH = 3
_EDGE = ' \n\r"`*_.,;:!?'
_LEAD = re.compile(
    r"(?:=(?!<)|≈|~|≅|(?:about|approximately|approx\.?|around|roughly|exactly|just|only|is|equals?|to|"
    r"circa|the)(?![^\W\d]))\s*(?=\S)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<name>[^=<>≤≥≠!+*^]{1,40}?)\s*(?:=|≈)\s*(?P<value>[^<>≤≥≠!]+)")
_GROUPED = re.compile(r"[^\d,]{0,4}\d{1,2}(?:,\d\d){1,4},\d{3}(?<=0\d\d)\D{0,20}(?<!,)")
_MEASURED = re.compile(
    r"(?P<value>.{0,60}(?:π|√|\bpi|\dpi).{0,20}?)\s*(?P<unit>[a-z][a-z ]{0,30}\^?[23²³]?)"
)
_MEMBER = re.compile(r"[A-Za-z]\w?\s*∈\s*(?P<set>.+)", re.DOTALL)
_RELATION = re.compile(r"(?P<left>[^=<>≤≥≠!]+)(?P<sign><=|>=|!=|=>|[=<>≤≥≠])(?P<right>[^=<>≤≥≠!]+)")
_SIGNS = {"≤": "<=", "≥": ">=", "=>": ">=", "≠": "!="}
_HARD = re.compile(r"[\\∪∈∞±\ufffd]|\b(?:sin|cos|tan|log|ln)\b|^[\[\]].*,|,.*[\[\]]$", re.DOTALL)
_SIGN = re.compile(r"<=|>=|!=|=>|[=<>≤≥≠]")
_OPEN, _CLOSE = "([{", ")]}"


def read(text: str) -> tuple[Value, ...]:
    """Return the readings of one answer, the likeliest first; empty where nothing is there."""
    body = tidy(text)
    if not body or not any(char.isalnum() for char in body):
        return ()
    if len(body) > MAX_CHARS:
        return (Words(wording(body)),)
    found = _read(body, text, 0)
    if re.fullmatch(r"\D{0,3}\d{1,9}·\d{1,9}\D{0,20}", text.strip()):
        found += _read(tidy(text.replace("·", ".")), text, 0)  # 0·5 is one half in Britain
    return tuple(dict.fromkeys(found))


def tidy(text: str) -> str:
    """Return plain notation without LaTeX, quotes, final punctuation and words like "about"."""
    body = plain(text.replace("\0", " "))
    if is_latex(body):
        body = plain_latex(body[: 4 * MAX_CHARS])
    body = _trimmed(re.sub(r"(\d) over (?=\d)", r"\1/", body.replace("**", " ")))
    if body[:1] == "{" and body[-1:] == "}" and "," not in body:
        body = _trimmed(body[1:-1])
    while match := _LEAD.match(body):
        body = _trimmed(body[match.end() :])
    return respelled(body)


def _trimmed(body: str) -> str:
    inches = re.search(r"\d\s*\"[ .]*$", body) is not None
    body = body.lstrip(' \n\r"`*_,;:!?')
    return body.rstrip(" ." if inches else _EDGE)


def _read(body: str, source: str, depth: int) -> list[Value]:
    if _HARD.search(body) or len(_SIGN.findall(body)) > 1:
        parts = _groups(body, source, depth) if "=" in body else []
        return parts or _named(body, source, depth) or [Symbolic(source), Words(wording(body))]
    special = [read(body) for read in (read_remainder, read_ratio, read_clock)]
    found: list[Value] = [value for value in special if value is not None]
    found += read_quantities(body)
    if not found or ("," in body and not _GROUPED.fullmatch(body)):
        found += _groups(body, source, depth)
    if body.count("=") == 1 or not any(isinstance(value, Group) for value in found):
        found = _named(body, source, depth) + found
    if not found or _is_lettered(found[0]) or "=" in body:
        found += _algebra(body)
    if not found and "\\" in source and re.search(r"[\d√^()/|]", body):
        found.append(Symbolic(source))
    return found or [Words(wording(body))]


def _is_lettered(value: Value) -> bool:
    """Whether the number might also be a term: 5p, 2y."""
    if not isinstance(value, Quantity):
        return False
    name = value.noun or (value.unit.name if value.unit else "")
    return len(name) == 1 and name.isalpha()


def _named(body: str, source: str, depth: int) -> list[Value]:
    """Read "x = 5", "f(x) = 1 = 2", "5 = x": the value behind the name, and the equation."""
    member = _MEMBER.fullmatch(body)
    if member and depth < _MAX_DEPTH:
        return _read(member["set"].strip(), source, depth + 1)
    match = _NAMED.fullmatch(body)
    if match is None or depth >= _MAX_DEPTH:
        return []
    name, value = match["name"].strip(), match["value"].split("≈")[0].split("=")[-1].strip()
    if re.fullmatch(r"[A-Za-z]", value) and not re.search(r"[A-Za-z]", name):
        name, value = value, name
    if _has_digits(name) or not value or not re.search(r"[^\W\d]", name) or "-" in name:
        return []
    inner = _read(value, value, depth + 1)
    name = name.split("(")[0] or name  # f(x) and f(n) name the same function
    return [
        msgspec.structs.replace(item, name=name) if isinstance(item, Quantity) else item
        for item in inner
        if not isinstance(item, Words)
    ]


def _has_digits(name: str) -> bool:
    return any(char.isdigit() for char in re.sub(r"_\{?\w+\}?|\w\d\b", "", name))


def _algebra(body: str) -> list[Value]:
    match = _RELATION.fullmatch(body)
    if match:
        left, right = evaluate(match["left"].strip()), evaluate(match["right"].strip())
        # 7.5 x 4 = 30 m is a calculation: m is no unknown.
        if left is None or right is None or _ends_in_unit(match["left"], match["right"]):
            return []
        sign = _SIGNS.get(match["sign"], match["sign"])
        flipped = sign.startswith(">")
        difference = right - left if flipped else left - right
        if not (left.variables or right.variables):
            return []  # 3 x 4 = 12 is a calculation
        solved = any(
            one.constant is not None and len(other.terms) == 1 and other == variable(name)
            for one, other in ((left, right), (right, left))
            for name in other.variables
        )
        return [Relation(difference, sign.replace(">", "<"), solved)]
    listed = re.search(r"\([^()]*,[^()]*\)|[A-Za-z]\s*:", body) is not None
    measured = _MEASURED.fullmatch(body)
    unit = find_unit(measured["unit"]) if measured else None
    if measured and unit is not None:
        body = measured["value"]
    polynomial = None if listed else evaluate(body)
    if polynomial is None or body.isalpha():
        return []
    constant = polynomial.constant
    if constant is None:
        return [Algebra(polynomial, unit)]
    return [_calculated(constant, body)]


def _ends_in_unit(left: str, right: str) -> bool:
    """Whether numbers alone are worked out on the left and the right is a number with its unit."""
    if re.search(r"[^\W\d_]", re.sub(r"(?<=[\d\s])x(?=[\d\s])", "*", left)):
        return False
    worked = re.search(r"\d\s*[-+*/:^x]\s*[\d(]", left) is not None
    return worked and any(value.unit is not None for value in read_quantities(right.strip()))


def _calculated(value: Fraction, body: str) -> Quantity:
    style = Style.FRACTION if re.fullmatch(r"[-() \d]+/[-() \d]+", body) else Style.CALCULATION
    digits = [int(part) for part in re.findall(r"\d+", body)]
    reduced = style is Style.FRACTION and len(digits) == 2 and digits[1] == value.denominator
    return Quantity(number=value, style=style, reduced=reduced)


def _groups(body: str, source: str, depth: int) -> list[Value]:
    """Read lists, sets and points; a comma may also be a decimal comma, so both are tried."""
    if depth >= _MAX_DEPTH:
        return []
    inner, ordered = _without_brackets(body)
    words = r"(?:\s+|(?<=[\d)]))(?:and|or|oppure|e|o)(?:\s+|(?=[(A-Z]))" if not ordered else r"(?!)"
    flat = _split(inner, rf"[,;&]\s*(?:and\s+|or\s+)?|{words}")
    coarse = _split(inner, rf";|{words}")
    choice = not ordered and re.search(r"[\s\d)](?:or|oppure|o)[\s(A-Z]", inner) is not None
    found = [_group(parts, ordered, choice, depth) for parts in (flat, coarse)]
    unique = [group for index, group in enumerate(found) if group and group not in found[:index]]
    return list(unique)


def _without_brackets(body: str) -> tuple[str, bool]:
    if body[:1] in "({" and body[-1:] in ")}" and _closes_last(body):
        return body[1:-1], body[0] == "("
    return body, False


def _closes_last(body: str) -> bool:
    depth = 0
    for index, char in enumerate(body):
        depth += (char in _OPEN) - (char in _CLOSE)
        if not depth:
            return index == len(body) - 1
    return False


def _split(body: str, separator: str) -> list[str]:
    """Split at separators that stand outside brackets."""
    pattern = re.compile(rf"[(\[{{]|[)\]}}]|(?P<cut>{separator})")
    parts, start, depth = [], 0, 0
    for match in pattern.finditer(body):
        if match["cut"] is not None and not depth:
            parts.append(body[start : match.start()])
            start = match.end()
        elif match["cut"] is None:
            depth += 1 if match.group() in _OPEN else -1
    return [*parts, body[start:]]


def _group(parts: list[str], ordered: bool, choice: bool, depth: int) -> Group | None:
    texts = [squeezed(part).strip(_EDGE) for part in parts]
    if not 2 <= len(texts) <= _MAX_ITEMS or not all(texts):
        return None
    read = [_read(text, text, depth + 1) for text in texts]
    worded = [isinstance(values[0], Words) for values in read if values]
    if len(worded) != len(texts) or (any(worded) and not (choice and all(worded))):
        return None  # prose with numbers in it is no list
    return Group(tuple(values[0] for values in read), ordered, choice)
