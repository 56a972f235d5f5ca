from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.shapes import SHAPES, tensors
from benchmarks.vocabulary import SPECIAL, Vocabulary, learn
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.prompt import mark_short_answer
from runtime.marking.item import Item, Task

TINY = SHAPES["tiny"]


@pytest.fixture(scope="module")
def chat(tiny_shape: Path) -> Iterator[ChatModel]:
    with ChatModel.open(tiny_shape) as chat:
        yield chat


def test_a_shape_has_as_many_weights_as_the_published_model() -> None:
    counts = {
        name: sum(int(np.prod(size)) for size in tensors(SHAPES[name]).values())
        for name in ("qwen2.5-1.5b", "qwen2.5-0.5b")
    }
    # As the model cards say: 1.54 and 0.49 billion.
    assert counts == {"qwen2.5-1.5b": 1_543_714_304, "qwen2.5-0.5b": 494_032_768}


def test_the_vocabulary_has_the_size_that_was_asked_for(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.tokens) == len({*vocabulary.tokens}) == TINY.vocabulary


def test_pseudo_words_come_of_no_merge(vocabulary: Vocabulary) -> None:
    made = {merge.replace(" ", "") for merge in vocabulary.merges}
    filler = {*vocabulary.tokens} - made - {*SPECIAL}
    assert len([token for token in filler if len(token) > 1]) > 100


def test_too_small_a_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        learn(["one"], 200)


def test_llama_cpp_reads_words_as_they_were_learnt(chat: ChatModel) -> None:
    ids = chat.vocabulary.ids("Correct")
    assert len(ids) == 1
    assert chat.text(chat.vocabulary.ids("Why, 3/4 è giusto?")) == "Why, 3/4 è giusto?"


def test_a_turn_is_marked_as_in_chatml(chat: ChatModel) -> None:
    item = Item(id="1", task=Task.SHORT_ANSWER, question="Why?", reference="So.", answer="No.")
    names = [chat.vocabulary.name(int(i)) for i in chat.prompt(mark_short_answer(item)).ids]
    assert (names[0], names.count("<|im_start|>"), names.count("<|im_end|>")) == (
        "<|im_start|>",
        3,
        2,
    )


def test_no_reply_ends_by_itself(chat: ChatModel) -> None:
    with CausalContext(chat.model, CausalLimits(256, threads=1)) as context:
        for start in ("Name a colour.", "Perché?", "3 + 4 ="):
            ids = chat.vocabulary.ids(start)
            assert not {*context.continued(ids, 60)} & chat.ends


def test_logits_are_of_an_ordinary_size(chat: ChatModel) -> None:
    with CausalContext(chat.model, CausalLimits(64, threads=1)) as context:
        logits = context.logits(chat.vocabulary.ids("The ice swims on the water."))
    assert 0.3 < float(logits.std()) < 3
