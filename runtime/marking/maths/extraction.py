"""Extraction: where a child's final answer stands in the text, in the child's own words.

What is pasted around an answer to sway a marker (JSON, tags, comments, bracketed notices) is
blanked first. Then the strongest sign of a final answer wins, and the last of equal strength:
a box or ####; "answer:"; a conclusion, an equals sign or a line of its own; any number.
"""

import re

import msgspec

from runtime.marking.maths.boxes import boxed_answer
from runtime.marking.maths.joining import chains
from runtime.marking.maths.notation import plain
from runtime.marking.maths.pasted import blanked
from runtime.marking.maths.places import (
    NEGATED,
    Candidate,
    Strength,
    candidate_at,
    formulas_in,
    numbers_in,
    trimmed,
)
from runtime.marking.maths.reading import read, tidy
from runtime.marking.maths.values import Quantity, Symbolic, Words

_MAX_LINES = 400

MAX_CHARS = 20_000
"""Ten pages of working; what stands behind them is not read."""


class Extraction(msgspec.Struct, frozen=True):
    """The final answer and every other candidate that was as strong and says something else."""

    answer: Candidate | None
    rivals: tuple[Candidate, ...] = ()


_SEALED = re.compile(
    r"####\s*(?P<value>[^\n]+)|\bfinal answer(?: is)?\s*(?:is|[:=])+\s*(?P<final>[^\n]+)", re.I
)
_THIRD_PERSON = r"(?<!correct )(?<!right )(?<!intended )(?<!actual )(?<!expected )(?<!real )"
_MARKED = re.compile(
    rf"{_THIRD_PERSON}\banswers?\b(?P<about>[^.\n:=?!]{{0,60}}?)\s*(?:\bis\b|\bare\b|[:=])\s*:?\s*(?P<value>[^\n]+)"
    r"|(?:^|\n)[^\S\n]*(?:A|Ans|Sol|Risposta|R)\.?\s*[:=]\s*(?P<short>[^\n]+)"
    r"|\brisposta\s+(?:è|e'|:)\s*(?P<it>[^\n]+)",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(
    r"(?:\b(?:got|get|gets|is|it's|its|it is|was|are|makes|gives|leaves|equals?|becomes?|has|have|"
    r"had|think|say|i mean|there(?:'s| is| are| were)|costs?|total of|need(?:s|ed)?|left with|"
    r"fa|sono|viene|risulta)\b"
    r"|(?<![<>!=])=(?!=)|≈|→|->|\b(?:so|therefore|thus|hence)\b,?)\s*:?\s*"
    r"(?:exactly |only |now |just |about |the number )?"
    r"(?P<value>[^\n=]+)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:wait|actually|sorry|oops|i meant?|no)\b[^\n\d]{0,30}?(?:it's|it is|is|its|,|\s)\s*"
    r"(?=[-$£€]?\d)(?P<value>[^\n]+)",
    re.IGNORECASE,
)
_OPERATOR = re.compile(r"\d\s*[-+*/x^:]\s*[\d(]|=")


def extract(text: str) -> Extraction:
    """Return the final answer of a whole answer text, with what rivals it."""
    body = blanked(text[:MAX_CHARS])
    boxes = boxed_answer(body)
    if boxes is not None:
        return Extraction(boxes)
    for pattern, strength in ((_SEALED, Strength.SEALED), (_MARKED, Strength.MARKED)):
        found = _marked(body, pattern, strength)
        if found:
            opening = _opening(body) if strength is Strength.MARKED or "####" not in body else None
            return Extraction(found[-1], _rivals([opening, *found] if opening else found))
    segments = formulas_in(body, 0, len(body))
    return Extraction(segments[-1]) if segments else _unmarked(body)


def _opening(body: str) -> Candidate | None:
    """Return a first line that is a value by itself and is not followed by any working."""
    lines = [match for match in re.finditer(r"[^\n]+", body) if match.group().strip()]
    if len(lines) < 2 or any(_is_working(line.group()) for line in lines[1:]):
        return None
    return _bare(body, lines[0])


def _marked(body: str, pattern: re.Pattern[str], strength: Strength) -> list[Candidate]:
    found = []
    for match in pattern.finditer(body):
        group = next(name for name, value in match.groupdict().items() if value and name != "about")
        candidate = candidate_at(body, match.start(group), match.end(group), strength)
        if candidate is not None:
            found.append(candidate)
    return found


def _unmarked(body: str) -> Extraction:
    lines = _last_of_chains(
        [match for match in re.finditer(r"[^\n]+", body) if match.group().strip()]
    )
    bare = [_bare(body, line) for line in lines]
    if not any(bare) or not all(bare):
        return _mixed(body, lines, bare)
    found = [candidate for candidate in bare if candidate is not None]
    return Extraction(found[-1], _rivals(found))


def _last_of_chains(lines: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the lines without those whose result stands below them: "25", "+ 17", "42"."""
    worked = chains([plain(line.group()) for line in lines[:_MAX_LINES]])
    above = {step for chain in worked if chain.is_worked_out for step in chain.steps[:-1]}
    return [line for step, line in enumerate(lines) if step not in above]


def _bare(body: str, line: re.Match[str]) -> Candidate | None:
    """Return a line that is a value and nothing else."""
    values = read(line.group()) if len(line.group()) < 200 else ()
    if not values or isinstance(values[0], Words | Symbolic) or "=" in line.group():
        return None
    if isinstance(values[0], Quantity) and len(values[0].noun.split()) > 3:
        return None
    return trimmed(body, *line.span(), Strength.CONCLUSION)


def _mixed(body: str, lines: list[re.Match[str]], bare: list[Candidate | None]) -> Extraction:
    """Choose among lines of prose, working and bare values."""
    if not lines:
        return Extraction(None)
    opening = bare[0]
    working = opening is None or any(_is_working(line.group()) for line in lines[1:])
    if opening is not None and not working:
        corrected = _corrections(body, opening.end)
        return Extraction(corrected or opening)
    found = [candidate for candidate in bare if candidate is not None]
    found += _marked_conclusions(body, lines)
    if found:
        last = max(found, key=lambda candidate: candidate.end)
        rivals = _labelled_rivals(body, found, last)
        return Extraction(last, (*rivals, *_unused(body, opening, last)))
    return _any_number(body, lines)


def _unused(body: str, opening: Candidate | None, last: Candidate) -> tuple[Candidate, ...]:
    """Return an opening value that the working neither uses nor ends with."""
    if opening is None or tidy(opening.text) == tidy(last.text):
        return ()
    if body[opening.end :].lstrip().startswith("="):
        return ()
    used = re.search(rf"(?<!\d){re.escape(opening.text)}(?!\d)", body[opening.end :])
    return () if used else (opening,)


def _marked_conclusions(body: str, lines: list[re.Match[str]]) -> list[Candidate]:
    found = []
    for line in lines:
        if line.group().rstrip().endswith("?"):
            continue
        at = line.start()
        while match := _CONCLUSION.search(body, at, line.end()):
            candidate = candidate_at(
                body, match.start("value"), match.end("value"), Strength.CONCLUSION
            )
            if candidate is not None and not _is_negated(body, candidate):
                found.append(candidate)
            at = match.start("value")
    return found


def _is_negated(body: str, candidate: Candidate) -> bool:
    before = body[max(0, candidate.start - 14) : candidate.end]
    return NEGATED.search(before) is not None


def _is_working(line: str) -> bool:
    """Whether a line is maths rather than prose: an operator and few words."""
    return _OPERATOR.search(line) is not None and len(re.findall(r"[^\W\d]{2,}", line)) <= 6


def _corrections(body: str, start: int) -> Candidate | None:
    match = _CORRECTION.search(body, start)
    if match is None:
        return None
    return candidate_at(body, match.start("value"), match.end("value"), Strength.CONCLUSION)


def _any_number(body: str, lines: list[re.Match[str]]) -> Extraction:
    statements = [
        line for line in lines if not line.group().rstrip().endswith("?") or len(lines) == 1
    ]
    found = [item for line in statements for item in numbers_in(body, *line.span())]
    if not found:
        return Extraction(None)
    last_line = [item for item in found if body.count("\n", item.end, found[-1].end) == 0]
    return Extraction(found[-1], _rivals(found) if len(last_line) != 1 or len(found) > 1 else ())


def _rivals(found: list[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates that say something else than the last one."""
    chosen = tidy(found[-1].text)
    return tuple(candidate for candidate in found[:-1] if tidy(candidate.text) != chosen)


def _labelled_rivals(body: str, found: list[Candidate], last: Candidate) -> tuple[Candidate, ...]:
    """Return rivals of the kind "English: 5" over "German: 4": no line may win by its place."""
    return tuple(
        candidate
        for candidate in found
        if tidy(candidate.text) != tidy(last.text)
        and body[max(0, candidate.start - 2) : candidate.start].strip() == ":"
    )
