"""Describes a SentencePiece-like ``tokenizer.json`` (Gemma, Llama 2) for llama.cpp's SPM tokenizer.

    vocabulary = spm_vocabulary(read_tokenizer(folder), size)     None if it is another kind

llama.cpp's converter wants ``tokenizer.model``, which a trained folder no longer has. Besides,
only ``tokenizer.json`` says for certain which tokens are special, so it is preferred.
"""

from typing import NamedTuple

from convert.gguf.pre_tokenizers import PUBLISHED, Json
from runtime.errors import ModelError

SPACE = "▁"
_REPLACED = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
_PREPENDED = {"type": "Prepend", "prepend": SPACE}
_WITH_PREFIX = {"type": "Sequence", "normalizers": [_PREPENDED, _REPLACED]}
# llama.cpp's codes for kinds of tokens.
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
# The score of what no pair of tokens makes: below every rank.
_NEVER = -1e7


class Token(NamedTuple):
    """One token as llama.cpp wants it; of two that could be made, the higher score goes first."""

    text: str
    score: float
    kind: int


class SpmVocabulary(NamedTuple):
    """The tokens in the order of their ids; ``prefix`` if text is read as if begun by a space."""

    tokens: list[Token]
    prefix: bool


def spm_vocabulary(tokenizer: Json, size: int) -> SpmVocabulary | None:
    """Return the vocabulary, filled up to ``size``; ``None`` if the tokenizer is another kind.

    llama.cpp merges any two neighbours that make a token, the highest score first. That is the
    same BPE only if every such pair is among the merges, in the order of the tokens they make, as
    in all that came from SentencePiece; else ``ModelError`` is raised.
    """
    if not _is_sentencepiece_like(tokenizer):
        return None
    model = tokenizer["model"]
    unknown = model.get("unk_token")
    added = {token["content"]: token for token in tokenizer.get("added_tokens", [])}
    ids = model["vocab"] | {text: token["id"] for text, token in added.items()}
    ranks = _ranks(model, ids.keys() - added.keys())
    count = max(size, max(ids.values()) + 1)
    tokens = [Token(f"[PAD{number}]", _NEVER, UNUSED) for number in range(count)]
    for text, number in ids.items():
        kind = UNKNOWN if text == unknown else _kind(text, added.get(text))
        # A user-defined token is looked for in raw text, where spaces are still spaces.
        shown = text.replace(SPACE, " ") if kind == USER_DEFINED else text
        tokens[number] = Token(shown, float(-ranks[text]) if text in ranks else _NEVER, kind)
    return SpmVocabulary(tokens, prefix=tokenizer["normalizer"] == _WITH_PREFIX)


def _is_sentencepiece_like(tokenizer: Json) -> bool:
    """Tell whether it is BPE over whole text with "▁" for spaces and bytes for the unknown."""
    model = tokenizer.get("model", {})
    # Once spaces are replaced, Gemma's split at spaces splits nothing.
    split = tokenizer.get("pre_tokenizer")
    whole = split is None or (split.get("type"), split.get("pattern")) == ("Split", {"String": " "})
    normalized = tokenizer.get("normalizer") in (_REPLACED, _WITH_PREFIX)
    return model.get("type") == "BPE" and bool(model.get("byte_fallback")) and whole and normalized


def _kind(text: str, added: Json | None) -> int:
    if added is not None:
        return CONTROL if added.get("special") else USER_DEFINED
    return BYTE if len(text) == 6 and text.startswith("<0x") and text.endswith(">") else NORMAL


def _ranks(model: Json, plain: set[str]) -> dict[str, int]:
    """Return when each token is made. Raises ``ModelError`` unless SPM would make the same."""
    # Written as one string until 2024; no token has a space in it.
    merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"]]
    ranks: dict[str, int] = {}
    for rank, pair in enumerate(merges):
        ranks.setdefault("".join(pair), rank)
    order = [ranks["".join(pair)] for pair in merges]
    if order != sorted(order) or not _all_pairs(plain) <= set(merges):
        raise ModelError(
            "The tokenizer merges other pairs than SentencePiece would, so llama.cpp would split "
            "text in another way.",
            PUBLISHED,
        )
    return ranks


def _all_pairs(plain: set[str]) -> set[tuple[str, ...]]:
    """Return every pair of tokens that makes a token; added ones are found before any merge."""
    return {
        (text[:at], text[at:])
        for text in plain
        for at in range(1, len(text))
        if text[:at] in plain and text[at:] in plain
    }
