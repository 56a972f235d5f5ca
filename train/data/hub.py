"""Rows of a hub dataset, through ``datasets.load_dataset``.

rows = read_hub(Source(kind="hub", name="openai/gsm8k", config="main", split="train"))

Whole numbers that stand for class names become the names.
"""

from typing import Any

from runtime.errors import BadInputError
from train.data.rows import Row
from train.recipe import Source


def read_hub(source: Source) -> list[Row]:
    """Return the rows of one split ("" is "train"), counted from 1.

    Raises ``BadInputError`` naming the dataset if it is neither in the cache nor to be fetched.
    """
    import datasets  # noqa: PLC0415 - takes a second

    split = source.split or "train"
    try:
        found = datasets.load_dataset(source.name, source.config or None, split=split)
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreachable(source, split, error) from None
    names = {
        column: feature.names
        for column, feature in found.features.items()
        if isinstance(feature, datasets.ClassLabel)
    }
    return [Row(line, _named(fields, names)) for line, fields in enumerate(found, start=1)]


def _named(fields: dict[str, Any], names: dict[str, list[str]]) -> dict[str, Any]:
    # Hidden labels are -1 or null by the hub's custom.
    labels = {
        column: known[fields[column]] if fields[column] not in (None, -1) else None
        for column, known in names.items()
    }
    return fields | labels


def _unreachable(source: Source, split: str, error: Exception) -> BadInputError:
    whole = f"{source.name} ({source.config})" if source.config else source.name
    reason = str(error).strip().partition("\n")[0][:200].rstrip(".")
    return BadInputError(
        f"The split {split!r} of the hub dataset {whole} cannot be fetched: {reason}.",
        'Check name and network, or bring it as a JSONL file: kind = "file" below --data.',
    )
