"""How well the first wrong line is found by code alone, without any model.

    python -m benchmarks.steps alarms SOLUTIONS.jsonl     right solutions: how many are faulted?
    python -m benchmarks.steps slips SOLUTIONS.jsonl      one result changed: is its line found?
    python -m benchmarks.steps located WRONG.jsonl        is the first wrong step found?

SOLUTIONS has ``question`` and ``answer`` (right working, with ``<<3*4=12>>`` beside results, as
GSM8K has them). WRONG has ``question``, ``answer`` or ``steps``, ``first_error_step`` (1-based)
and, if it likes, ``error_type``. Slips are drawn with a seed and the notes are taken away, as a
child would write.
"""

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.maths import examine

_NOTE = re.compile(r"<<[^<>]*>>")
_RESULT = re.compile(r"<<[^<>=]*[-+*/][^<>=]*=[\d.]+>>(?P<result>[\d,]*\.?\d+)")
SLIPS = (-10, -2, -1, 1, 2, 10)
"""What a slip adds to a result: a unit or two, or a carried ten."""


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("alarms", "slips", "located"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=7, help="of the slips")
    options = parser.parse_args(argv)
    rows = [msgspec.json.decode(line) for line in options.file.read_bytes().splitlines() if line]
    if options.what == "alarms":
        _alarms(rows)
    elif options.what == "slips":
        _slips(rows, random.Random(options.seed))
    else:
        _located(rows)
    return 0


def _first_wrong(question: str, lines: list[str]) -> int | None:
    item = Item(id="", task=Task.MATH, question=question, steps=tuple(lines))
    return examine(item).first_wrong_step


def _alarms(rows: list[dict[str, Any]]) -> None:
    found = [_first_wrong(row["question"], row["answer"].splitlines()) for row in rows]
    _say("faulted, though right", sum(step not in {None, -1} for step in found), len(rows))


def _slips(rows: list[dict[str, Any]], rng: random.Random) -> None:
    outcomes: Counter[str] = Counter()
    for row in rows:
        slipped = _with_slip(row["answer"].splitlines(), rng)
        if slipped:
            lines, at = slipped
            outcomes[_where(_first_wrong(row["question"], lines), at)] += 1
    _table({"slips": outcomes})


def _with_slip(lines: list[str], rng: random.Random) -> tuple[list[str], int] | None:
    """Change one result, and drop the calculator notes; ``None`` where no line has a result."""
    places = [(i, match) for i, line in enumerate(lines) for match in _RESULT.finditer(line)]
    if not places:
        return None
    at, match = rng.choice(places)
    result = float(match["result"].replace(",", ""))
    slip = max(0.0, result + rng.choice(SLIPS))
    wrong = f"{slip if slip != result else result + 3:.10g}"
    line = lines[at]
    changed = [*lines]
    changed[at] = line[: match.start("result")] + wrong + line[match.end("result") :]
    return [_NOTE.sub("", text) for text in changed], at


def _located(rows: list[dict[str, Any]]) -> None:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        lines = row.get("steps") or row["answer"].splitlines()
        where = _where(_first_wrong(row["question"] or "", lines), row["first_error_step"] - 1)
        for kind in ("all", row.get("error_type") or ""):
            outcomes[kind][where] += bool(kind)
    _table({kind: found for kind, found in outcomes.items() if kind})


def _where(found: int | None, wanted: int) -> str:
    if found is None or found == -1:
        return "not found"
    return "exact" if found == wanted else "early" if found < wanted else "late"


def _table(outcomes: dict[str, Counter[str]]) -> None:
    for kind, found in outcomes.items():
        _say(f"{kind}: the exact line", found["exact"], found.total())
        for other in ("early", "late", "not found"):
            _say(f"{kind}: {other}", found[other], found.total())


def _say(what: str, count: int, total: int) -> None:
    sys.stdout.write(f"{what:50} {count:5} of {total:5}  {count / max(1, total):6.1%}\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
