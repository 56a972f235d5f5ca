"""Extraction: where a child's final answer stands in the text, in the child's own words.

What is pasted around an answer to sway a marker (JSON, tags, comments, bracketed notices) is
blanked first. Then the strongest sign of a final answer wins, and the last of equal strength:
a box or ####; "answer:"; a conclusion, an equals sign or a line of its own; any number.
"""

import re
from enum import IntEnum

import msgspec

from runtime.marking.maths.notation import plain
from runtime.marking.maths.numerals import NUMERAL
from runtime.marking.maths.reading import read, tidy
from runtime.marking.maths.values import Quantity, Symbolic, Words


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


class Extraction(msgspec.Struct, frozen=True):
    """The final answer and every other candidate that was as strong and says something else."""

    answer: Candidate | None
    rivals: tuple[Candidate, ...] = ()


_BLANKED = re.compile(
    r"<<[^<>\n]{0,200}>>"  # calculator notes
    r"|<!--.{0,2000}?(?:-->|\Z)|<!\[CDATA\[.{0,2000}?\]\]>"
    r"|<(?P<tag>[A-Za-z|]\w{0,30})[^<>\n]{0,200}>.{0,2000}?</(?P=tag)>"
    r"|</?[A-Za-z|][^<>\n]{0,200}>"
    r"|\{[^{}]{0,2000}[\"'][^{}]{0,200}:[^{}]{0,2000}\}"
    r"|(?<!\S)\[[^\[\]]{0,2000}?[A-Za-z]{2,}[\s_][^\[\]]{0,2000}\]"
    r"|```\w*",
    re.DOTALL,
)
_BOX = re.compile(r"\\boxed\s*\{|\\boxed\s+(?=\S)|\\fbox\s*\{")
_COMMAND = re.compile(r"\\[a-zA-Z]+|\$")
_MATHS = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_SEALED = re.compile(
    r"####\s*(?P<value>[^\n]+)|\bfinal answer(?: is)?\s*(?:is|[:=])+\s*(?P<final>[^\n]+)", re.I
)
_THIRD_PERSON = r"(?<!correct )(?<!right )(?<!intended )(?<!actual )(?<!expected )(?<!real )"
_MARKED = re.compile(
    rf"{_THIRD_PERSON}\banswers?\b(?P<about>[^.\n:=?!]{{0,60}}?)\s*(?:\bis\b|\bare\b|[:=])\s*:?\s*(?P<value>[^\n]+)"
    r"|(?:^|\n)\s*(?:A|Ans|Sol|Risposta|R)\.?\s*[:=]\s*(?P<short>[^\n]+)"
    r"|\brisposta\s+(?:è|e'|:)\s*(?P<it>[^\n]+)",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(
    r"(?:\b(?:got|get|gets|is|it's|its|it is|was|are|makes|gives|leaves|equals?|becomes?|has|have|had|think|say|i mean|"
    r"there(?:'s| is| are| were)|costs?|total of|need(?:s|ed)?|left with|fa|sono|viene|risulta)\b"
    r"|(?<![<>!=])=(?!=)|≈|\b(?:so|therefore|thus|hence)\b,?)\s*:?\s*(?:exactly |only |now |just |about |the number )?"
    r"(?P<value>[^\n=]+)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"(?<=[^\d\s])[.!?](?=\s|$)|(?<=\d)[.!?](?=\s+\D|\s*$)|\s+(?:because|since|cause|cos|bc|cuz|as|perché|which|so|but|when|if)\b"
    r"|\.\s+(?=[A-Z])|,\s+(?=[a-z]{2,})(?!and\b|or\b)|\n|≈|\s->|\s=>",
)
_NEGATED = re.compile(
    r"\b(?:not|isn't|isnt|wasn't|instead of|rather than|non)\s+(?=[-$£€]?\d)\S+", re.I
)
_NUMBER = re.compile(
    rf"(?<![\w.,/])(?:[-+]\s?)?[$£€¥]?\s?(?:\d{{1,12}}\s?/\s?\d{{1,12}}|{NUMERAL})\s?(?:%|°\w?|[€$£¥]|percent)?(?!\d|[.,]\d|(?:st|nd|rd|th)\b)"
)
_OPERATOR = re.compile(r"\d\s*[-+*/x^:]\s*[\d(]|=")


def blanked(text: str) -> str:
    """Return plain text of the same length with calculator notes and pasted blocks blanked."""
    return _BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), plain(text))


def extract(text: str) -> Extraction:
    """Return the final answer of a whole answer text, with what rivals it."""
    body = blanked(text)
    boxes = _boxes(body)
    if boxes is not None:
        return Extraction(boxes)
    for pattern, strength in ((_SEALED, Strength.SEALED), (_MARKED, Strength.MARKED)):
        found = _marked(body, pattern, strength)
        if found:
            opening = _opening(body) if strength is Strength.MARKED or "####" not in body else None
            return Extraction(found[-1], _rivals([opening, *found] if opening else found))
    segments = _segments(body, 0, len(body))
    return Extraction(segments[-1]) if segments else _unmarked(body)


def _opening(body: str) -> Candidate | None:
    """Return a first line that is a value by itself and is not followed by any working."""
    lines = [match for match in re.finditer(r"[^\n]+", body) if match.group().strip()]
    if len(lines) < 2 or any(_is_working(line.group()) for line in lines[1:]):
        return None
    return _bare(body, lines[0])


def _segments(body: str, start: int, end: int) -> list[Candidate]:
    """Return the formulas between LaTeX delimiters; "$5 and $6" is money, no formula."""
    found = []
    for match in _MATHS.finditer(body, start, end):
        inner = next(part for part in match.groups() if part)
        prose = re.search(r"(?<![\\A-Za-z])[A-Za-z]{3,}", re.sub(r"\\text\w*\{[^{}]*\}", "", inner))
        if not prose and not re.fullmatch(r"\s*[A-Za-z]\s*", inner) and read(inner):
            text = f"{body[match.start() : match.end()]}"
            found.append(Candidate(text, match.start(), match.end(), Strength.CONCLUSION))
    return found


def _boxes(body: str) -> Candidate | None:
    """Join boxes that belong together ("and", commas) and keep the last such series."""
    places = [(match.start(), *_box_end(body, match)) for match in _BOX.finditer(body)]
    if not places:
        return None
    series = [places[-1]]
    for place in reversed(places[:-1]):
        if not _joins(body[place[2] : series[0][0]]):
            break
        series.insert(0, place)
    contents = list(dict.fromkeys(body[inner : end - 1] for _, inner, end in series))
    return Candidate(", ".join(contents), series[0][0], series[-1][2], Strength.SEALED)


def _joins(gap: str) -> bool:
    """Whether the text between two boxes makes them one list."""
    words = re.findall(r"\w+|[,;&]", _COMMAND.sub(" ", gap))
    return len(words) <= 7 and (
        not words or any(word in ("and", "or", ",", ";", "&") for word in words)
    )


def _box_end(body: str, match: re.Match[str]) -> tuple[int, int]:
    if not match.group().endswith("{"):
        return match.end(), min(match.end() + 2, len(body))
    depth = 1
    for index in range(match.end(), min(len(body), match.end() + 2000)):
        depth += {"{": 1, "}": -1}.get(body[index], 0)
        if not depth:
            return match.end(), index + 1
    line = body.find("\n", match.end())
    return match.end(), (line if line > 0 else len(body)) + 1


def _marked(body: str, pattern: re.Pattern[str], strength: Strength) -> list[Candidate]:
    found = []
    for match in pattern.finditer(body):
        group = next(name for name, value in match.groupdict().items() if value and name != "about")
        candidate = _candidate(body, match.start(group), match.end(group), strength)
        if candidate is not None:
            found.append(candidate)
    return found


def _candidate(body: str, start: int, end: int, strength: Strength) -> Candidate | None:
    """Cut the answer out of what follows its sign; ``None`` where nothing is readable."""
    cut = _STOP.search(body, start, end)
    stop = cut.start() if cut and cut.start() > start else end
    piece = body[start:stop]
    segments = _segments(body, start, end) if "$" in piece or "\\" in piece else []
    if segments:
        return msgspec.structs.replace(segments[-1], strength=strength)
    last = piece.rfind("=")
    if (
        last >= 0
        and not re.search(r"[<>!]=", piece)
        and not re.fullmatch(r"[^=\d]*=[^=]*(?:[,;]|\band\b|\bor\b).*=[^=]*", piece)
    ):
        if piece[:last].strip() and not re.fullmatch(r"\s*[A-Za-z](?:_?\w)?\s*", piece[:last]):
            start, piece = start + last + 1, piece[last + 1 :]
    values = read(piece)
    if values and not isinstance(values[0], Words):
        return _trimmed(body, start, start + len(piece), strength)
    numbers = _numbers(body, start, start + len(piece))
    if numbers and (strength is not Strength.CONCLUSION or len(numbers) == 1 or _leads(piece)):
        chosen = numbers[0] if _leads(piece) else numbers[-1]
        return Candidate(chosen.text, chosen.start, chosen.end, strength)
    if strength > Strength.CONCLUSION and values:
        return _trimmed(body, start, start + len(piece), strength)
    return None


def _leads(piece: str) -> bool:
    """Whether a number opens the piece: "5 apples and 2 are left"."""
    return _NUMBER.match(piece.lstrip()) is not None


def _trimmed(body: str, start: int, end: int, strength: Strength) -> Candidate | None:
    while start < end and body[start].isspace():
        start += 1
    while end > start and (body[end - 1].isspace() or body[end - 1] in ",;:!?*"):
        end -= 1
    return Candidate(body[start:end], start, end, strength) if start < end else None


def _numbers(body: str, start: int, end: int) -> list[Candidate]:
    negated = [match.span() for match in _NEGATED.finditer(body, start, end)]
    found = []
    for match in _NUMBER.finditer(body, start, end):
        if any(low <= match.start() < high for low, high in negated):
            continue
        candidate = _trimmed(body, *match.span(), Strength.NUMBER)
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
    return (
        longer if known and not candidate.text.strip().endswith(("%", "$", "£", "€")) else candidate
    )


def _unmarked(body: str) -> Extraction:
    lines = [match for match in re.finditer(r"[^\n]+", body) if match.group().strip()]
    bare = [_bare(body, line) for line in lines]
    if not any(bare) or not all(bare):
        return _mixed(body, lines, bare)
    found = [candidate for candidate in bare if candidate is not None]
    return Extraction(found[-1], _rivals(found))


def _bare(body: str, line: re.Match[str]) -> Candidate | None:
    """Return a line that is a value and nothing else."""
    values = read(line.group()) if len(line.group()) < 200 else ()
    if not values or isinstance(values[0], Words | Symbolic) or "=" in line.group():
        return None
    if isinstance(values[0], Quantity) and len(values[0].noun.split()) > 3:
        return None
    return _trimmed(body, *line.span(), Strength.CONCLUSION)


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
        return Extraction(last, _labelled_rivals(body, found, last))
    return _any_number(body, lines)


def _marked_conclusions(body: str, lines: list[re.Match[str]]) -> list[Candidate]:
    found = []
    for line in lines:
        if line.group().rstrip().endswith("?"):
            continue
        at = line.start()
        while match := _CONCLUSION.search(body, at, line.end()):
            candidate = _candidate(
                body, match.start("value"), match.end("value"), Strength.CONCLUSION
            )
            if candidate is not None and not _is_negated(body, candidate):
                found.append(candidate)
            at = match.start("value")
    return found


def _is_negated(body: str, candidate: Candidate) -> bool:
    before = body[max(0, candidate.start - 14) : candidate.end]
    return _NEGATED.search(before) is not None


def _is_working(line: str) -> bool:
    """Whether a line is maths rather than prose: an operator and few words."""
    return _OPERATOR.search(line) is not None and len(re.findall(r"[^\W\d]{2,}", line)) <= 6


def _corrections(body: str, start: int) -> Candidate | None:
    pattern = re.compile(
        r"\b(?:wait|actually|sorry|oops|i meant?|no)\b[^\n\d]{0,30}?(?:it's|it is|is|its|,|\s)\s*(?=[-$£€]?\d)(?P<value>[^\n]+)",
        re.IGNORECASE,
    )
    match = pattern.search(body, start)
    return (
        _candidate(body, match.start("value"), match.end("value"), Strength.CONCLUSION)
        if match
        else None
    )


def _any_number(body: str, lines: list[re.Match[str]]) -> Extraction:
    statements = [
        line for line in lines if not line.group().rstrip().endswith("?") or len(lines) == 1
    ]
    found = [item for line in statements for item in _numbers(body, *line.span())]
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
