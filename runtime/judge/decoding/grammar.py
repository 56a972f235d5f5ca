"""Constrained decoding: the next token is the likeliest that a grammar allows.

    with Grammar(model, 'root ::= "yes" | "no"') as grammar, grammar.begin() as course:
        token = course.pick(logits)          # None where nothing may follow
        course.accept(token)

The grammar is llama.cpp's. Asking it about every token of a large vocabulary costs as much as a
decode step, and what a model likes best is nearly always allowed: so the likeliest token is tried
alone, then a few hundred, and only then all of them.
"""

import ctypes
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as llama
from numpy.typing import NDArray

from runtime.closing import Closing
from runtime.errors import BadInputError
from runtime.judge.decoding import gbnf
from runtime.judge.engine import Model
from runtime.words import _

FEW = 256
"""Tokens that are tried before all: 0.2 ms, where 150,000 take 50 to 100."""

Row = NDArray[np.float32]
Tokens = NDArray[np.int32]

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
"""``llama_token_data``."""


class Grammar(Closing):
    """A grammar over one model's vocabulary. Close it before the model.

    ``ends`` are the tokens that end a reply, ``end_tokens`` if not given. Raises ``BadInputError``
    if the grammar cannot be used.
    """

    def __init__(self, model: Model, text: str, ends: Tokens | None = None) -> None:
        gbnf.check(text)
        self.model = model
        self.ends = end_tokens(model) if ends is None else ends
        root = gbnf.ROOT.encode()
        self._handle: Any = llama.llama_sampler_init_grammar(model.vocab, text.encode(), root)
        if not self._handle:
            raise BadInputError(_("llama.cpp cannot use the grammar."), _("Write it more simply."))

    def begin(self) -> "Course":
        """Return a course at the grammar's beginning; as many as you like, each to be closed."""
        return Course(self, llama.llama_sampler_clone(self._handle))

    def close(self) -> None:
        """Free the grammar; its courses go on."""
        if self._handle:
            llama.llama_sampler_free(self._handle)
            self._handle = None


class Course(Closing):
    """Where one reply stands in its grammar."""

    def __init__(self, grammar: Grammar, handle: object) -> None:
        self._model = grammar.model
        self._ends = grammar.ends
        known = (t for t in grammar.ends if llama.llama_vocab_is_eog(self._model.vocab, t))
        self._end = next(known, None)
        self._handle: Any = handle

    def pick(self, logits: Row) -> int | None:
        """Return the likeliest allowed token, ``None`` where none is.

        ``logits``: ``(vocabulary,)``. Where the reply may end and none of the ``FEW`` likeliest
        tokens may follow, it ends.
        """
        best = int(logits.argmax())
        if self._allowed(np.array([best], np.int32), logits) is not None:
            return best
        few = min(FEW, len(logits))
        likeliest = np.sort(np.argpartition(logits, -few)[-few:]).astype(np.int32)
        for tried in (likeliest, self._ends, np.arange(len(logits), dtype=np.int32)):
            found = self._allowed(tried, logits)
            if found is not None:
                return found
        return None

    def ends(self, token: int) -> bool:
        """Whether a token ends the reply."""
        return token in self._ends

    def accept(self, token: int) -> None:
        """Go on behind a token that ``pick`` returned; any other ends the process."""
        llama.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        """Free the course; a second call does nothing."""
        if self._handle:
            llama.llama_sampler_free(self._handle)
            self._handle = None

    def _allowed(self, tokens: Tokens, logits: Row) -> int | None:
        """Return the likeliest of ``tokens`` that may follow, the first of equals."""
        candidates = np.zeros(len(tokens), _CANDIDATE)
        candidates["id"] = self._known_as(tokens)
        candidates["logit"] = logits[tokens]
        self._apply(candidates)
        while len(candidates):
            at = int(candidates["logit"].argmax())
            if candidates["logit"][at] == -np.inf:
                return None
            token = int(tokens[at])
            # A grammar sees the letters of <|im_start|>; the token itself is never a reply's.
            if token in self._ends or not llama.llama_vocab_is_control(self._model.vocab, token):
                return token
            candidates["logit"][at] = -np.inf
        return None

    def _known_as(self, tokens: Tokens) -> Tokens:
        """Name every end after one that llama.cpp knows, so that it treats all alike."""
        if self._end is None:
            return tokens
        return np.where(np.isin(tokens, self._ends), np.int32(self._end), tokens)

    def _apply(self, candidates: "NDArray[np.void]") -> None:
        """Let llama.cpp set the logits of what may not follow to minus infinity."""
        data = ctypes.cast(candidates.ctypes.data, llama.llama_token_data_p)
        array = llama.llama_token_data_array(data, len(candidates), -1, False)
        llama.llama_sampler_apply(self._handle, ctypes.byref(array))


def end_tokens(model: Model) -> Tokens:
    """Return the tokens that end a reply in this vocabulary."""
    ids = range(model.vocabulary)
    return np.array([i for i in ids if llama.llama_vocab_is_eog(model.vocab, i)], np.int32)
