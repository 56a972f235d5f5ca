"""Essays and summaries whose quality is known by construction, to fit the essay head to.

Simulated summaries and essays (``simulate``) have scores; degraded versions of texts (``degrade``)
have shares of what the fullest text on the question says. No graded essay is among them.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from runtime.marking import writing
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case
from train.degrade import degrade
from train.simulate import SIMULATORS

SIMULATED: Mapping[str, int] = {"summaries": 600, "essays": 420}
"""How many of each simulator: 40 to a passage, 70 to a prompt. More repeat the same sentences."""

OFF_TOPIC = 4
"""After so many texts stands one that answers another question."""


class Work(msgspec.Struct, frozen=True):
    """One text. ``quality`` in 0..1 orders the texts of one ``group``, within a ``part``."""

    part: str
    group: str
    case: Case
    quality: float


def simulated(counts: Mapping[str, int], seed: int = 0) -> Iterator[Work]:
    """Yield so many of each simulator; essays with their model essay and without."""
    for name, count in counts.items():
        for example in SIMULATORS[name](count, seed):
            quality = (example.score or 0.0) / example.scale[1]
            yield from _with_and_without(name, example.group, example.item(), quality)


def degraded(items: Sequence[Item], seed: int = 0) -> Iterator[Work]:
    """Yield a version of every text, and answers to another question, worth nothing."""
    rng = random.Random(seed)
    fullest: dict[str, int] = defaultdict(int)
    for item in items:
        fullest[item.question] = max(fullest[item.question], len(item.text))
    written: list[Item] = []
    for item in items:
        worse = degrade(item.text, fullest[item.question], rng)
        essay = msgspec.structs.replace(item, task=Task.ESSAY, answer=worse.text, steps=())
        yield from _with_and_without("degraded", essay.question, essay, worse.quality)
        written.append(essay)
        other = rng.choice(written)
        if len(written) % OFF_TOPIC == 0 and other.question != essay.question:
            stray = msgspec.structs.replace(essay, answer=other.answer)
            yield from _with_and_without("degraded", essay.question, stray, 0.0)


def _with_and_without(part: str, group: str, item: Item, quality: float) -> Iterator[Work]:
    """Yield the work as it is given, and, if it stands on a reference alone, without it.

    Summaries are marked by their source; the reference beside it would only mend spelling.
    """
    bare = msgspec.structs.replace(item, reference=None)
    if item.reference and not item.source:
        yield Work(f"{part}, reference given", group, _case(item), quality)
    yield Work(part, group, _case(bare), quality)


def _case(item: Item) -> Case:
    return Case(item, writing.examine(item).evidence)
