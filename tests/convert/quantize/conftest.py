"""Small GGUF files of a decoder with random weights, rows of 256 as K-quants need them."""

from pathlib import Path

import gguf
import numpy as np
import pytest

WIDTH, INNER, VOCABULARY, LAYERS, HEADS = 256, 512, 320, 4, 4
NARROW = 96
"""Does not divide by 256, but by 32."""


def write_decoder(
    path: Path,
    *,
    tied: bool = True,
    head: bool = False,
    width: int = WIDTH,
    dtype: type = np.float16,
) -> Path:
    """Write a Qwen2 (``head``: a Qwen3 with a classifier) as llama.cpp's converter does."""
    writer = gguf.GGUFWriter(path, "qwen3" if head else "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(128)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    random = np.random.default_rng(7)
    for name, shape in shapes(tied, head, width).items():
        kind = np.float32 if len(shape) == 1 else dtype
        writer.add_tensor(name, random.normal(size=shape).astype(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def shapes(tied: bool, head: bool, width: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (VOCABULARY, width),
        "output_norm.weight": (width,),
    }
    for layer in (f"blk.{at}" for at in range(LAYERS)):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            found[f"{layer}.{name}.weight"] = (width, width)
        found[f"{layer}.attn_q.bias"] = (width,)
        found[f"{layer}.attn_norm.weight"] = (width,)
        found[f"{layer}.ffn_up.weight"] = (INNER, width)
        found[f"{layer}.ffn_down.weight"] = (width, INNER)
    if not tied:
        found["output.weight"] = (VOCABULARY, width)
    if head:
        found["cls.output.weight"] = (3, width)
    return found


@pytest.fixture(scope="session")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_decoder(tmp_path_factory.mktemp("decoder") / "tied-f16.gguf")


@pytest.fixture(scope="session")
def untied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_decoder(tmp_path_factory.mktemp("decoder") / "untied-f16.gguf", tied=False)
