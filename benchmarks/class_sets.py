"""Class sets for benchmarks: one made to measure, and real ones out of labelled data.

    items = made_to_measure(read, 30, shared=400, shortest=60, longest=100)
    python -m benchmarks.class_sets scientsbank/train.jsonl --groups 4 \\
        -o set.jsonl

A real set takes whole groups (all answers to a question) in the order of their names, unselected:
duplicates, blanks and all, with the teachers' labels. It is written where you say and is never
part of this repository.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from runtime.marking.item import Item, Task

Read = Callable[[Item], Sequence[int]]
"""The token ids of an item's whole prompt."""

QUESTION = "Why does a pond freeze from the top down, and how does that help the fish?"
REFERENCE = (
    "Water is densest at four degrees, so colder water and ice stay on top; the ice keeps the "
    "cold air away and the fish live in the warmer water below."
)
SOURCE = """\
Most things shrink when they get colder. The small parts that they are made of move less and lie \
closer together, so the same amount takes less room and is denser. Water does this too, but only \
down to four degrees. When it gets colder still, it begins to spread out again, and when it turns \
to ice it takes about one tenth more room than before. That is why a full bottle bursts in the \
freezer, and why ice cubes swim. In autumn the air cools the water of a pond from above. The cool \
water is denser, sinks to the ground and pushes warmer water up, until the whole pond has four \
degrees. From then on the colder water stays on top, because now it is the lighter one. There it \
freezes. The ice and the snow on it keep the wind away like a blanket. The ice grows, but more and \
more slowly. At the ground of a deep pond the water keeps four degrees for the whole winter. Fish, \
frogs and snails rest there and need little food. If the pond were to freeze from the ground up, \
there would soon be no water left for them. People who keep fish make a small hole in the ice, so \
that gas from rotting leaves can leave and air can come in. They never break the ice with a \
hammer, because the noise travels through the water and hurts the fish. A pond for fish should \
therefore be deep enough, at least as deep as a child of six years is tall."""
THOUGHTS = (
    "the cold water goes up because it is lighter then",
    "ice is less dense so it swims on the water",
    "the air is cold and it touches the top first",
    "the fish can stay down where the water has four degrees",
    "it is like a blanket and keeps the wind away",
    "when water turns to ice it needs more room",
    "the bottom stays warm because the heavy water sinks",
    "they would be dead if it was ice from the ground up",
    "my grandpa has a pond and we made a hole in the ice",
    "it says that the pond must be deep enough",
    "maybe the sun warms the stones under the water",
    "fish do not eat much in the winter and sleep",
    "warm water is lighter but only over four degrees",
    "the ice gets thicker but slowly",
    "I am not sure but I think it has to do with how dense it is",
    "the snow lies on it and makes it darker for the fish",
)
OPENINGS = "Because|I think|Well|First|We learned that|It is so that|The reason is that|So|Maybe"


def made_to_measure(
    read: Read, count: int, *, shared: int, shortest: int, longest: int
) -> list[Item]:
    """Return ``count`` answers to one question whose prompts have just these lengths in tokens.

    ``shared`` is what all prompts begin with, and what follows takes ``shortest`` to ``longest``,
    evenly spread, each within a token or two. Raises ``ValueError`` if the words do not do.
    """
    source = _fitted(SOURCE, lambda text: _shared(read, text), shared)
    start = _shared(read, source)
    chance = random.Random(0)
    lengths = [
        shortest + round(at * (longest - shortest) / max(1, count - 1)) for at in range(count)
    ]
    chance.shuffle(lengths)
    answers = [
        _fitted(_answer(chance), lambda text: len(read(_item(0, source, text))) - start, length)
        for length in lengths
    ]
    return [_item(number, source, answer) for number, answer in enumerate(answers)]


def common(prompts: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all prompts begin with."""
    first, last = min(prompts, key=list), max(prompts, key=list)
    pairs = zip(first, last, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(first), len(last)))


def _shared(read: Read, source: str) -> int:
    return common([read(_item(0, source, text)) for text in ("Yes", "no", "?")])


def _item(number: int, source: str, answer: str) -> Item:
    return Item(
        id=f"pupil-{number + 1}",
        task=Task.SHORT_ANSWER,
        question=QUESTION,
        reference=REFERENCE,
        source=source,
        answer=answer,
    )


def _answer(chance: random.Random) -> str:
    thoughts = chance.sample(THOUGHTS, k=len(THOUGHTS))
    return f"{chance.choice(OPENINGS.split('|'))} {', and '.join(thoughts)}"


def _fitted(text: str, measure: Callable[[str], int], target: int) -> str:
    """Return the first words of a text: as many as give at most ``target`` by ``measure``."""
    words = text.split()
    low, high = 0, len(words)
    if measure(text) < target:
        raise ValueError(f"all the words make fewer than {target} tokens")
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if measure(" ".join(words[:middle])) <= target else (low, middle - 1)
        )
    if not low:
        raise ValueError(f"without any words there are more than {target} tokens")
    return " ".join(words[:low])


def real(rows: Sequence[Mapping[str, Any]], groups: int, skip: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the rows of the first whole groups by name, as items with their labels."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_name.setdefault(str(row.get("question_id") or row["question"]), []).append(row)
    for name in islice(sorted(by_name), skip, skip + groups):
        for row in by_name[name]:
            yield {
                "id": str(row["id"]),
                "task": row["task"],
                "question": row["question"],
                "reference": row["reference"],
                "answer": row["answer"],
                "label": str(row["label"]).lower(),
            }


def main(argv: Sequence[str] | None = None) -> int:
    """Write a real class set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_sets", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help="labelled answers (JSONL)")
    parser.add_argument("--groups", type=int, default=4, metavar="N", help="default 4")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    args = parser.parse_args(argv)
    rows = [json.loads(line) for line in args.file.read_text("utf-8").splitlines()]
    found = list(real(rows, args.groups, args.skip))
    args.output.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    print(f"{len(found)} answers to {len({row['question'] for row in found})} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
