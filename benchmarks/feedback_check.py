"""How often the checks of feedback refuse what people wrote to learners, and why.

    python -m benchmarks.feedback_check TRAIN_OK       the folder with saf/ and bridge/
    python -m benchmarks.feedback_check TRAIN_OK --show 5

People do praise wrong answers, post links and tell the answer: a refusal is no error by itself.
The word lists were amended after reading refusals of both sets, so the shares are no estimate for
text of another kind.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.marking.feedback_check import Told, find_faults
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict

VERDICTS = {
    "Correct": Verdict.CORRECT,
    "Partially correct": Verdict.PARTIAL,
    "Incorrect": Verdict.INCORRECT,
}
COLLEGE, PRIMARY = 13, 4
"""School grades: SAF is from a university, Bridge from grades 2 to 5."""


class Written(NamedTuple):
    """What somebody wrote, about what, and the set it is counted in."""

    kind: str
    text: str
    told: Told


def main(argv: Sequence[str] | None = None) -> int:
    """Check every text; print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("folder", type=Path, help="the folder with saf/ and bridge/")
    parser.add_argument("--show", type=int, default=0, help="print so many refusals of each kind")
    options = parser.parse_args(argv)
    written = [*_saf(options.folder / "saf"), *_bridge(options.folder / "bridge")]
    refused = [(one, find_faults(one.text, one.told)) for one in written]
    sys.stdout.write(_table(refused))
    random.Random(0).shuffle(refused)
    for kind in dict.fromkeys(one.kind for one, _ in refused):
        chosen = [(one, faults) for one, faults in refused if faults and one.kind == kind]
        for one, faults in chosen[: options.show]:
            sys.stdout.write(f"\n{kind}: {' '.join(one.text.split())[:200]}\n    {faults[0]}\n")
    return 0


def _table(refused: Sequence[tuple[Written, tuple[str, ...]]]) -> str:
    lines = ["| written about | texts | refused | why |", "| --- | --- | --- | --- |"]
    for kind in dict.fromkeys(one.kind for one, _ in refused):
        found = [faults for one, faults in refused if one.kind == kind]
        why = Counter(fault.partition(":")[0] for faults in found for fault in faults)
        said = "; ".join(f"{count} {fault.rstrip('.')}" for fault, count in why.most_common(4))
        share = sum(map(bool, found)) / len(found)
        lines.append(f"| {kind} | {len(found):,} | {share:.1%} | {said} |")
    return "\n".join(lines) + "\n"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_bytes().splitlines():
        yield msgspec.json.decode(line)


def _saf(folder: Path) -> Iterator[Written]:
    for row in _rows(folder / "train.jsonl"):
        if row["lang"] == "en" and row["feedback"].strip():
            item = Item(
                id=row["id"],
                task=Task.SHORT_ANSWER,
                question=row["question"],
                answer=row["answer"],
                reference=row["reference"],
                grade_level=COLLEGE,
            )
            told = Told(item=item, verdict=VERDICTS[row["label"]])
            yield Written(f"SAF, {row['label'].lower()}", row["feedback"], told)


def _bridge(folder: Path) -> Iterator[Written]:
    for row in _rows(folder / "data.jsonl"):
        said = " ".join(
            turn["text"] for turn in msgspec.convert(row["dialog"], list[dict[str, str]])
        )
        item = Item(
            id=row["id"], task=Task.MATH, question=said, answer=row["answer"], grade_level=PRIMARY
        )
        told = Told(item=item, verdict=Verdict.INCORRECT, first_wrong_step=0)
        yield Written("Bridge, experts on mistakes", row["reference_feedback"], told)


if __name__ == "__main__":
    sys.exit(main())
