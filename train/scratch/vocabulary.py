"""The practice judge's tokenizer: Qwen2's kind, with a small vocabulary learnt from our own texts.

    tokenizer = practice_tokenizer()

Byte-level BPE with the split rule, special tokens and turns of Qwen2, which llama.cpp knows. Every
digit is a token of its own, so that numbers can be compared place by place.
"""

import json
from functools import cache
from itertools import chain

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, trainers
from tokenizers import pre_tokenizers as pre
from transformers import PreTrainedTokenizerBase, Qwen2Tokenizer
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

from runtime.judge.prompt import CHATML_TEMPLATE
from runtime.judge.prompt.wording import VERDICT_WORDS
from train.scratch.teacher import every_sentence
from train.simulate.maths.answers import maths_answers

VOCABULARY = 1536
"""Three and a half characters a token on marking prompts; more would be mostly embeddings."""

ANSWERS = 2_000
"""Simulated answers that it is learnt from: every template and unit many times, in a second."""

CHATML = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


_WORDS = (
    "question reference_answer student_answer checks user assistant system pupil teacher mark",
)
"""Words around every answer. Not the prompts' whole wording: it would make another vocabulary, and
so another model, at every change of it."""


def practice_tokenizer() -> PreTrainedTokenizerBase:
    """Return a new tokenizer with its chat template; the same each time."""
    vocabulary, merges = _trained()
    tokenizer = Qwen2Tokenizer(vocab=dict(vocabulary), merges=list(merges), eos_token="<|im_end|>")
    tokenizer.add_tokens([AddedToken(token, special=True) for token in CHATML])
    tokenizer.chat_template = CHATML_TEMPLATE
    return tokenizer


@cache
def _trained() -> tuple[dict[str, int], list[tuple[str, str]]]:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre.Sequence(
        [
            pre.Split(Regex(PRETOKENIZE_REGEX), "isolated"),
            pre.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(CHATML),
        initial_alphabet=pre.ByteLevel.alphabet(),
        show_progress=False,
    )
    answers = maths_answers(ANSWERS, 0)
    texts = chain.from_iterable((one.question, one.answer, one.reference or "") for one in answers)
    # The teacher's words are read as often as the answers.
    ours = [*_WORDS, *every_sentence(), *VERDICT_WORDS.values()] * 200
    tokenizer.train_from_iterator([*texts, *ours], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [(left, right) for left, right in model["merges"]]
