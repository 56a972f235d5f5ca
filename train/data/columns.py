"""Examples as a ``datasets.DatasetDict``: one column a field of the schema, nothing lost.

write_parts({"train": examples}, Path("folder"))
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import datasets
import msgspec
from datasets import Dataset, DatasetDict, Features, List, Value

from train.data.digest import data_hash
from train.data.schema import Example

FEATURES = Features(
    {name: Value("string") for name in Example.__struct_fields__}
    | {name: List(Value("string")) for name in ("steps", "options", "sources")}
    | {"score": Value("float64"), "scale": List(Value("float64"), length=2)}
    | {"first_wrong_step": Value("int64")}
)
"""The type of every column; fixed, for a column of nulls alone would have none."""


def to_dataset(examples: Sequence[Example]) -> Dataset:
    """Return one row an example. Its fingerprint is the hash of the data, so caches agree."""
    rows = [msgspec.to_builtins(msgspec.structs.asdict(example)) for example in examples]
    columns = {name: [row[name] for row in rows] for name in FEATURES}
    table = datasets.table.InMemoryTable.from_pydict(columns, schema=FEATURES.arrow_schema)
    return Dataset(table, fingerprint=data_hash(examples)[:16])


def to_datasets(parts: Mapping[str, Sequence[Example]]) -> DatasetDict:
    """Return one ``Dataset`` a part."""
    return DatasetDict({name: to_dataset(part) for name, part in parts.items()})


def write_parts(parts: Mapping[str, Sequence[Example]], folder: Path) -> None:
    """Write ``folder`` for ``datasets.load_from_disk``, without progress bars."""
    shown = datasets.utils.is_progress_bar_enabled()
    datasets.disable_progress_bars()
    try:
        to_datasets(parts).save_to_disk(folder)
    finally:
        if shown:
            datasets.enable_progress_bars()


def read_parts(folder: Path, names: Iterable[str]) -> dict[str, tuple[Example, ...]]:
    """Return the examples of each part that ``save_to_disk`` wrote to ``folder``."""
    found = datasets.load_from_disk(str(folder))
    return {name: tuple(from_dataset(found[name])) for name in names}


def from_dataset(rows: Iterable[Mapping[str, object]]) -> Iterator[Example]:
    """Yield the examples of a ``Dataset`` or of its rows.

    Raises ``ValueError`` if columns or values are not those of the schema.
    """
    for row in rows:
        yield msgspec.convert(row, Example)
