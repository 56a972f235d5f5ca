"""Places: readable stretches of an answer text, with their spans."""

import re
from enum import IntEnum

import msgspec

from runtime.marking.maths.numerals import NUMERAL
from runtime.marking.maths.reading import read
from runtime.marking.maths.values import Quantity, Words

_MATHS = re.compile(
    r"\$\$(.{1,1000}?)\$\$|\$([^$\n]+)\$|\\\((.{1,1000}?)\\\)|\\\[(.{1,1000}?)\\\]", re.DOTALL
)
_ASSIGNMENTS = re.compile(r"[^=\d]*=[^=]*(?:[,;]|\band\b|\bor\b).*=[^=]*")
_STOP = re.compile(
    r"(?<=[^\d\s])[.!?](?=\s|$)|(?<=\d)[.!?](?=\s+\D|\s*$)|\s+(?:because|since|cause|cos|bc|cuz|as|perché|which|so|but|when|if)"
    r"\b"
    r"|\.\s+(?=[A-Z])|,\s+(?=[a-z]{2,})(?!and\b|or\b)|\n|≈|\s->|\s=>",
)
NEGATED = re.compile(
    r"\b(?:not|isn't|isnt|wasn't|instead of|rather than|non)\s+(?=[-$£€]?\d)\S+", re.I
)
_NUMBER = re.compile(
    rf"(?<![\w.,/])(?:[-+]\s?)?[$£€¥]?\s?(?:\d{{1,3}}:\d{{1,3}}(?:\s?[ap]\.?m\b)?|\d{{1,12}}\s?/\s?\d{{1,12}}|{NUMERAL})\s?(?:%|°\w?|[€$£¥]|percent)?(?!\d|[⁰¹²³⁴⁵⁶⁷⁸⁹]|[.,]\d|(?:st|nd|rd|th)\b)"
)


class Strength(IntEnum):
    """How plainly a place in the text says that it is the final answer."""

    NUMBER = 0
    CONCLUSION = 1
    MARKED = 2
    SEALED = 3


class Candidate(msgspec.Struct, frozen=True):
    """A place in the text, code points, end exclusive; ``spans`` where it has several parts."""

    text: str
    start: int
    end: int
    strength: Strength


def formulas_in(body: str, start: int, end: int) -> list[Candidate]:
    """Return the formulas between LaTeX delimiters; "$5 and $6" is money, no formula."""
    found = []
    for match in _MATHS.finditer(body, start, end):
        inner = next(part for part in match.groups() if part)
        prose = re.search(
            r"(?<![\\A-Za-z{])[A-Za-z]{3,}", re.sub(r"\\text\w*\{[^{}]*\}", "", inner)
        )
        if not prose and not re.fullmatch(r"\s*[A-Za-z]\s*", inner) and read(inner):
            text = f"{body[match.start() : match.end()]}"
            found.append(Candidate(text, match.start(), match.end(), Strength.CONCLUSION))
    return found


def candidate_at(body: str, start: int, end: int, strength: Strength) -> Candidate | None:
    """Cut the answer out of what follows its sign; ``None`` where nothing is readable."""
    cut = _STOP.search(body, start, end)
    stop = cut.start() if cut and cut.start() > start else end
    piece = body[start:stop]
    segments = formulas_in(body, start, end) if "$" in piece or "\\" in piece else []
    if segments:
        return msgspec.structs.replace(segments[-1], strength=strength)
    skipped = _behind_equals(piece)
    start, piece = start + skipped, piece[skipped:]
    values = read(piece)
    if values and not isinstance(values[0], Words):
        return trimmed(body, start, start + len(piece), strength)
    numbers = numbers_in(body, start, start + len(piece))
    if numbers and (strength is not Strength.CONCLUSION or len(numbers) == 1 or _leads(piece)):
        chosen = numbers[0] if _leads(piece) else numbers[-1]
        return Candidate(chosen.text, chosen.start, chosen.end, strength)
    if strength > Strength.CONCLUSION and values:
        return trimmed(body, start, start + len(piece), strength)
    return None


def _behind_equals(piece: str) -> int:
    """Return where the last side of a calculation begins; x = 3 and lists of such stay whole."""
    last = piece.rfind("=")
    if last < 0 or re.search(r"[<>!]=", piece) or _ASSIGNMENTS.fullmatch(piece):
        return 0
    return last + 1 if re.search(r"\w\W*\w|\d", piece[:last]) else 0


def _leads(piece: str) -> bool:
    """Whether a number opens the piece: "5 apples and 2 are left"."""
    return _NUMBER.match(piece.lstrip()) is not None


def trimmed(body: str, start: int, end: int, strength: Strength) -> Candidate | None:
    """Return the place without white space and punctuation around it, ``None`` for no text."""
    while start < end and body[start].isspace():
        start += 1
    while end > start and (body[end - 1].isspace() or body[end - 1] in ".,;:!?*"):
        end -= 1
    return Candidate(body[start:end], start, end, strength) if start < end else None


def numbers_in(body: str, start: int, end: int) -> list[Candidate]:
    """Return every number with its unit, those behind "not" left out."""
    negated = [match.span() for match in NEGATED.finditer(body, start, end)]
    found = []
    for match in _NUMBER.finditer(body, start, end):
        if any(low <= match.start() < high for low, high in negated):
            continue
        candidate = trimmed(body, *match.span(), Strength.NUMBER)
        if candidate is not None and read(candidate.text):
            found.append(_with_unit(body, candidate, end))
    return found


def _with_unit(body: str, candidate: Candidate, end: int) -> Candidate:
    """Take the unit behind a number into the candidate."""
    match = re.compile(r"\s?[^\W\d_]+(?:[²³]|\^?[23]\b)?").match(body, candidate.end, end)
    if match is None:
        return candidate
    longer = Candidate(
        body[candidate.start : match.end()], candidate.start, match.end(), candidate.strength
    )
    values = read(longer.text)
    known = bool(values) and isinstance(values[0], Quantity) and values[0].unit is not None
    signed = candidate.text.endswith(("%", "$", "£", "€"))
    return longer if known and not signed else candidate
