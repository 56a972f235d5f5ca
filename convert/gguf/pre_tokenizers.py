"""Tells which of llama.cpp's split rules a ``tokenizer.json`` has; never guesses.

    pre_tokenizer(read_tokenizer(folder))     "qwen2"

llama.cpp has every split rule of byte-level BPE compiled in, under a name. Its converter finds the
name by a hash of the ids of one text, so it knows published vocabularies only. Here the rule
itself is compared.
"""

import json
from pathlib import Path
from typing import Any

from runtime.errors import ModelError

Json = dict[str, Any]

PUBLISHED = "Use the tokenizer of the published base as it is."

_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_END = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_QWEN2 = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + _END
_LLAMA3 = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + _END
_QWEN35 = (
    _CONTRACTIONS
    + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"
    + r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_GPT2 = "that of GPT-2"
# (the split rule, whether words of the vocabulary pass unmerged) -> llama.cpp's name.
# "llama-bpe" takes such words as they are; "dbrx" is the same rule with every word merged.
_NAMES = {
    (_QWEN2, False): "qwen2",
    (_LLAMA3, True): "llama-bpe",
    (_LLAMA3, False): "dbrx",
    (_QWEN35, False): "qwen35",
    (_GPT2, False): "gpt-2",
}
# WordPiece has one rule in llama.cpp; its own converter writes this name for MiniLM.
_WORDPIECE = "jina-v2-en"


def read_tokenizer(folder: Path) -> Json:
    """Return ``tokenizer.json``, or nothing if there is none. Raises ``ModelError`` if damaged."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        return {}
    try:
        tokenizer = json.loads(path.read_bytes())
        sound = isinstance(tokenizer["model"]["vocab"], dict | list)
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise ModelError(f"{path} is not a tokenizer.", "Fetch it again.")
    return dict(tokenizer)


def pre_tokenizer(tokenizer: Json) -> str:
    """Return llama.cpp's name for the split rule of a byte-level BPE or WordPiece tokenizer.

    Raises ``ModelError`` if the rule is none of those known to be the same.
    """
    model = tokenizer.get("model", {})
    if model.get("type") == "WordPiece" and _is_bert(tokenizer):
        return _WORDPIECE
    rule = _split_rule(tokenizer) if _is_byte_level(model) else None
    name = _NAMES.get((rule or "", bool(model.get("ignore_merges"))))
    if name is None:
        raise ModelError(
            "llama.cpp has no pre-tokenizer that is known to split text as this tokenizer does: "
            f"{rule or json.dumps(tokenizer.get('pre_tokenizer'))[:200]}.",
            PUBLISHED,
        )
    return name


def _is_bert(tokenizer: Json) -> bool:
    rules = [(tokenizer.get(part) or {}).get("type") for part in ("normalizer", "pre_tokenizer")]
    prefix = tokenizer["model"].get("continuing_subword_prefix")
    return rules == ["BertNormalizer", "BertPreTokenizer"] and prefix == "##"


def _is_byte_level(model: Json) -> bool:
    marks = ("continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "unk_token")
    return model.get("type") == "BPE" and not any(model.get(mark) for mark in marks)


def _split_rule(tokenizer: Json) -> str | None:
    """Return the regex of ``[Split, ByteLevel]``, or GPT-2's if ``ByteLevel`` stands alone."""
    # llama.cpp composes no characters (NFC), so text must be composed before either reads it.
    if tokenizer.get("normalizer") not in (None, {"type": "NFC"}):
        return None
    match tokenizer.get("pre_tokenizer"):
        case {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": str(rule)}, "behavior": "Isolated", **rest},
                {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False},
            ],
        } if not rest.get("invert"):
            return rule
        case {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}:
            return _GPT2
    return None
