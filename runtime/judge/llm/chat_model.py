"""A decoder that can be talked to: its weights, its vocabulary and its chat template.

    with ChatModel.open(path) as chat:
        prompt = chat.prompt(mark_maths(item))
        question = chat.question(asked.messages, asked.reply_start, asked.labels)
        chat.text(ids)

Text goes in as ``runtime.judge.prompt`` renders it for training: the same ids.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge import prompt as contract
from runtime.judge.decoding.sequences import Prompt
from runtime.judge.engine import Model
from runtime.judge.llm.labels import tokenized
from runtime.judge.llm.vocabulary import Vocabulary
from runtime.judge.prompt import Message, Segment
from runtime.judge.prompt.parts import ours
from runtime.judge.tokens import Ids
from runtime.words import N_, _

GET_ANOTHER = N_("Get the file again, or another model: kindmark models list")
_TEMPLATE_KEY = "tokenizer.chat_template"
_EMPTY = (Message("system", (ours("x"),)), Message("user", (ours("x"),)))


class Question(NamedTuple):
    """A prompt up to where its labels part, and the labels' ids; see ``labels``."""

    prompt: Prompt
    labels: tuple[Ids, ...]


class ChatModel(Closing):
    """A decoder with its vocabulary and its template. It owns the ``model`` and closes it."""

    def __init__(self, model: Model, template: str) -> None:
        """Raise ``ModelError`` if the vocabulary or the template is of no use."""
        self.model = model
        self.template = template
        self.vocabulary = Vocabulary(model)
        bos, eos = self.vocabulary.bos, self.vocabulary.eos
        self._bos = "" if bos is None else self.vocabulary.name(bos)
        self._eos = "" if eos is None else self.vocabulary.name(eos)
        framed = contract.render(_EMPTY, template, bos=self._bos, eos=self._eos)
        self.vocabulary.guard(self._marks(framed) | self.ends)

    @classmethod
    def open(cls, path: Path, template: str | None = None) -> Self:
        """Load a GGUF file, to be talked to by its own template or by the one given.

        ``PLAIN_TEMPLATE`` is one for bases that bring none. Raises ``ModelError`` if the file is
        missing, damaged, no decoder, or has neither a template nor a usable vocabulary.
        """
        header = gguf_header.read(path, _(GET_ANOTHER))
        if header.metadata.get("general.type", "model") != "model":
            raise ModelError(
                _("{path} is no model, but what belongs to one.").format(path=path), _(GET_ANOTHER)
            )
        found = template or str(header.metadata.get(_TEMPLATE_KEY, ""))
        if not found.strip():
            raise ModelError(
                _("{path} has no chat template: it was not trained to answer.").format(path=path),
                _("Use the variant of this model that was ('instruct', 'chat' or 'it')."),
            )
        model = _loaded(path)
        try:
            return cls(model, found)
        except ModelError:
            model.close()
            raise

    def prompt(self, messages: contract.Prompt, reply_start: str = "") -> Prompt:
        """Return the ids of a conversation up to where the reply goes on after ``reply_start``.

        Raises ``ModelError`` naming the template's fault.
        """
        return self._prompt(messages, self.vocabulary.ids(reply_start))

    def question(
        self, messages: contract.Prompt, reply_start: str, labels: Sequence[str]
    ) -> Question:
        """Return the ids of a conversation and of the replies ``reply_start + label`` to it.

        Raises ``ModelError`` if the vocabulary cannot tell the replies apart.
        """
        start, ids = tokenized(reply_start, labels, self.vocabulary.ids)
        return Question(self._prompt(messages, start), ids)

    def label_ids(self, texts: Sequence[str]) -> tuple[Ids, ...]:
        """Return the ids of replies that begin with nothing in common; see ``question``."""
        return tokenized("", texts, self.vocabulary.ids).labels

    def text(self, ids: Iterable[int]) -> str:
        """Return the text of ids; special tokens have none."""
        return self.vocabulary.text(ids)

    def piece(self, token: int) -> bytes:
        """Return the bytes of one token: it may be half a character."""
        return self.vocabulary.piece(token)

    def measure(self, text: str) -> int:
        """Return how many tokens a text has, as ``prompt`` writes it."""
        return len(self.vocabulary.ids(unicodedata.normalize("NFC", text)))

    def room(self, tokens: int) -> int:
        """Return how many of ``tokens`` are left for words beside what the template adds."""
        return max(0, tokens - self._added)

    @cached_property
    def ends(self) -> frozenset[int]:
        """The tokens with which a reply ends."""
        segments = contract.answer_segments("", self.template, bos=self._bos, eos=self._eos)
        end = self._marks(segments)
        return self.vocabulary.ends | (end if len(end) == 1 else set())

    def close(self) -> None:
        """Free the weights; a second call does nothing."""
        self.model.close()

    @cached_property
    def _added(self) -> int:
        # As many again for words that are parted where the template's begin.
        return 2 * len(self.prompt(_EMPTY).ids)

    def _prompt(self, messages: contract.Prompt, start: Ids) -> Prompt:
        segments = contract.render(messages, self.template, bos=self._bos, eos=self._eos)
        shared = contract.public_segments(segments)
        public = self._begun(contract.token_ids(shared, self._encode))
        own = contract.token_ids(segments[len(shared) :], self._encode)
        return Prompt(np.array([*public, *own, *start.tolist()], np.int32), len(public))

    def _begun(self, ids: list[int]) -> list[int]:
        """Return the ids of a text, begun as the file says where the template does not."""
        bos = self.vocabulary.bos
        if bos is None or not self.vocabulary.begins or ids[:1] == [bos]:
            return ids
        return [bos, *ids]

    def _encode(self, text: str, special: bool) -> list[int]:
        return [int(token) for token in self.vocabulary.ids(text, special)]

    def _marks(self, segments: Sequence[Segment]) -> set[int]:
        return {t for one in segments if one.special for t in self.vocabulary.marks(one.text)}


def _loaded(path: Path) -> Model:
    try:
        model = Model(path)
    except ModelError as error:
        raise ModelError(error.message, _(GET_ANOTHER)) from None
    # What reads with one network and writes with another (T5) is fed in another way.
    if model.encodes or llama.llama_model_has_encoder(model.handle):
        model.close()
        raise ModelError(
            _("{path} is an encoder: it predicts no next token.").format(path=path), _(GET_ANOTHER)
        )
    return model
