"""Tokenizers for tiny models: each of its architecture's true kind, trained on texts of ours.

tiny_tokenizer("qwen2").encode("3 + 4")

The split rules are those of the published tokenizers, so that what llama.cpp implements for the
true model fits the tiny one.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, trainers
from tokenizers import pre_tokenizers as pre
from transformers import (
    BertTokenizer,
    GemmaTokenizer,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    Qwen2Tokenizer,
)
from transformers.convert_slow_tokenizer import generate_merges
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX as QWEN2_SPLIT

from train.bases.texts import training_texts
from train.recipe import Architecture

Vocabulary = dict[str, int]
Merges = list[tuple[str, str]]

VOCABULARY = 2048
"""Three characters a token on our own texts; more would cost more in logits than it saves."""

LLAMA3_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Llama 3 differs from Qwen2 in one place: digits go in threes, not one by one."""

CHATML = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
GEMMA = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>")
LLAMA = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
)
BERT = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def tiny_tokenizer(architecture: Architecture) -> PreTrainedTokenizerBase:
    """Return a new tokenizer of ``VOCABULARY`` tokens or a few less; the same each time."""
    vocabulary, merges = _trained(architecture)
    return _BUILDERS[architecture](dict(vocabulary), list(merges))


def _qwen(vocabulary: Vocabulary, merges: Merges) -> PreTrainedTokenizerBase:
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=merges, eos_token="<|im_end|>")
    tokenizer.add_tokens([AddedToken(token, special=True) for token in CHATML])
    return tokenizer


def _gemma(vocabulary: Vocabulary, _: Merges) -> PreTrainedTokenizerBase:
    # SentencePiece merges any two tokens that make a third; the published tokenizer lists them.
    every = generate_merges(vocabulary, None, GEMMA)
    tokenizer = GemmaTokenizer(vocab=vocabulary, merges=every)
    tokenizer.add_tokens([AddedToken(token, special=True) for token in GEMMA])
    return tokenizer


def _llama(vocabulary: Vocabulary, merges: Merges) -> PreTrainedTokenizerBase:
    inner = _byte_level(LLAMA3_SPLIT, models.BPE(vocab=vocabulary, merges=merges))
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens(list(LLAMA))
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot_id|>",
        # Llama 3 has no padding token; its end of text never stands inside one.
        pad_token="<|end_of_text|>",
    )


def _bert(vocabulary: Vocabulary, _: Merges) -> PreTrainedTokenizerBase:
    return BertTokenizer(vocab=vocabulary)


_BUILDERS: Mapping[Architecture, Callable[[Vocabulary, Merges], PreTrainedTokenizerBase]] = {
    "qwen2": _qwen,
    "qwen3": _qwen,
    "gemma": _gemma,
    "gemma3n": _gemma,
    "llama": _llama,
    "bert": _bert,
}


@cache
def _trained(architecture: Architecture) -> tuple[Vocabulary, Merges]:
    """Return vocabulary and merges, learnt with the split rules of the architecture."""
    if architecture == "bert":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre.BertPreTokenizer()
        trainer: trainers.Trainer = trainers.WordPieceTrainer(
            vocab_size=VOCABULARY,
            special_tokens=[*BERT, *_continuations(tokenizer)],
            show_progress=False,
        )
    elif architecture in {"gemma", "gemma3n"}:
        tokenizer = _sentencepiece_like()
        trainer = _bpe_trainer([*GEMMA, *(f"<0x{byte:02X}>" for byte in range(256))])
    else:
        split, special = (LLAMA3_SPLIT, LLAMA) if architecture == "llama" else (QWEN2_SPLIT, CHATML)
        tokenizer = _byte_level(split, models.BPE())
        trainer = _bpe_trainer(list(special), pre.ByteLevel.alphabet())
    tokenizer.train_from_iterator(training_texts(), trainer)
    return _parts(tokenizer)


def _continuations(tokenizer: Tokenizer) -> list[str]:
    """Return every character that goes on with a word, as WordPiece writes it.

    The trainer numbers them in the order of a hash table, which differs from run to run; those
    that it is given, it leaves in the order given.
    """
    texts = (tokenizer.normalizer.normalize_str(text) for text in training_texts())
    words = (word for text in texts for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text))
    return [f"##{character}" for character in sorted({c for word in words for c in word[1:]})]


def _parts(tokenizer: Tokenizer) -> tuple[Vocabulary, Merges]:
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [(left, right) for left, right in model.get("merges", [])]


def _byte_level(split: str, model: models.Model) -> Tokenizer:
    tokenizer = Tokenizer(model)
    if split == QWEN2_SPLIT:
        tokenizer.normalizer = normalizers.NFC()
    parts = [
        pre.Split(Regex(split), "isolated"),
        pre.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer.pre_tokenizer = pre.Sequence(parts)
    return tokenizer


def _sentencepiece_like() -> Tokenizer:
    """Return what Gemma's tokenizer is: BPE over "▁" for spaces, unknown characters as bytes."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre.Split("▁", "merged_with_next")
    return tokenizer


def _bpe_trainer(special: list[str], alphabet: list[str] | None = None) -> trainers.BpeTrainer:
    return trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=special,
        initial_alphabet=alphabet or [],
        show_progress=False,
    )
