"""Plans a merge: which tensor of the base goes where, and what the adapter adds to it.

    files = plan(open_base(base), read_adapter(adapter), keep_head=False)

Every fault that names and shapes can show is met here, before anything is written.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from convert.merge import floats
from convert.merge.adapters import Lora, Pair, another_base, change_shape
from convert.merge.base_folder import Base, shards
from convert.merge.safetensors import Described, Stored
from convert.merge.weight_names import bare, find_weights
from runtime.errors import ModelError


class Part(NamedTuple):
    """A tensor of the merged model: where it comes from, what is added; or its values, if new."""

    described: Described
    stored: Stored | None
    pair: Pair | None = None
    values: NDArray[Any] | None = None


def plan(base: Base, lora: Lora, *, keep_head: bool) -> dict[str, list[Part]]:
    """Return what goes into each file, having checked that the adapter fits the base."""
    files = shards(base)
    stored = {one.described.name: one for file in files.values() for one in file}
    pairs = _placed(stored, lora)
    replaced = {bare(name) for name in lora.head} if keep_head else set()
    planned = {
        name: [
            Part(_named(one.described, base, keep_head), one, pairs.get(one.described.name))
            for one in file
            if bare(one.described.name) not in replaced and not _is_old_head(one.described.name)
        ]
        for name, file in files.items()
    }
    if keep_head:
        last = next(reversed(planned))
        planned[last] += [
            Part(Described(name, "F32", values.shape), None, values=values)
            for name, values in lora.head.items()
        ]
    return planned


def _placed(stored: Mapping[str, Stored], lora: Lora) -> dict[str, Pair]:
    """Return the pairs by the name their weight has in the base."""
    placed = find_weights([pair.weight for pair in lora.pairs], stored)
    found: dict[str, Pair] = {}
    for pair in lora.pairs:
        name = placed[pair.weight]
        if name is None or name in found or stored[name].described.shape != change_shape(pair):
            raise another_base(lora, pair.weight)
        if stored[name].described.kind not in floats.DTYPES:
            raise ModelError(
                f"{name!r} of the base is stored as {stored[name].described.kind}, which no "
                "adapter can be merged into.",
                "Give the 16-bit weights of the base.",
            )
        found[name] = pair
    return found


def _is_old_head(name: str) -> bool:
    """Tell whether a base that was made into a classifier before has its own head there."""
    return bare(name).startswith(("score.", "classifier."))


def _named(described: Described, base: Base, keep_head: bool) -> Described:
    """Return the tensor under the name it has in the merged model."""
    name = described.name
    # Beside a head, transformers looks for a BERT under "bert", where sentence encoders have none.
    if keep_head and base.architecture == "bert" and not name.startswith(("bert.", "cls.")):
        return described._replace(name=f"bert.{name}")
    return described
