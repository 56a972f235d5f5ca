"""Describes a BERT WordPiece vocabulary the way llama.cpp's "bert" tokenizer reads it.

BERT marks the continuation of a word ("##ing"); llama.cpp marks the beginning, with a phantom
space (U+2581), and leaves continuations bare.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import gguf

from runtime.errors import ModelError

PHANTOM_SPACE = "\u2581"
SPECIALS = {"bos": "[CLS]", "unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "mask": "[MASK]"}


def read_vocabulary(path: Path) -> list[str]:
    """Return the tokens in id order. Raises ``ModelError`` if a special token is absent."""
    tokens = path.read_text("utf-8").removesuffix("\n").split("\n")
    missing = sorted(set(SPECIALS.values()) - set(tokens))
    if missing:
        raise ModelError(f"{path} is not a BERT vocabulary: it lacks {', '.join(missing)}.")
    # llama.cpp would end the process on such a file.
    if len(set(tokens)) < len(tokens):
        raise ModelError(f"{path} is not a BERT vocabulary: a token is there twice.")
    return tokens


def check_normalizer(path: Path) -> None:
    """Raise ``ModelError`` unless ``tokenizer.json`` lower-cases and strips accents.

    llama.cpp does both for every "bert" vocabulary; a cased one would be read wrongly.
    """
    try:
        normalizer = json.loads(path.read_bytes())["normalizer"]
        # BERT: strip_accents null means "as lowercase does".
        usual = normalizer["lowercase"] and normalizer["strip_accents"] in (None, True)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} does not describe a BERT tokenizer.") from error
    if not usual:
        raise ModelError(f"{path} is for a cased model; only uncased ones can be converted.")


def add_vocabulary(writer: gguf.GGUFWriter, tokens: Sequence[str]) -> None:
    """Write the tokens, their types and the special ids."""
    special = set(SPECIALS.values())
    types = [gguf.TokenType.CONTROL if t in special else gguf.TokenType.NORMAL for t in tokens]
    writer.add_tokenizer_model("bert")
    # llama.cpp ignores this for WordPiece; it is what its own converter writes for MiniLM.
    writer.add_tokenizer_pre("jina-v2-en")
    writer.add_token_list([t if t in special else phantom(t) for t in tokens])
    writer.add_token_types(types)
    for role, token in SPECIALS.items():
        getattr(writer, f"add_{role}_token_id")(tokens.index(token))
    writer.add_add_bos_token(True)


def phantom(token: str) -> str:
    """Return the token in llama.cpp's spelling: "walk" begins a word, "##ing" goes on."""
    return token[2:] if token.startswith("##") else PHANTOM_SPACE + token
