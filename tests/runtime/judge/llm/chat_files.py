"""Tiny decoders with the vocabulary and the chat template of a family, as GGUF files.

    path = write_chat(folder, "qwen")

The tokens are single bytes and a family's own marks; the network is random.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

from runtime.judge.prompt import CHATML_TEMPLATE, GEMMA_TEMPLATE, PLAIN_TEMPLATE
from tests.runtime.judge.gguf_files import (
    ARRAY,
    STRING,
    Pieces,
    changed,
    put_together,
    taken_apart,
    text,
    texts,
)
from tests.tiny_decoders import VOCABULARY, write_decoder

NORMAL, CONTROL, TYPED, UNUSED = 1, 3, 4, 5
TRUTH, UINT32, INT32 = 7, 4, 5

QWEN3_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' }}"
    "{% set words = message.content %}"
    "{% if message.role == 'assistant' and '</think>' in words %}"
    "{% set words = words.split('</think>')[-1].lstrip('\\n') %}"
    "{% endif %}"
    "{{ words + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}"
)
"""Does what Qwen 3's does with thoughts, in our words."""

LLAMA_TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}"
    "{{ message['content'] | trim + '<|eot_id|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
"""Does what Llama 3's does, in our words."""

TEMPLATES = {
    "qwen": CHATML_TEMPLATE,
    "qwen3": QWEN3_TEMPLATE,
    "gemma": GEMMA_TEMPLATE,
    "llama": LLAMA_TEMPLATE,
    "plain": PLAIN_TEMPLATE,
}

# The first ends a text, the second begins one.
MARKS = {
    "qwen": ("<|im_end|>", "<|endoftext|>", "<|im_start|>"),
    "qwen3": ("<|im_end|>", "<|endoftext|>", "<|im_start|>", "<think>", "</think>"),
    "gemma": ("<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"),
    "llama": ("<|eot_id|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>"),
    "plain": ("</s>", "<s>"),
}
BEGUN = ("gemma", "llama", "plain")
FIRST_MARK = 257
"""The id of a family's first mark: after 256 bytes and one merged token."""


def write_chat(
    folder: Path,
    family: str,
    *,
    template: str | None = None,
    kind: int = CONTROL,
    seed: int = 1,
    merges: Sequence[tuple[str, str]] = (("t", "h"),),
) -> Path:
    """Write a decoder; ``template`` "" leaves it out, ``kind`` is the type of the marks.

    Further ``merges`` make tokens of their own after the marks.
    """
    path = folder / f"{family}.gguf"
    write_decoder(path, seed)
    pieces = taken_apart(path)
    listed = _tokens(pieces)
    merged = ["".join(pair) for pair in merges[1:]]
    for at, mark in enumerate((*MARKS[family], *merged), FIRST_MARK):
        listed[at] = mark.encode()
    types = [NORMAL] * FIRST_MARK + [kind] * len(MARKS[family]) + [NORMAL] * len(merged)
    pieces = _with_tokens(pieces, listed, types + [UNUSED] * (VOCABULARY - len(types)))
    joined = [" ".join(pair).encode() for pair in merges]
    pieces = changed(pieces, b"tokenizer.ggml.merges", ARRAY, texts(joined))
    pieces = changed(pieces, b"tokenizer.ggml.eos_token_id", UINT32, struct.pack("<I", FIRST_MARK))
    begins = family in BEGUN
    pieces = changed(
        pieces, b"tokenizer.ggml.bos_token_id", UINT32, struct.pack("<I", FIRST_MARK + 1)
    )
    pieces = changed(pieces, b"tokenizer.ggml.add_bos_token", TRUTH, struct.pack("<?", begins))
    said = TEMPLATES[family] if template is None else template
    if said:
        pieces = changed(pieces, b"tokenizer.chat_template", STRING, text(said.encode()))
    path.write_bytes(put_together(pieces))
    return path


def rewritten(path: Path, name: str, kind: int, value: bytes) -> Path:
    """Set one entry of a file's metadata."""
    path.write_bytes(put_together(changed(taken_apart(path), name.encode(), kind, value)))
    return path


def _tokens(pieces: Pieces) -> list[bytes]:
    (raw,) = (value for name, _, value in pieces.entries if name == b"tokenizer.ggml.tokens")
    (count,) = struct.unpack_from("<Q", raw, 4)
    found, at = [], 12
    for _ in range(count):
        (length,) = struct.unpack_from("<Q", raw, at)
        at += 8 + length
        found.append(raw[at - length : at])
    return found


def _with_tokens(pieces: Pieces, tokens: list[bytes], types: list[int]) -> Pieces:
    pieces = changed(pieces, b"tokenizer.ggml.tokens", ARRAY, texts(tokens))
    raw = struct.pack(f"<IQ{len(types)}i", INT32, len(types), *types)
    return changed(pieces, b"tokenizer.ggml.token_type", ARRAY, raw)
