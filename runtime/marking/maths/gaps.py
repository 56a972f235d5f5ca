"""Gaps: a question such as 7 + __ = 15, answered by the whole equation with its gap filled."""

import re

from runtime.marking.maths.notation import plain

_GAP = re.compile(r"_{1,20}|[□▢☐◻⬜]|\[ ?\]|\?(?=\s*[-+*/=])|(?<=[-+*/=x] )\?")
_BEFORE = re.compile(r"[\d.,+*/()=x:-]*$")
_AFTER = re.compile(r"[\d.,+*/()=x:-]*")
_VALUE = r"(?P<value>-?\d{1,12}(?:[.,/]\d{1,9})?)"
_REACH = 60


def gap_filled(question: str, text: str) -> str | None:
    """Return what a child wrote into the gap, where it copied the equation or its side."""
    asked, given = _compact(question), _compact(text)
    if len(given) > _REACH or "=" not in asked:
        return None
    for gap in _GAP.finditer(asked):
        before = _before(asked[max(0, gap.start() - _REACH) : gap.start()])
        after = _after(asked[gap.end() : gap.end() + _REACH])
        if "=" not in before + after:
            continue
        side = (before.rsplit("=", 1)[-1], after.split("=", 1)[0])
        for left, right in ((before, after), side if any(side) else (before, after)):
            match = re.fullmatch(f"{re.escape(left)}{_VALUE}{re.escape(right)}", given)
            if match:
                return match["value"]
    return None


def _compact(text: str) -> str:
    return re.sub(r"(?<=[\d_])x(?=[\d_])", "*", "".join(plain(text).split()))


def _before(text: str) -> str:
    found = _BEFORE.search(text)
    return found.group().lstrip(".,:") if found else ""


def _after(text: str) -> str:
    found = _AFTER.match(text)
    return found.group().rstrip(".,:") if found else ""
