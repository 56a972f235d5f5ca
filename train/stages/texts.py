"""Prompts and replies as token ids, exactly as marking makes them, within a length.

    texts = Texts(loaded, max_tokens=1024)
    texts.within(example, lambda one: [texts.tokens(asked(name, one))], cut=("answer",))

Special tokens are parsed in our wording only: a child who types <end_of_turn> ends nothing.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec

from runtime.judge.prompt import Prompt, answer_segments, render, token_ids
from runtime.judge.prompt.wording import HEAD_SHARE, OMITTED
from train.bases import Loaded

_TRIES = 8
"""One is the rule, a second where two fields are cut or tokens are of odd lengths."""

Text = TypeVar("Text", bound=msgspec.Struct)


class Tokens(NamedTuple):
    """A prompt and the reply to learn (empty where the last token is classified)."""

    prompt: list[int]
    reply: list[int]

    @property
    def length(self) -> int:
        """How many tokens the model reads."""
        return len(self.prompt) + len(self.reply)


class Texts:
    """Tokenizes for one base, with its tokenizer and chat template."""

    def __init__(self, loaded: Loaded, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self._loaded = loaded
        self._bos = loaded.tokenizer.bos_token or ""
        self._eos = loaded.tokenizer.eos_token or ""

    def tokens(self, prompt: Prompt, reply: str = "") -> Tokens:
        """Return the ids of a prompt and, if there is one, of the reply with its turn's end."""
        segments = render(prompt, self._loaded.template, bos=self._bos, eos=self._eos)
        ids = token_ids(segments, self._loaded.encode)
        return Tokens(ids, self.reply(reply) if reply else [])

    def reply(self, text: str) -> list[int]:
        """Return the ids of a reply with its turn's end."""
        segments = answer_segments(text, self._loaded.template, bos=self._bos, eos=self._eos)
        return token_ids(segments, self._loaded.encode)

    def within(
        self, text: Text, build: Callable[[Text], list[Tokens]], cut: tuple[str, ...]
    ) -> list[Tokens] | None:
        """Return what ``build`` makes of a text, shortened until all of it fits ``max_tokens``.

        Only the fields in ``cut`` are shortened, the longest of them where marking cuts an answer,
        never the reply to learn; None if that is not enough, and the text is to be left out.
        """
        for _ in range(_TRIES):
            built = build(text)
            longest = max(tokens.length for tokens in built)
            if longest <= self.max_tokens:
                return built
            shorter = self._shortened(text, cut, longest - self.max_tokens)
            if shorter is None:
                return None
            text = shorter
        return None

    def _shortened(self, text: Text, cut: tuple[str, ...], too_many: int) -> Text | None:
        values = {name: getattr(text, name) or "" for name in cut}
        name = max(values, key=lambda field: len(values[field]), default="")
        value = values.get(name, "")
        tokens = max(1, len(self._loaded.encode(value, False)))
        # A tenth more: tokens are not all as long.
        drop = int(1.1 * too_many * len(value) / tokens) + len(OMITTED) + 1
        # At most three quarters at once: the next round may cut another field.
        keep = max(len(value) - drop, len(value) // 4)
        if keep < len(OMITTED):
            return None
        head = round(keep * HEAD_SHARE)
        tail = keep - head
        shorter = value[:head] + OMITTED + value[-tail:]
        return msgspec.structs.replace(text, **{name: shorter})
