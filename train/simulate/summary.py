"""Simulated summaries of passages of ours, scored 0 to 5 by construction.

Every passage has five key points; a summary earns one point for each that it says, in whatever
words, and loses what its damage costs (``damage.COSTS``), never below 0. Text copied from the
source earns 2 for three sentences or more, else 1; what is said about another subject earns
nothing, be it all of a summary ("off_topic") or as much as its own points lack ("strays").
"""

import random
import re
from collections.abc import Iterator, Sequence

import msgspec

from runtime.marking.item import Task
from train.data.schema import Example
from train.simulate.damage import COSTS, LEAST_SENTENCES, childlike, spoil
from train.simulate.texts import load

SCALE = (0.0, 5.0)
RUBRIC = (
    "Five key points of the text, one point each, in the pupil's own words. Copied sentences earn "
    "2 at most, another subject earns nothing. One point less for a senseless order, for padding "
    "or for very poor spelling; two less for words so general that the points can hardly be "
    "recognised."
)

_ASKED = (
    "Summarise the text in your own words.",
    "Write a short summary of the text. Use your own words.",
    "What does the text say? Sum up the main points in your own words.",
)
_OPENINGS = ("The text is about this: {}.", "This text is called {}.", "I read a text, {}.")
_LINKS = ("Also, {}", "Then {}", "The text says that {}", "It also says that {}", "And {}")
_EMPTY = (
    "I liked reading the text.",
    "The text has some hard words.",
    "You can learn from it.",
    "It was written for people who want to know more.",
)
_PROPER = ("Marie", "Pontevedra", "Conté", "China", "London")
"""Names that a key point begins with."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Point(msgspec.Struct, frozen=True):
    """A key point in two wordings."""

    says: tuple[str, str]


class Passage(msgspec.Struct, frozen=True):
    """A short text and its key points, in the order of the text."""

    title: str
    text: str
    point: tuple[Point, ...]


class Passages(msgspec.Struct, frozen=True):
    """All passages."""

    passage: tuple[Passage, ...]


class Plan(msgspec.Struct, frozen=True):
    """What a summary is made of: so many key points and a kind of damage, or text not its own."""

    rule: str
    points: int = 0
    damage: str = ""


def passages() -> tuple[Passage, ...]:
    """Return the passages."""
    return load("passages", Passages).passage


def summaries(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` summaries of passages of ours, as many of each score 0-5."""
    rng, texts = random.Random(seed), passages()
    plans = _plans(len(texts[0].point))
    for number in range(count):
        at = rng.randrange(len(texts))
        score = number % (int(SCALE[1]) + 1)
        plan = rng.choice(plans[score])
        written = _summary(plan, at, texts, rng)
        yield _example(
            texts[at],
            rng,
            id=f"summaries-{seed}-{number}",
            set="summaries",
            answer=written,
            score=float(score),
            rule=plan.rule,
        )


def summary_writing(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` passages of ours, each with a good summary to learn from."""
    rng, texts = random.Random(seed), passages()
    for number in range(count):
        passage = rng.choice(texts)
        good = " ".join(_linked([rng.choice(point.says) for point in passage.point], rng))
        yield _example(
            passage,
            rng,
            id=f"summary-writing-{seed}-{number}",
            set="summary-writing",
            feedback=good,
        )


def score_of(points: int, damage: str) -> int:
    """Return the score of a summary that says ``points`` key points."""
    return max(0, points - COSTS[damage])


def good_summary(passage: Passage) -> str:
    """Return a summary with every key point."""
    return " ".join(point.says[0] for point in passage.point)


def _plans(points: int) -> list[list[Plan]]:
    """Return for every score the plans that earn it."""
    found: list[list[Plan]] = [[] for _ in range(points + 1)]
    for said in range(points + 1):
        for damage in COSTS:
            if damage and said < LEAST_SENTENCES:
                continue
            whole = "complete" if said == points else "drops_key_points"
            # Undamaged ones as often as all others together.
            times = 3 if not damage else 1
            found[score_of(said, damage)] += [Plan(damage or whole, said, damage)] * times
        if 0 < said < points:
            found[said] += [Plan("strays", said)] * 2
    found[0] += [Plan("off_topic", points), Plan("off_topic", points - 2)]
    found[1] += [Plan("copies", 1), Plan("copies", 2)]
    found[2] += [Plan("copies", 3), Plan("copies", 5)]
    return found


def _summary(plan: Plan, at: int, texts: Sequence[Passage], rng: random.Random) -> str:
    passage = texts[at]
    if plan.rule == "off_topic":
        passage = texts[(at + rng.randrange(1, len(texts))) % len(texts)]
    if plan.rule == "copies":
        source = _SENTENCE.split(passage.text.strip())
        first = rng.randrange(len(source) - plan.points + 1)
        return " ".join(source[first : first + plan.points])
    kept = sorted(rng.sample(range(len(passage.point)), plan.points))
    said = [rng.choice(passage.point[k].says) for k in kept]
    if plan.rule == "strays":
        other = texts[(at + rng.randrange(1, len(texts))) % len(texts)]
        strays = rng.sample(other.point, len(passage.point) - plan.points)
        for point in strays:
            said.insert(rng.randrange(len(said) + 1), rng.choice(point.says))
    said = spoil(plan.damage, childlike(_linked(said, rng), rng), rng)
    if rng.random() < 0.3:
        said.insert(0, rng.choice(_OPENINGS).format(passage.title))
    # Empty sentences go to any score, most to short texts, so that length tells less.
    empty = rng.randrange(0, max(2, 6 - len(said)))
    said += rng.sample(_EMPTY, min(len(_EMPTY), empty if said else max(1, empty)))
    return " ".join(said)


def _linked(sentences: Sequence[str], rng: random.Random) -> list[str]:
    if rng.random() < 0.5:
        return list(sentences)
    linked = [
        rng.choice(_LINKS).format(_inside(text)) if rng.random() < 0.5 else text
        for text in sentences[1:]
    ]
    return [*sentences[:1], *linked]


def _inside(sentence: str) -> str:
    """Return a sentence as it stands after other words; names keep their capital."""
    return sentence if sentence.startswith(_PROPER) else sentence[:1].lower() + sentence[1:]


def _example(passage: Passage, rng: random.Random, **fields: object) -> Example:
    plain = Example(
        id="",
        set="",
        group=f"passage-{passage.title}",
        task=Task.ESSAY,
        question=rng.choice(_ASKED),
        source=passage.text.strip(),
        reference=good_summary(passage),
        rubric=RUBRIC,
        scale=SCALE,
    )
    return msgspec.structs.replace(plain, **fields)
