"""Turns a LoRA adapter into a GGUF file, to be put on its base while that runs.

    lora_to_gguf(Path("RUN/mark/adapter"), base, Path("maths.lora.gguf"), source, print)

llama.cpp's own script does it, so that what it changes in a weight of the base (Llama's order of
rows, say) is changed in the adapter alike. A head is left out, as llama.cpp cannot carry one in an
adapter: it goes into a side file. The base's weights are not read.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from numpy.typing import NDArray

from convert.gguf.to_gguf import environment, failure
from convert.merge import safetensors
from convert.merge.adapters import (
    SETTINGS,
    WEIGHTS,
    Lora,
    Pair,
    another_base,
    change_shape,
    read_adapter,
)
from convert.merge.base_folder import Base, open_base, shards
from convert.merge.belonging import check_belongs
from convert.merge.safetensors import Described
from convert.merge.weight_names import find_weights
from convert.say import Say
from convert.whole import whole_file
from runtime.errors import ModelError
from runtime.judge import gguf_header

SCRIPT = "convert_lora_to_gguf.py"
Tensor = NDArray[Any]


def lora_to_gguf(  # noqa: PLR0913 - the last is an option
    adapter: Path,
    base: Path,
    target: Path,
    source: Path,
    say: Say,
    *,
    kind: Literal["f32", "f16"] = "f16",
) -> None:
    """Write ``target`` from the peft folder ``adapter``, trained on the folder ``base``.

    ``source`` is the folder of ``llama_cpp_source``. Half precision keeps more of a weight than the
    bfloat16 it was mostly trained in. Raises ``ModelError`` if the adapter is damaged, of another
    base, or changes a layer that llama.cpp keeps in another form.
    """
    found, lora = open_base(base), read_adapter(adapter)
    check_belongs(found, adapter)
    pairs = _placed(found, lora)
    say(f"Converting the adapter {adapter} to GGUF ({kind}) ...")
    with whole_file(target) as part, TemporaryDirectory(prefix="kindmark-lora-") as folder:
        _write_plain(Path(folder), lora, pairs)
        options = ["--base", str(base), "--outfile", str(part), "--outtype", kind]
        _run([str(source / SCRIPT), *options, folder], source)
        _check(part, adapter, pairs)


def _placed(base: Base, lora: Lora) -> dict[str, Pair]:
    """Return each pair by the name its weight has in the base, which must have its shape."""
    stored = [one.described for ones in shards(base).values() for one in ones]
    shapes = {described.name: described.shape for described in stored}
    names = find_weights([pair.weight for pair in lora.pairs], shapes.keys())
    placed = {}
    for pair in lora.pairs:
        name = names[pair.weight]
        if name is None or shapes[name] != change_shape(pair):
            raise another_base(lora, pair.weight)
        placed[name] = pair
    return placed


def _write_plain(folder: Path, lora: Lora, pairs: dict[str, Pair]) -> None:
    """Write the adapter as the script reads it: no head, and alpha / rank is the whole scale."""
    tensors = {}
    for name, pair in pairs.items():
        stem = f"base_model.model.{name.removesuffix('.weight')}"
        tensors[f"{stem}.lora_A.weight"] = pair.down
        tensors[f"{stem}.lora_B.weight"] = pair.up
    described = [Described(name, "F32", tensor.shape) for name, tensor in tensors.items()]

    def values(one: Described) -> Iterable[Tensor]:
        yield tensors[one.name].astype("<f4")

    safetensors.write(folder / WEIGHTS, described, values)
    rank = next(iter(pairs.values())).down.shape[0]
    settings = {"peft_type": "LORA", "r": rank, "lora_alpha": lora.scale * rank}
    (folder / SETTINGS).write_text(json.dumps(settings), "utf-8")


def _run(command: list[str], source: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", *command],
        env=environment(source),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise ModelError(failure(done.returncode, done.stderr))


def _check(part: Path, adapter: Path, pairs: dict[str, Pair]) -> None:
    """Raise ``ModelError`` unless every pair is in the file."""
    count = gguf_header.read(part).tensors
    if count != 2 * len(pairs):
        raise ModelError(
            f"llama.cpp's converter kept {count // 2} of the {len(pairs)} changes in {adapter}.",
            "Merge the adapter into its base instead.",
        )
