"""Time and peak memory of merging, converting and quantizing a model of Qwen2.5-1.5B's shape.

    python -m benchmarks.conversion                       needs 12 GB of disk in --folder
    python -m benchmarks.conversion -o benchmarks/conversion.md
    python -m benchmarks.conversion --tiny                a tiny shape: does it run at all

The weights are random, in bfloat16 and two shards as the hub has them, the adapter of rank 16 on
all linear layers. Each step runs in a process of its own; what that and its children hold is added
up many times a second. "own" is what they allocated; "with files" counts the pages of mapped files,
too, which the system takes back when it needs the room. Linux only.
"""

import argparse
import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from convert.gguf.llama_cpp_source import llama_cpp_source
from convert.gguf.to_gguf import to_gguf
from convert.merge import floats, safetensors
from convert.merge.adapters import SETTINGS, WEIGHTS
from convert.merge.base_folder import INDEX
from convert.merge.merging import merge_folder
from convert.merge.safetensors import Described
from convert.quantize.quantize import quantize
from runtime.machine import this_machine

# As published; the tiny one has rows that K-quants can hold.
TRUE = {"layers": 28, "hidden": 1536, "inner": 8960, "heads": 12, "kv": 2, "vocab": 151_936}
TINY = {"layers": 2, "hidden": 256, "inner": 512, "heads": 4, "kv": 2, "vocab": 4096}
RANK = 16
SHARDS = 2
INTERVAL = 0.02
"""Seconds between two looks at memory."""
GB = 1e9
STEPS = ("merge", "convert", "Q8_0", "Q4_K_M")


class Cost(NamedTuple):
    """What a step took: seconds, bytes of its own and with mapped files, bytes it wrote."""

    seconds: float
    own: int
    with_files: int
    written: int


def main(argv: Sequence[str] | None = None) -> int:
    """Build the model, run every step and print the table."""
    options = _parse(argv)
    if options.step:
        _run_step(options.step, options.folder)
        return 0
    with tempfile.TemporaryDirectory(prefix="kindmark-conversion-", dir=options.folder) as work:
        write_model(Path(work), TINY if options.tiny else TRUE)
        llama_cpp_source(print)  # fetched once, outside of what is measured
        text = _report({step: _measured(step, Path(work)) for step in STEPS}, tiny=options.tiny)
    if options.output:
        options.output.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conversion", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--folder", type=Path, help="where to work; default: for temporary files")
    parser.add_argument("--tiny", action="store_true", help="a tiny shape")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table, too")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def write_model(work: Path, shape: dict[str, int]) -> None:
    """Write a base and an adapter of random weights, and a small tokenizer, into ``work``."""
    from train.bases.tiny import TEMPLATES  # noqa: PLC0415 - torch stays out of the measured steps
    from train.bases.tokenizers import tiny_tokenizer  # noqa: PLC0415

    tokenizer = tiny_tokenizer("qwen2")
    tokenizer.chat_template = TEMPLATES["qwen2"]
    for folder in (work / "base", work / "adapter"):
        folder.mkdir()
        tokenizer.save_pretrained(folder)
    _write_base(work / "base", shape)
    _write_adapter(work / "adapter", shape)


def _write_base(folder: Path, shape: dict[str, int]) -> None:
    random = np.random.default_rng(1)
    tensors = [Described(name, "BF16", size) for name, size in _weights(shape).items()]
    each = -(-len(tensors) // SHARDS)
    index: dict[str, str] = {}
    for at in range(SHARDS):
        name = f"model-{at + 1:05}-of-{SHARDS:05}.safetensors"
        mine = tensors[at * each : (at + 1) * each]
        safetensors.write(folder / name, mine, lambda one: _random(random, one))
        index |= {tensor.name: name for tensor in mine}
    (folder / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": index}))
    (folder / "config.json").write_text(json.dumps(_config(shape)))


def _write_adapter(folder: Path, shape: dict[str, int]) -> None:
    random = np.random.default_rng(2)
    pairs = {}
    for name, size in _weights(shape).items():
        if name.endswith("_proj.weight"):
            stem = "base_model.model." + name.removesuffix(".weight")
            pairs[f"{stem}.lora_A.weight"] = (RANK, size[1])
            pairs[f"{stem}.lora_B.weight"] = (size[0], RANK)
    tensors = [Described(name, "F32", size) for name, size in pairs.items()]
    safetensors.write(
        folder / WEIGHTS,
        tensors,
        lambda one: [random.standard_normal(one.shape, np.float32) * np.float32(0.01)],
    )
    settings = {"peft_type": "LORA", "r": RANK, "lora_alpha": 2 * RANK}
    (folder / SETTINGS).write_text(json.dumps(settings))


def _weights(shape: dict[str, int]) -> dict[str, tuple[int, ...]]:
    width, inner = shape["hidden"], shape["inner"]
    kv = width // shape["heads"] * shape["kv"]
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (shape["vocab"], width)}
    for layer in (f"model.layers.{at}" for at in range(shape["layers"])):
        for name, rows in (("q", width), ("k", kv), ("v", kv)):
            found[f"{layer}.self_attn.{name}_proj.weight"] = (rows, width)
            found[f"{layer}.self_attn.{name}_proj.bias"] = (rows,)
        found[f"{layer}.self_attn.o_proj.weight"] = (width, width)
        for name in ("gate", "up"):
            found[f"{layer}.mlp.{name}_proj.weight"] = (inner, width)
        found[f"{layer}.mlp.down_proj.weight"] = (width, inner)
        for name in ("input_layernorm", "post_attention_layernorm"):
            found[f"{layer}.{name}.weight"] = (width,)
    return found | {"model.norm.weight": (width,)}


def _config(shape: dict[str, int]) -> dict[str, Any]:
    return {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_size": shape["hidden"],
        "intermediate_size": shape["inner"],
        "num_hidden_layers": shape["layers"],
        "num_attention_heads": shape["heads"],
        "num_key_value_heads": shape["kv"],
        "vocab_size": shape["vocab"],
        "max_position_embeddings": 32_768,
        "rms_norm_eps": 1e-6,
        "rope_theta": 1_000_000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "dtype": "bfloat16",
    }


def _random(random: np.random.Generator, tensor: Described) -> Iterator[safetensors.Tensor]:
    """Yield values of about the size that trained weights have, a few rows at a time."""
    width = math.prod(tensor.shape[1:])
    step = max(1, safetensors.PIECE // width)
    for first in range(0, tensor.shape[0], step):
        rows = min(step, tensor.shape[0] - first)
        values = random.standard_normal(rows * width, np.float32) * np.float32(0.02)
        yield floats.narrow(values, tensor.kind)


def _run_step(step: str, work: Path) -> None:
    if step == "merge":
        merge_folder(work / "base", work / "adapter", work / "merged", print)
    elif step == "convert":
        to_gguf(work / "merged", work / "f16.gguf", "f16", llama_cpp_source(print), say=print)
    else:
        quantize(work / "f16.gguf", work / f"{step}.gguf", step)


def _measured(step: str, work: Path) -> Cost:
    """Run a step in a process of its own and watch what it and its children hold."""
    before = _written(work)
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.conversion", "--step", step]
    process = subprocess.Popen([*command, "--folder", str(work)], stdout=subprocess.DEVNULL)
    own = with_files = 0
    while process.poll() is None:
        held = [_held(pid) for pid in _family(process.pid)]
        own = max(own, sum(one for one, _ in held))
        with_files = max(with_files, sum(both for _, both in held))
        time.sleep(INTERVAL)
    if process.returncode:
        raise SystemExit(f"the step {step} failed")
    return Cost(time.perf_counter() - start, own, with_files, _written(work) - before)


def _written(work: Path) -> int:
    return sum(path.stat().st_size for path in work.rglob("*") if path.is_file())


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += _family(int(child))
    return found


def _held(pid: int) -> tuple[int, int]:
    """Return the bytes a process has in memory: of its own, and with those of mapped files."""
    found = dict.fromkeys(("RssAnon", "RssShmem", "VmRSS"), 0)
    # A process may end between the list and the look.
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            key, _, value = line.partition(":")
            if key in found:
                found[key] = int(value.split()[0]) * 1024
    return found["RssAnon"] + found["RssShmem"], found["VmRSS"]


def _report(costs: dict[str, Cost], *, tiny: bool) -> str:
    machine = this_machine()
    what = "a tiny shape" if tiny else "the shape of Qwen2.5-1.5B (1.54 billion weights)"
    lines = [
        f"`python -m benchmarks.conversion{' --tiny' if tiny else ''}`",
        "",
        f"Random weights in {what}, bfloat16, {SHARDS} shards; adapter of rank {RANK}.",
        f"{machine.system}, {machine.cores} cores, {machine.memory_mb / 1000:.0f} GB; "
        f"mean load of the last 15 minutes: {os.getloadavg()[2]:.1f}.",
        "",
        "| step | seconds | peak GB, own | peak GB, with files | GB written |",
        "| --- | --- | --- | --- | --- |",
    ]
    for step, cost in costs.items():
        figures = (cost.own / GB, cost.with_files / GB, cost.written / GB)
        lines.append(f"| {step} | {cost.seconds:.0f} | {' | '.join(f'{n:.2f}' for n in figures)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
