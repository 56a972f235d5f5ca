"""From sources to the parts a stage trains on and is measured on.

    prepared = prepare(stage.data, stage_plan(stage), Path("data"), seed=0)
    prepared.parts["train"], prepared.parts["held_out"], prepared.notes

The order is: read, clean, split by question, leave out what other stages are measured on, keep the
classes asked for, balance. Only what is trained on is balanced: what is held out stays as it came,
or figures would be of classes nobody meets.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from train.data.audit import clean
from train.data.balance import balance
from train.data.classes import class_of, require_classes
from train.data.load import load
from train.data.schema import Example
from train.data.split import Parts, split
from train.data.withheld import without
from train.recipe import Source, Stage

TRAIN, HELD_OUT = "train", "held_out"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with the examples once they are read.

    ``shares`` are the parts to split into, the first of which may be balanced; ``labels`` are the
    classes, and examples of none of them are left out (without ``labels`` none are).
    """

    shares: dict[str, float] = {}
    labels: tuple[str, ...] = ()
    clean: bool = False
    balance: bool = False
    withheld: tuple[Example, ...] = ()


class Prepared(msgspec.Struct, frozen=True):
    """The parts, in order, and a sentence about everything that was left out."""

    parts: Parts
    notes: tuple[str, ...]


def stage_plan(stage: Stage) -> Plan:
    """Return what a stage of a recipe asks for."""
    shares = {TRAIN: 1 - stage.held_out, HELD_OUT: stage.held_out}
    return Plan(shares=shares, labels=stage.labels, balance=stage.balance)


def prepare(
    sources: Sequence[Source],
    plan: Plan,
    data_dir: Path,
    seed: int,
    say: Callable[[str], None] = lambda message: None,
) -> Prepared:
    """Read ``sources`` and return the parts; ``say`` is told each step.

    Questions of ``plan.withheld`` are left out of the first part: others are measured on them.
    Raises ``BadInputError`` for sources that cannot be read, for classes that are missing where
    ``plan`` names some or balances, and for fewer questions than parts.
    """
    examples: list[Example] = []
    for source in sources:
        say(f"Reading {source.name} ...")
        found = load(source, data_dir, seed, say)
        say(f"  {len(found):,} examples")
        examples += found
    return arrange(examples, plan, seed)


def arrange(examples: Sequence[Example], plan: Plan, seed: int) -> Prepared:
    """Clean, split and balance ``examples`` as ``prepare`` does."""
    notes: list[str] = []
    if plan.labels:
        require_classes(examples, plan.labels, "The data")
    kept = clean(examples) if plan.clean else list(examples)
    _note(notes, len(examples) - len(kept), "duplicates, contradictions or near-empty answers")
    # Labels come after the split: stages of the same sources then hold out the same questions.
    parts = split(kept, plan.shares or {TRAIN: 1.0}, seed)
    first = next(iter(parts))
    unknown = without(parts[first], plan.withheld)
    _note(notes, len(parts[first]) - len(unknown), "another stage is measured on their questions")
    parts[first] = unknown
    if plan.labels:
        kept = [example for part in parts.values() for example in part]
        parts = {name: _of_classes(part, plan.labels) for name, part in parts.items()}
        left = sum(map(len, parts.values()))
        _note(notes, len(kept) - left, f"of no class among {', '.join(plan.labels)}")
    if plan.balance:
        balanced = balance(parts[first], seed, plan.labels)
        parts[first] = list(balanced.examples)
        dropped = ", ".join(f"{name} {count:,}" for name, count in balanced.dropped.items())
        notes.append(f"To balance {first!r} at {balanced.each:,} a class, left out: {dropped}.")
        _note(notes, balanced.without_class, f"of no class in {first!r}")
    return Prepared(parts, tuple(notes))


def _of_classes(examples: Sequence[Example], labels: Sequence[str]) -> list[Example]:
    return [example for example in examples if class_of(example, labels)]


def _note(notes: list[str], count: int, what: str) -> None:
    if count:
        notes.append(f"Left out {count:,} examples: {what}.")
