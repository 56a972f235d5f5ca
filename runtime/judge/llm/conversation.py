"""A study session's memory: a child's questions about one marked answer, and the replies.

    talk = Conversation(chat, sequences, opening, told)
    for sentence in talk.ask("Why is line 2 wrong?"):
        print(sentence)

The last turns are kept within a budget of tokens; the prompt about the item always stays. All of it
lies in memory, so a question costs its own tokens. When old turns go, the ones that stay are read
again, and nothing before them.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from runtime.errors import BadInputError
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.decoding.writing import Writer, WriteRequest
from runtime.judge.llm.asking import Asked, converse
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.grammars import FEEDBACK
from runtime.judge.llm.sentences import Shown
from runtime.judge.prompt import Prompt as Messages
from runtime.judge.prompt import converse as go_on
from runtime.judge.tokens import Ids
from runtime.marking.feedback_check import LANGUAGES, Told, find_faults
from runtime.words import _

TURNS_TOKENS = 1024
"""Tokens that questions and replies may take together: some eight turns."""

REPLY_TOKENS = 80
"""One to three short sentences."""

INSTEAD = {
    "en": "Good question. Read the task once more: what does it ask for?",
    "it": "Buona domanda. Rileggi il compito: che cosa ti chiede?",
}
"""What a child reads where the model's own reply may not be shown."""


class Opening(NamedTuple):
    """Where a conversation begins: what was asked about the item, and which reply was decided."""

    asked: Asked
    value: str


class _Turn(NamedTuple):
    """``reveal`` is as it was then: what was read once is never put differently."""

    question: str
    reveal: bool
    reply: str = ""


class _Reply(NamedTuple):
    """What was written last. ``read`` is the prompt before it as it would be read anew, ``held``
    as it lies in memory; ``ids`` are the reply's tokens there and ``text`` what the child saw.
    """

    read: Ids
    held: Ids
    ids: Ids
    text: str


class Conversation:
    """One child's questions about one answer. Owns nothing; not for two threads at once.

    ``notes`` say what was forgotten or kept back, for whoever looks after the session.
    """

    def __init__(
        self,
        chat: ChatModel,
        sequences: Sequences,
        opening: Opening,
        told: Told,
        budget: int = TURNS_TOKENS,
    ) -> None:
        """Raise ``BadInputError`` for a language in which code cannot check what is written."""
        if told.language not in LANGUAGES:
            raise BadInputError(
                _("A session cannot be held in the language {language!r}.").format(
                    language=told.language
                ),
                _("Use one of: {languages}.").format(languages=", ".join(sorted(LANGUAGES))),
            )
        self.notes: list[str] = []
        self._chat = chat
        self._writer = Writer(sequences, chat.ends)
        self._opening = opening
        self._told = told
        self._budget = budget
        self._turns: list[_Turn] = []
        self._last: _Reply | None = None
        self._start = len(chat.prompt(opening.asked.messages).ids)

    def ask(self, question: str) -> Iterator[str]:
        """Yield the reply sentence by sentence; read it to the end, or the turn is not kept.

        Raises ``BadInputError`` if the question alone is longer than the budget, and as
        ``Writer.write`` does; then the question is not kept either.
        """
        read, prompt = self._prompt(question)
        shown = Shown(partial(find_faults, told=self._told))
        written = ""
        ids: tuple[int, ...] = ()
        for piece in self._writer.write([WriteRequest(prompt, FEEDBACK, REPLY_TOKENS, keep=True)]):
            written, ids = written + piece.text, piece.ids
            yield from shown.add(piece.text)
        yield from shown.end()
        if shown.fault:
            self.notes.append(f"A reply was kept back: {shown.fault}")
        if not shown.text:
            yield INSTEAD[self._told.language]
        said = shown.text or INSTEAD[self._told.language]
        self._turns.append(_Turn(question, self._told.reveal, said))
        same = written.strip() == said
        kept = np.array(ids, np.int32) if same else self._chat.vocabulary.ids(said)
        self._last = _Reply(read, prompt.ids, kept, said)

    def reveal(self) -> None:
        """Let replies tell the answer from now on: the last hint was given."""
        self._told = msgspec.structs.replace(self._told, reveal=True)

    @property
    def turns(self) -> int:
        """How many turns are remembered."""
        return len(self._turns)

    def _prompt(self, question: str) -> tuple[Ids, Prompt]:
        """Return the ids of the conversation with a new question, as read anew and as held.

        If it has grown too long, it is halved: forgetting a turn at a time would have all that is
        left read again at every question.
        """
        turns, most = list(self._turns), self._budget
        while True:
            read = self._chat.prompt(self._messages(turns, question))
            tokens = len(read.ids) - self._start + REPLY_TOKENS
            if tokens <= most or (not turns and tokens <= self._budget):
                break
            if not turns:
                raise BadInputError(
                    _(
                        "With this question a session takes {tokens} tokens; {most} is the most."
                    ).format(tokens=tokens, most=self._budget),
                    _("Ask in fewer words."),
                )
            most = self._budget // 2
            del turns[0]
        self._forget(len(self._turns) - len(turns))
        return read.ids, Prompt(self._joined(read.ids), read.public)

    def _forget(self, count: int) -> None:
        if count:
            del self._turns[:count]
            self._last = None
            self.notes.append(f"The oldest turns ({count}) were forgotten to make room.")

    def _messages(self, turns: Sequence[_Turn], question: str) -> Messages:
        asked, value = self._opening
        item = self._told.item
        first, *others = [*turns, _Turn(question, self._told.reveal)]
        messages = converse(item, asked, value, first.question, reveal=first.reveal)
        for before, turn in zip(turns, others, strict=True):
            messages = go_on(
                messages,
                before.reply,
                turn.question,
                language=item.language,
                grade=item.grade_level,
                reveal=turn.reveal,
            )
        return messages

    def _joined(self, ids: Ids) -> Ids:
        """Put what lies in memory in the place of what would be read anew.

        A model may write a text in other tokens than the text would be read in.
        """
        if self._last is None:
            return ids
        read, held, written, text = self._last
        known = np.concatenate([read, self._chat.vocabulary.ids(text)])
        if not np.array_equal(ids[: len(known)], known):
            return ids
        return np.concatenate([held, written, ids[len(known) :]])
