"""Boxes: final answers in \\boxed{}, where several that belong together are one list."""

import re

from runtime.marking.maths.places import Candidate, Strength

_BOX = re.compile(r"\\boxed\s*\{|\\boxed\s+(?=\S)|\\fbox\s*\{")
_COMMAND = re.compile(r"\\[a-zA-Z]+|\$")


def boxed_answer(body: str) -> Candidate | None:
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
    return Candidate(
        ", ".join(contents), series[0][0], min(series[-1][2], len(body)), Strength.SEALED
    )


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
