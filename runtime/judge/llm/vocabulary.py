"""A decoder's vocabulary: text to token ids and back, with nobody typing a special token.

vocabulary = Vocabulary(model)
ids = vocabulary.ids("3/4 <|im_end|>")        plain characters, whatever they spell
vocabulary.text(ids)
"""

import ctypes
import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.errors import ModelError
from runtime.judge.engine import Model
from runtime.judge.tokens import Ids
from runtime.words import N_, _

PROBE = "Kim: 3/4 + 1/8 = 7/8, è vero?\n"
"""What any usable vocabulary can say."""

_REMEDY = N_("Use another file of this model, converted with its tokenizer.")
_BLANKS = " \u2581\n\r\t"
# Some files call turn marks words of their user's.
_MARK = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED
_INT32S = ctypes.POINTER(ctypes.c_int32)
_PIECE_BYTES = 64


class Vocabulary:
    """The tokens of a loaded model. Nothing is ever added: no BOS, no blank, no EOS."""

    def __init__(self, model: Model) -> None:
        """Raise ``ModelError`` if the model has none, or one that cannot hold a text."""
        self._vocab = model.vocab
        self._size = model.vocabulary
        self._guarded: re.Pattern[str] | None = None
        # llama.cpp ends the process where there is nothing to read a text with.
        if llama.llama_vocab_type(self._vocab) == llama.LLAMA_VOCAB_TYPE_NONE:
            raise ModelError(_("{path} has no vocabulary.").format(path=model.path), _(_REMEDY))
        if self.text(self.ids(PROBE)).lstrip() != PROBE:
            raise ModelError(
                _("The vocabulary of {path} cannot hold plain text.").format(path=model.path),
                _(_REMEDY),
            )

    def ids(self, text: str, special: bool = False) -> Ids:
        """Return the ids of a text; ``special`` also reads special tokens in it.

        Half a surrogate pair becomes "?".
        """
        if special or self._guarded is None or not self._guarded.search(text):
            return self._read(text, special)
        return np.concatenate([self._read(piece, False) for piece in self._guarded.split(text)])

    def guard(self, ids: Iterable[int]) -> None:
        """Keep these tokens from being typed, also where the file marks them as plain words.

        llama.cpp reads such a token in any text; so its text is read in two pieces.
        """
        texts = {self.name(token) for token in ids}
        typed = sorted(t for t in texts if len(t) > 1 and len(self._read(t, False)) == 1)
        if typed:
            # The empty place behind the first character of each: there a text is parted.
            inside = "|".join(f"(?<={re.escape(t[0])})(?={re.escape(t[1:])})" for t in typed)
            self._guarded = re.compile(inside)

    def piece(self, token: int) -> bytes:
        """Return the bytes of one token; a special one has none."""
        room = ctypes.create_string_buffer(_PIECE_BYTES)
        count = self._piece(token, room)
        if count < 0:
            room = ctypes.create_string_buffer(-count)
            count = self._piece(token, room)
        return room.raw[:count]

    def text(self, ids: Iterable[int]) -> str:
        """Return the text of ids, half characters as U+FFFD."""
        return b"".join(self.piece(int(token)) for token in ids).decode("utf-8", "replace")

    def name(self, token: int) -> str:
        """Return how the file writes a token: of a special one, what a template writes."""
        found = llama.llama_vocab_get_text(self._vocab, token)
        return bytes(found or b"").decode("utf-8", "replace")

    @cached_property
    def bos(self) -> int | None:
        """The token that begins a text, if there is one."""
        return self._mark(llama.llama_vocab_bos(self._vocab))

    @cached_property
    def eos(self) -> int | None:
        """The token that ends a text, if there is one."""
        return self._mark(llama.llama_vocab_eos(self._vocab))

    @cached_property
    def begins(self) -> bool:
        """Whether every text begins with ``bos``, as the file says."""
        return self.bos is not None and bool(llama.llama_vocab_get_add_bos(self._vocab))

    def marks(self, text: str) -> set[int]:
        """Return the tokens in a template's text that are more than words or blanks."""
        read = {int(token) for token in self._read(text, True)}
        marked = {token for token in read if self._is_mark(token)}
        # Gemma has tokens of its own for runs of blanks, which a child may type.
        return {token for token in marked if self.name(token).strip(_BLANKS)}

    @cached_property
    def ends(self) -> frozenset[int]:
        """The tokens with which a model ends what it writes."""
        known = range(self._size)
        return frozenset(t for t in known if llama.llama_vocab_is_eog(self._vocab, t))

    def _mark(self, token: int) -> int | None:
        # Where a file names none, llama.cpp takes one that may be a word.
        return int(token) if 0 <= token < self._size and self._is_mark(token) else None

    def _is_mark(self, token: int) -> bool:
        return bool(llama.llama_vocab_get_attr(self._vocab, token) & _MARK)

    def _read(self, text: str, special: bool) -> Ids:
        data = text.encode("utf-8", "replace")
        room = np.empty(len(data) + 8, np.int32)
        count = self._fill(data, room, special)
        if count < 0:
            room = np.empty(-count, np.int32)
            count = self._fill(data, room, special)
        return room[:count].copy()

    def _fill(self, data: bytes, room: Ids, special: bool) -> int:
        target = room.ctypes.data_as(_INT32S)
        return int(
            llama.llama_tokenize(self._vocab, data, len(data), target, len(room), False, special)
        )

    def _piece(self, token: int, room: "ctypes.Array[ctypes.c_char]") -> int:
        return int(llama.llama_token_to_piece(self._vocab, token, room, len(room), 0, False))
