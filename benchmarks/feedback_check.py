"""How often the checks of feedback refuse what people wrote to learners, and why.

    python -m benchmarks.feedback_check TRAIN_OK       the folder with saf/ and bridge/
    python -m benchmarks.feedback_check TRAIN_OK --show 5
    python -m benchmarks.feedback_check TRAIN_OK --ours      needless refusals, and leaks that pass

With --ours sentences of our own are put beside wrong answers of scientsbank/, saf/ and
gsm8k-model-solutions/: some speak of the answer and tell nothing of it, some tell it or half of it.

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
from runtime.marking.maths.answers import read_reference
from runtime.marking.maths.describe import describe
from runtime.marking.writing.words import words

VERDICTS = {
    "Correct": Verdict.CORRECT,
    "Partially correct": Verdict.PARTIAL,
    "Incorrect": Verdict.INCORRECT,
}
ITEMS = 150
"""Wrong answers of each set that our own sentences are put beside."""
NEUTRAL = (
    "Look at the answer again.",
    "The answer needs a bit more.",
    "Your answer is not right yet.",
    "Read the question again and check the answer.",
    "The answer is not complete yet.",
    "What does the question ask for?",
    "You wrote down the answer clearly.",
    "Think about what the answer should say.",
    "Can you say more about it in your answer?",
    "This is a good start. Your answer needs one more idea.",
    "Is the answer what the question asks for?",
    "Try to explain how you got the answer.",
    "Put the answer in a whole sentence.",
    "I can see how you got to the answer.",
    "The answer is close, but one step is missing.",
    "A good answer says why.",
    "It is the answer to another question.",
    "One part of the answer is missing.",
    "The first part of the answer is fine.",
    "Your answer has two parts.",
    "There are two things to think about here.",
    "You need one more reason.",
)
TELLING = (
    "The answer is {}.",
    "Not yet: {}.",
    "You should write {} in your answer.",
    "Look at the answer again. It is {}.",
    "One part of the answer is {}.",
)
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
    parser.add_argument("--ours", action="store_true", help="sentences made here instead")
    options = parser.parse_args(argv)
    written = [*_saf(options.folder / "saf"), *_bridge(options.folder / "bridge")]
    if options.ours:
        written = [*_ours(options.folder)]
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


def _ours(folder: Path) -> Iterator[Written]:
    for name, task, file in (
        ("SciEntsBank", Task.SHORT_ANSWER, "scientsbank/train.jsonl"),
        ("SAF", Task.SHORT_ANSWER, "saf/train.jsonl"),
        ("GSM8K", Task.MATH, "gsm8k-model-solutions/data.jsonl"),
    ):
        rows = [row for row in _rows(folder / file) if _is_wrong(row)]
        for row in random.Random(1).sample(rows, min(ITEMS, len(rows))):
            item = Item(
                id=row["id"],
                task=task,
                question=row["question"],
                answer=row["answer"],
                reference=row["reference"],
                grade_level=PRIMARY,
            )
            told = Told(item=item, verdict=Verdict.INCORRECT)
            yield from (Written(f"{name}, tells nothing", text, told) for text in NEUTRAL)
            for text in _telling(item):
                yield Written(f"{name}, tells the answer", text, told)


def _is_wrong(row: dict[str, str]) -> bool:
    return row["label"].lower() == "incorrect" and row.get("lang", "en") == "en"


def _telling(item: Item) -> Iterator[str]:
    """Yield sentences with the reference, or with half of the words that the child has not read."""
    reference = item.reference or ""
    if item.task is Task.MATH:
        found = read_reference(reference)
        said = [describe(found.values[0])] if found else []
    else:
        known = {word.stem for word in words(f"{item.question} {item.text}")}
        content = {word.stem: word.text for word in words(reference) if word.is_content}
        new = [text for stem, text in content.items() if stem not in known]
        said = [reference, " ".join(new[: (len(new) + 1) // 2])][: 1 + bool(new)]
    for text in said:
        yield from (frame.format(text) for frame in TELLING)


if __name__ == "__main__":
    sys.exit(main())
