"""Opens a base as the hub has it: a folder with config.json and safetensors, in one file or shards.

    base = open_base(Path("bases/qwen2.5-1.5b"))
    base.architecture, base.config["hidden_size"], shards(base)

Everything is checked before anything is done with it: a missing shard or a download cut short is
named, not met in the middle of a merge.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from convert.merge import safetensors
from convert.merge.safetensors import Stored
from runtime.errors import ModelError

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
_FETCH = "Fetch the whole model again."


class Base(NamedTuple):
    """A model folder; ``architecture`` is its ``model_type``, "gemma3n" also for its text half."""

    folder: Path
    architecture: str
    config: dict[str, Any]


def open_base(folder: Path) -> Base:
    """Return the base in ``folder``, all of whose files are there and whole.

    Raises ``ModelError`` naming the file that is missing or damaged, or if the base is quantized:
    an adapter is merged into the 16-bit weights.
    """
    config = read_table(folder / "config.json")
    kind = config.get("model_type")
    if not isinstance(kind, str) or not kind:
        raise ModelError(f"{folder / 'config.json'} does not say which model it is.", _FETCH)
    if config.get("quantization_config"):
        raise ModelError(
            f"The base in {folder} is quantized already.",
            "Give the 16-bit weights it was made from: merged into rounded ones, an adapter is "
            "worth less.",
        )
    base = Base(folder, kind.removesuffix("_text"), config)
    shards(base)
    return base


def shards(base: Base) -> dict[str, list[Stored]]:
    """Return by file name what each safetensors file of a base holds, in the order of the file.

    Raises ``ModelError`` if a shard is missing or damaged, or lacks what the index promises.
    """
    names = _index(base.folder)
    found = {name: safetensors.layout(base.folder / name) for name in sorted(set(names.values()))}
    held = [stored.described.name for stored_ones in found.values() for stored in stored_ones]
    if not names or (lacking := sorted(names.keys() - set(held))):
        first = lacking[0] if names else "any tensor"
        raise ModelError(f"The weights in {base.folder} lack {first!r}.", _FETCH)
    if len(set(held)) < len(held):
        raise ModelError(f"The shards in {base.folder} hold a tensor twice.", _FETCH)
    return found


def read_table(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raises ``ModelError`` if it is missing or none."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", _FETCH) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not JSON.", _FETCH) from error
    if not isinstance(found, dict):
        raise ModelError(f"{path} is not a JSON table.", _FETCH)
    return found


def _index(folder: Path) -> dict[str, str]:
    """Return the file of every tensor; a single file counts before an index, as on the hub."""
    if (folder / SINGLE).is_file():
        stored = safetensors.layout(folder / SINGLE)
        return {one.described.name: SINGLE for one in stored}
    if not (folder / INDEX).is_file():
        raise ModelError(
            f"There are no weights in {folder}: neither {SINGLE} nor {INDEX}.",
            "Give the folder of a base as the hub has it; older .bin and .pth files are not read.",
        )
    found = read_table(folder / INDEX).get("weight_map")
    if not isinstance(found, dict) or not all(_is_name(name) for name in found.values()):
        raise ModelError(f"{folder / INDEX} does not say where the weights are.", _FETCH)
    if missing := sorted(name for name in set(found.values()) if not (folder / name).is_file()):
        raise ModelError(f"{folder} lacks the shard {missing[0]}.", _FETCH)
    return found


def _is_name(value: object) -> bool:
    """Tell whether it is the name of weights, and stays in its folder."""
    plain = isinstance(value, str) and Path(value).name == value and "\\" not in value
    return plain and str(value).endswith(".safetensors")
