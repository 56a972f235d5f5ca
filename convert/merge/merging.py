"""Merges an adapter into a base of any size: folder in, folder out, a piece in memory at a time.

    merge_folder(Path("bases/qwen2.5-1.5b"), Path("RUN/solve/adapter"), Path("work/merged"), print)

Each shard is copied, and where the adapter changes a weight, what it adds is computed for the rows
at hand, in float32, and rounded to the type of the base. So it takes the adapter and some 200 MB,
however large the base is; no torch.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convert.disk import check_room
from convert.merge import adapters, floats, safetensors
from convert.merge.adapters import Lora, read_adapter
from convert.merge.base_folder import INDEX, SINGLE, open_base
from convert.merge.belonging import check_belongs
from convert.merge.head import split_head
from convert.merge.merge_plan import Part, plan
from convert.merge.merged_files import copy_companions, write_config
from convert.say import Say
from convert.whole import whole_folder
from runtime.errors import BadInputError, ModelError

Tensor = NDArray[Any]


def merge_folder(
    base: Path,
    adapter: Path,
    target: Path,
    say: Say,
    *,
    keep_head: bool | Sequence[str] = False,
) -> None:
    """Write the base with the adapter merged in to the folder ``target``, as the hub has models.

    A head is left out unless ``keep_head`` is true, or names its outputs. Raises ``ModelError`` if
    the adapter is not for this base or a file of either is missing or damaged, ``NoRoomError``
    before anything is written, ``BadInputError`` if ``target`` is something else.
    """
    _check_target(target, base, adapter)
    found, lora = open_base(base), read_adapter(adapter)
    check_belongs(found, adapter)
    names = _label_names(adapter, keep_head)
    files = plan(found, lora, keep_head=names is not None)
    check_room(
        target.parent, sum(part.described.size for parts in files.values() for part in parts)
    )
    with whole_folder(target) as folder:
        for at, (name, parts) in enumerate(files.items(), 1):
            say(f"Merging {name} ({at} of {len(files)}) ...")
            _write(base / name, folder / name, parts, lora)
        _write_index(folder, files)
        copy_companions(found, adapter, folder)
        write_config(found, folder, names)


def _label_names(adapter: Path, keep_head: bool | Sequence[str]) -> Sequence[str] | None:
    """Return a name for each output of the head that is kept, or ``None`` if none is."""
    head = split_head(adapter)
    if head is None or not keep_head:
        return None
    outputs = len(head.weight)
    if keep_head is True:
        return [f"LABEL_{at}" for at in range(outputs)]
    if len(keep_head) != outputs:
        raise BadInputError(
            f"The head in {adapter} has {outputs} outputs, and {len(keep_head)} names are given.",
            "Give one name for each output, in their order.",
        )
    return keep_head


def _write(source: Path, target: Path, parts: Sequence[Part], lora: Lora) -> None:
    by_name = {part.described.name: part for part in parts}
    safetensors.write(
        target,
        [part.described for part in parts],
        lambda described: _pieces(source, by_name[described.name], lora),
    )


def _pieces(source: Path, part: Part, lora: Lora) -> Iterator[Tensor]:
    """Yield the rows of a merged tensor. Raises ``ModelError`` if a value is no number."""
    if part.stored is None:
        yield np.asarray(part.values, np.float32)
        return
    first = 0
    for piece in safetensors.rows(source, part.stored):
        if not floats.all_finite(piece, part.described.kind):
            raise ModelError(
                f"{source} is damaged: {part.stored.described.name!r} holds what is no number.",
                "Fetch the base again.",
            )
        rows = slice(first, first := first + len(piece))
        yield piece if part.pair is None else _merged(piece, part, lora, rows)


def _merged(piece: Tensor, part: Part, lora: Lora, rows: slice) -> Tensor:
    assert part.pair
    kind = part.described.kind
    change = adapters.change(lora, part.pair, rows)
    rounded = floats.narrow(floats.widen(piece, kind) + change, kind)
    if not floats.all_finite(rounded, kind):
        raise ModelError(
            f"With the adapter in {lora.folder}, {part.described.name!r} grows too large for "
            f"{kind}.",
            "Use a base in bfloat16, or train the adapter again.",
        )
    return rounded


def _write_index(folder: Path, files: Mapping[str, Sequence[Part]]) -> None:
    if list(files) == [SINGLE]:
        return
    described = {part.described: name for name, parts in files.items() for part in parts}
    index = {
        "metadata": {"total_size": sum(one.size for one in described)},
        "weight_map": {one.name: name for one, name in described.items()},
    }
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def _check_target(target: Path, *sources: Path) -> None:
    """Raise ``BadInputError`` unless ``target`` may be replaced."""
    if target.resolve() in {source.resolve() for source in sources}:
        raise BadInputError(f"{target} is what is to be merged.", "Name another folder.")
    other = target.exists() and not (target / "config.json").is_file()
    if other and not (target.is_dir() and not any(target.iterdir())):
        raise BadInputError(f"{target} holds something else already.", "Name another folder.")
