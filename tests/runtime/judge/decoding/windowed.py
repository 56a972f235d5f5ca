"""A tiny random decoder of Gemma 3's network as a GGUF file: every other layer sees a window only.

write_windowed(path, seed=1)
"""

from pathlib import Path

import gguf
import numpy as np

from tests.tiny_decoders import VOCABULARY, _add_tokens, _finish

WINDOW = 16
WIDTH, LAYERS, HEADS, HEAD, INNER = 32, 6, 2, 16, 48


def write_windowed(path: Path, seed: int) -> Path:
    """Write the file; of six layers, as Gemma 3 has them, the sixth sees everything."""
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_sliding_window(WINDOW)
    _add_tokens(writer, VOCABULARY)
    random = np.random.default_rng(seed)
    _finish(
        writer,
        {
            name: (random.normal(0, shape[-1] ** -0.5, shape) + ("norm" in name)).astype(np.float32)
            for name, shape in _shapes().items()
        },
    )
    return path


def _shapes() -> dict[str, tuple[int, ...]]:
    layer = {
        "attn_norm": (WIDTH,),
        "attn_q": (HEADS * HEAD, WIDTH),
        "attn_k": (HEADS * HEAD, WIDTH),
        "attn_v": (HEADS * HEAD, WIDTH),
        "attn_output": (WIDTH, HEADS * HEAD),
        "attn_q_norm": (HEAD,),
        "attn_k_norm": (HEAD,),
        "post_attention_norm": (WIDTH,),
        "ffn_norm": (WIDTH,),
        "ffn_gate": (INNER, WIDTH),
        "ffn_up": (INNER, WIDTH),
        "ffn_down": (WIDTH, INNER),
        "post_ffw_norm": (WIDTH,),
    }
    layers = {f"blk.{i}.{name}.weight": s for i in range(LAYERS) for name, s in layer.items()}
    return {"token_embd.weight": (VOCABULARY, WIDTH), "output_norm.weight": (WIDTH,), **layers}
