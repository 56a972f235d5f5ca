"""Examples of one source: a file, a hub dataset or a simulator.

examples = load(Source(kind="file", name="saf/train.jsonl"), Path("data"), seed=0)
"""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from runtime.errors import BadInputError
from train.data.hub import read_hub
from train.data.mapping import Reader
from train.data.rows import Row, read_rows
from train.data.schema import Example
from train.data.store import is_saved, load_saved
from train.recipe import Source
from train.recipe_faults import meant

T = TypeVar("T")

_TOLD = 5000
"""Simulated examples between two words of progress: some seconds."""


def load(
    source: Source, data_dir: Path, seed: int, say: Callable[[str], None] = lambda message: None
) -> list[Example]:
    """Return the examples of ``source``; files lie below ``data_dir``.

    ``source.count`` other than 0 limits them: a simulator makes as many, of the others as many
    rows are read, drawn with ``seed`` and kept in their order. Rows with nothing to learn from
    (no verdict, score, feedback or key to options) are left out. ``say`` is told how far a long
    simulation is. Raises ``BadInputError`` naming place, field and remedy.
    """
    if source.kind == "simulator":
        return _simulated(source, seed, say)
    if source.kind == "hub":
        rows, where = read_hub(source), source.name
    else:
        path = data_dir / source.name
        if is_saved(path):
            return _sample(_saved(path, source), source.count, seed)
        rows, where = read_rows(path), str(path)
    return _labelled(_read(_sample(rows, source.count, seed), source, where), where)


def _simulated(source: Source, seed: int, say: Callable[[str], None]) -> list[Example]:
    from train.simulate import SIMULATORS  # noqa: PLC0415 - passages are read on import

    if source.name not in SIMULATORS:
        message = f"There is no simulator {source.name!r}."
        raise BadInputError(message, meant(source.name, sorted(SIMULATORS)))
    if not source.count:
        raise BadInputError(f"Simulator {source.name} is to make nothing.", "Give it a count.")
    examples: list[Example] = []
    for example in SIMULATORS[source.name](source.count, seed):
        examples.append(example)
        if len(examples) % _TOLD == 0:
            say(f"  {len(examples):,} of {source.count:,}")
    return examples


def _read(rows: Sequence[Row], source: Source, where: str) -> list[Example]:
    reader = Reader(_set_name(source), source)
    reader.check_columns({name for row in rows for name in row.fields}, where)
    return [
        example
        for row in rows
        for example in reader.examples(row.fields, row.line, f"{where}, line {row.line}")
    ]


def _set_name(source: Source) -> str:
    """Return the folder of a file where it has one, for that is how sets are kept."""
    path = Path(source.name)
    return source.name if source.kind == "hub" else path.parent.name or path.stem


def _labelled(examples: Sequence[Example], where: str) -> list[Example]:
    found = [example for example in examples if _teaches(example)]
    if not found:
        raise BadInputError(
            f"{where} has no labels: no row has a verdict, a score or a feedback.",
            "Name the field that holds them, for instance: --field label=THEIRS.",
        )
    return found


def _teaches(example: Example) -> bool:
    labels = (example.verdict, example.score, example.feedback)
    key = example.options and example.reference
    return bool(key) or any(label is not None for label in labels)


def _saved(path: Path, source: Source) -> list[Example]:
    parts: Mapping[str, Sequence[Example]] = load_saved(path).parts
    if source.split and source.split not in parts:
        message = f"{path} has no part {source.split!r}."
        raise BadInputError(message, meant(source.split, sorted(parts)))
    return [
        example for name, part in parts.items() for example in part if source.split in ("", name)
    ]


def _sample(rows: list[T], count: int, seed: int) -> list[T]:
    if not count or count >= len(rows):
        return rows
    kept = random.Random(seed).sample(range(len(rows)), count)
    return [rows[at] for at in sorted(kept)]
