"""A byte-level BPE vocabulary of any size, learnt from texts of ours: no tokenizer of others.

    vocabulary = learn(own_texts(), 151_936)
    vocabulary.tokens[vocabulary.end]      "<|im_end|>"
    python -m benchmarks.vocabulary        how many tokens were learnt, and of how many characters

What our texts do not fill is made up of pseudo-words that no merge leads to: no text is ever read
as one of them, but a model may write them, and a grammar has to look at each, as in a true model.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from tokenizers import Regex, Tokenizer, models, normalizers, trainers
from tokenizers import pre_tokenizers as pre
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

from train.bases.texts import training_texts

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
"""Qwen's, in the order of its vocabulary."""

_ROOT = Path(__file__).parents[1]
_PROSE = ("*.md", "*/*.md", "examples/*", "runtime/**/*.py", "train/**/*.py", "convert/**/*.py")
# What follows the special tokens in Qwen2.5's table of 151,936: tokens for tools, and padding.
_BEHIND_SPECIAL = 290
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


class Vocabulary(NamedTuple):
    """Tokens in byte-level letters by id, and the merges in order, "left right"."""

    tokens: tuple[str, ...]
    merges: tuple[str, ...]

    @property
    def special(self) -> frozenset[int]:
        """The ids of the special tokens."""
        return frozenset(self.tokens.index(token) for token in SPECIAL)

    @property
    def end(self) -> int:
        """The id of the token that ends a turn."""
        return self.tokens.index(SPECIAL[-1])


def own_texts(extra: Sequence[Path] = ()) -> list[str]:
    """Return this repository's prose, code, prompts and simulated pupils, and ``extra`` files."""
    files = [path for pattern in _PROSE for path in sorted(_ROOT.glob(pattern)) if path.is_file()]
    return training_texts() + [path.read_text("utf-8") for path in (*files, *extra)]


def learn(texts: Sequence[str], size: int) -> Vocabulary:
    """Return a vocabulary of ``size`` tokens, as many of them learnt as the texts give.

    Raises ``ValueError`` if there is no room for the 256 bytes and the special tokens.
    """
    behind = min(_BEHIND_SPECIAL, size // 16)
    room = size - behind - len(SPECIAL)
    if room < 256:
        raise ValueError(f"a vocabulary of {size} tokens is too small")
    tokens, merges = _learnt(texts, room)
    filler = _pseudo_words(set(tokens))
    tokens += islice(filler, room - len(tokens))
    return Vocabulary((*tokens, *SPECIAL, *islice(filler, behind)), tuple(merges))


def _learnt(texts: Sequence[str], room: int) -> tuple[list[str], list[str]]:
    """Return tokens and merges; Qwen2's own rule splits the texts, as llama.cpp will."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre.Sequence(
        [
            pre.Split(Regex(PRETOKENIZE_REGEX), "isolated"),
            pre.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=room, initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    return tokens, [" ".join(pair) for pair in model["merges"]]


def _pseudo_words(taken: set[str]) -> Iterator[str]:
    """Yield words of three syllables with a space before them, and longer ones behind."""
    for count in (3, 4):
        for syllables in product(_SYLLABLES, repeat=count):
            word = "Ġ" + "".join(syllables)
            if word not in taken:
                yield word


def main() -> None:
    """Print what the repository's own texts give."""
    texts = own_texts()
    tokens, _ = _learnt(texts, 151_643)
    print(f"{sum(map(len, texts)):,} characters give {len(tokens):,} tokens")


if __name__ == "__main__":
    main()
