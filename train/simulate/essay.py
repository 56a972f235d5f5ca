"""Simulated essays on prompts of ours, scored 0 to 5 by construction.

An essay has five parts. A part with its reason or example earns a point, the bare claim half of
one; the sum is rounded half up and loses what the damage costs (``damage.COSTS``), never below 0.
Parts about another subject earn nothing, be it all of them ("off_topic") or those in place of
what is missing ("strays").
"""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from runtime.marking.item import Task
from train.data.schema import Example
from train.simulate.damage import COSTS, LEAST_SENTENCES, childlike, spoil
from train.simulate.texts import load

SCALE = (0.0, 5.0)
RUBRIC = (
    "Opinion, two reasons, the other side and a conclusion: one point each if developed with a "
    "reason or an example, half a point for the bare claim. Another subject earns nothing. One "
    "point less for a senseless order, for padding or for very poor spelling; two less for words "
    "so general that the argument can hardly be recognised."
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_MISSING, _BARE, _FULL = 0, 1, 2


class Part(msgspec.Struct, frozen=True):
    """A part of an essay: developed, and as a bare claim."""

    name: str
    says: str
    bare: str


class Essay(msgspec.Struct, frozen=True):
    """A prompt and a model essay on it in parts."""

    prompt: str
    part: tuple[Part, ...]


class Essays(msgspec.Struct, frozen=True):
    """All prompts."""

    essay: tuple[Essay, ...]


class Plan(msgspec.Struct, frozen=True):
    """How far each part is worked out, and what is done to the whole."""

    rule: str
    parts: tuple[int, ...]
    damage: str = ""


def prompts() -> tuple[Essay, ...]:
    """Return the prompts with their model essays."""
    return load("essays", Essays).essay


def essays(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` essays on prompts of ours, as many of each score 0-5."""
    rng, known = random.Random(seed), prompts()
    plans = _plans(len(known[0].part))
    for number in range(count):
        score = number % (int(SCALE[1]) + 1)
        at = rng.randrange(len(known))
        by_rule = plans[score]
        plan = rng.choice(by_rule[rng.choice(sorted(by_rule))])
        yield Example(
            id=f"essays-{seed}-{number}",
            set="essays",
            group=f"essay-{known[at].prompt}",
            task=Task.ESSAY,
            question=known[at].prompt,
            answer=_essay(plan, at, known, rng),
            reference=" ".join(part.says for part in known[at].part),
            rubric=RUBRIC,
            score=float(score),
            scale=SCALE,
            rule=plan.rule,
        )


def score_of(parts: Sequence[int], damage: str) -> int:
    """Return the score of an essay whose parts are missing (0), bare (1) or developed (2)."""
    return max(0, (sum(parts) + 1) // 2 - COSTS[damage])


def _plans(size: int) -> list[dict[str, list[Plan]]]:
    """Return for every score the plans that earn it, by rule."""
    found: list[dict[str, list[Plan]]] = [{} for _ in range(size + 1)]
    for parts in product((_MISSING, _BARE, _FULL), repeat=size):
        said = sum(part != _MISSING for part in parts)
        for damage in COSTS:
            if said == 0 or (damage and said < LEAST_SENTENCES):
                continue
            plan = Plan(damage or _named(parts), parts, damage)
            found[score_of(parts, damage)].setdefault(plan.rule, []).append(plan)
        if 0 < said < size:
            found[score_of(parts, "")].setdefault("strays", []).append(Plan("strays", parts))
    found[0]["off_topic"] = [Plan("off_topic", (_FULL,) * size), Plan("off_topic", (_BARE,) * size)]
    return found


def _named(parts: Sequence[int]) -> str:
    if _MISSING in parts:
        return "drops_parts"
    return "bare_claims" if _BARE in parts else "complete"


def _essay(plan: Plan, at: int, known: Sequence[Essay], rng: random.Random) -> str:
    essay = known[at]
    if plan.rule == "off_topic":
        essay = known[(at + rng.randrange(1, len(known))) % len(known)]
    other = known[(at + rng.randrange(1, len(known))) % len(known)]
    texts = [
        (foreign.says, part.bare, part.says)[how]
        for part, foreign, how in zip(essay.part, other.part, plan.parts, strict=True)
        if how != _MISSING or plan.rule == "strays"
    ]
    whole = plan.damage in ("shuffled", "padded")
    pieces = texts if whole else [s for text in texts for s in _SENTENCE.split(text)]
    # Neighbours stay where they are: an essay's sentences lean on each other.
    written = [childlike([piece], rng)[0] for piece in pieces]
    between = rng.choice(("\n\n", " ")) if whole else " "
    return between.join(spoil(plan.damage, written, rng))
