"""A decoder that says the same words whatever it is asked, as a GGUF file.

    write_scripted(path, ("Look", " again", "."))

Every layer adds nothing, so the next token depends on the last one alone: a line break is followed
by the first word, each word by the next, the last by the end of the turn.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

from runtime.judge.prompt import CHATML_TEMPLATE
from tests.tiny_decoders import (
    EPSILON,
    HEAD,
    HEADS,
    INNER,
    KV_HEADS,
    LAYERS,
    POSITIONS,
    Weights,
    random_weights,
)

WIDTH = 256
"""So wide that the embeddings of all tokens are nearly at right angles."""

LETTERS = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256))]
LETTERS += [chr(256 + i) for i in range(256 - len(LETTERS))]
"""The bytes as byte-level BPE writes them, the visible ones first."""

MARKS = ("<|im_end|>", "<|im_start|>")
NEWLINE = LETTERS.index("Ċ")


def write_scripted(path: Path, words: Sequence[str]) -> Path:
    """Write a decoder that says ``words``; each may come once, and is a token of its own."""
    tokens = [*LETTERS, "th", *MARKS, *(_spelled(word) for word in words)]
    end = tokens.index(MARKS[0])
    first = len(tokens) - len(words)
    chain = [NEWLINE, *range(first, len(tokens)), end]
    writer = gguf.GGUFWriter(path, "qwen3")
    _add_shape(writer)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 257 + [3] * len(MARKS) + [1] * len(words))
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(end)
    writer.add_chat_template(CHATML_TEMPLATE)
    for name, tensor in _weights(len(tokens), chain).items():
        writer.add_tensor(name, np.ascontiguousarray(tensor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _spelled(word: str) -> str:
    return word.replace(" ", "Ġ")


def _add_shape(writer: gguf.GGUFWriter) -> None:
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(EPSILON)


def _weights(vocabulary: int, chain: Sequence[int]) -> Weights:
    weights = random_weights(1, 0, vocabulary, WIDTH)
    for name in weights:
        if name.endswith(("attn_output.weight", "ffn_down.weight")):
            weights[name] = np.zeros_like(weights[name])
    weights["output_norm.weight"] = np.ones(WIDTH, np.float32)
    known = weights["token_embd.weight"]
    said = 0.001 * known
    for token, following in pairwise(chain):
        said[following] = 10 * known[token] / np.linalg.norm(known[token])
    return weights | {"output.weight": said}
