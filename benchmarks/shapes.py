"""Writes models of the true shape of published ones, with random weights, as GGUF files.

    python -m benchmarks.shapes qwen2.5-1.5b --folder F     F/qwen2.5-1.5b-shape-Q4_K_M.gguf
    python -m benchmarks.shapes qwen2.5-0.5b --folder F --quant Q8_0
    python -m benchmarks.shapes tiny --folder F             seconds; for tests

How fast a model reads and writes depends on its shape and quantization, not on the values of its
weights, and published weights are not to be had everywhere. Vocabulary and chat template are of
the true size and kind. The weights keep activations at an ordinary size; only the rows of the
special tokens are small, so that no greedy reply ever ends by itself: what is timed has the
length that was asked for.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from benchmarks.vocabulary import Vocabulary, learn, own_texts
from convert.quantize.quantize import quantize
from runtime.judge.prompt import CHATML_TEMPLATE
from train import shapes as published
from train.shapes import Shape

QUANT = "Q4_K_M"
ROWS = 4096
"""Rows of a weight that are drawn at once: 25 MB of the widest."""

EMBEDDING = 0.04
"""Spread of the embeddings, which are the output, too: logits of about 1.5, as of a true model."""

QUIET = 0.05
"""What the rows of special tokens are multiplied with."""


def _qwen(layers: int, hidden: int, inner: int, *, heads: int, vocabulary: int) -> Shape:
    return Shape(
        architecture="qwen2",
        layers=layers,
        hidden=hidden,
        intermediate=inner,
        heads=heads,
        key_value_heads=2,
        head=hidden // heads,
        vocabulary=vocabulary,
    )


POSITIONS = 32_768
"""As Qwen2.5 was trained with."""

SHAPES = {
    "qwen2.5-1.5b": published.SHAPES["Qwen/Qwen2.5-1.5B-Instruct"],
    "qwen2.5-0.5b": _qwen(24, 896, 4864, heads=14, vocabulary=151_936),
    # Rows that K-quants can hold.
    "tiny": _qwen(2, 256, 512, heads=4, vocabulary=4096),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Write the model that is asked for and print where it is."""
    args = _parse(argv)
    target: Path = args.folder / f"{args.shape}-shape-{args.quant}.gguf"
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, SHAPES[args.shape], args.quant, learn_from=args.text)
    print(target)
    return 0


def write(target: Path, shape: Shape, quant: str = QUANT, *, learn_from: Sequence[Path]) -> None:
    """Write a quantized model; ``learn_from`` are texts whose words shall be tokens, too."""
    half = target.with_suffix(".f16.part")
    try:
        write_half(half, shape, learn(own_texts(learn_from), shape.vocabulary))
        quantize(half, target, quant)
    finally:
        half.unlink(missing_ok=True)


def write_half(target: Path, shape: Shape, vocabulary: Vocabulary) -> None:
    """Write the model in float16, its norms and biases in float32."""
    writer = gguf.GGUFWriter(target, "qwen2")
    _describe(writer, shape)
    _add_tokens(writer, vocabulary)
    sizes = tensors(shape)
    for name, size in sizes.items():
        kind = np.float32 if len(size) == 1 else np.float16
        count = int(np.prod(size)) * np.dtype(kind).itemsize
        writer.add_tensor_info(name, size, np.dtype(kind), count)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(1)
    for name, size in sizes.items():
        values = _values(random, name, size)
        if name == "token_embd.weight":
            values[list(vocabulary.special)] *= np.float16(QUIET)
        writer.write_tensor_data(values)
    writer.close()


def tensors(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Return the size of every weight by its name in GGUF, rows first."""
    kv = shape.key_value_heads * shape.head
    found: dict[str, tuple[int, ...]] = {"token_embd.weight": (shape.vocabulary, shape.hidden)}
    for layer in (f"blk.{at}" for at in range(shape.layers)):
        for name, rows in (("q", shape.hidden), ("k", kv), ("v", kv)):
            found[f"{layer}.attn_{name}.weight"] = (rows, shape.hidden)
            found[f"{layer}.attn_{name}.bias"] = (rows,)
        found[f"{layer}.attn_output.weight"] = (shape.hidden, shape.hidden)
        found[f"{layer}.ffn_gate.weight"] = (shape.intermediate, shape.hidden)
        found[f"{layer}.ffn_up.weight"] = (shape.intermediate, shape.hidden)
        found[f"{layer}.ffn_down.weight"] = (shape.hidden, shape.intermediate)
        found[f"{layer}.attn_norm.weight"] = (shape.hidden,)
        found[f"{layer}.ffn_norm.weight"] = (shape.hidden,)
    return found | {"output_norm.weight": (shape.hidden,)}


def _values(
    random: np.random.Generator, name: str, size: tuple[int, ...]
) -> NDArray[np.float16] | NDArray[np.float32]:
    if len(size) == 1:
        centre = 1 if "norm" in name else 0
        return (centre + 0.1 * random.standard_normal(size)).astype(np.float32)
    # 1 / sqrt(columns): what comes out of a layer is as large as what went in.
    spread = np.float32(EMBEDDING if name == "token_embd.weight" else size[1] ** -0.5)
    found = np.empty(size, np.float16)
    for first in range(0, size[0], ROWS):
        part = found[first : first + ROWS]
        part[:] = random.standard_normal(part.shape, np.float32) * spread
    return found


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("random weights")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.intermediate)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)


def _add_tokens(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    kinds = [gguf.TokenType.NORMAL] * len(vocabulary.tokens)
    for token in vocabulary.special:
        kinds[token] = gguf.TokenType.CONTROL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(vocabulary.end)
    writer.add_pad_token_id(min(vocabulary.special))
    writer.add_bos_token_id(min(vocabulary.special))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHATML_TEMPLATE)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shapes", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("--folder", type=Path, required=True, help="where to write")
    parser.add_argument("--quant", default=QUANT, help=f"default {QUANT}")
    parser.add_argument(
        "--text", type=Path, action="append", default=[], help="learn its words, too; may repeat"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
