"""Judges answers with a causal model: the probability of every verdict or score, never its text.

    with LlmJudge(subjects, Means(memory=2_000_000_000), {"model": digest}) as judge:
        for place, judgement in judge.judge_each(cases):
            judgement.verdicts.mode, judgement.verdicts.margin

What the answers of a class share is read once. A single answer gets the verdict that it gets in a
class, but where the two best are flagged as a near tie. An answer that cannot be asked about has no
verdict, and the reason as its notes.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from runtime.closing import Closing
from runtime.errors import BadInputError
from runtime.judge.decoding.branches import OutOfRoomError
from runtime.judge.decoding.layout import engine_digest
from runtime.judge.decoding.scoring import ScoreRequest, score
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.llm.asking import PromptName, ask
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.heads import by_head
from runtime.judge.llm.memory import TURN, Means, Memory, needs_of
from runtime.judge.llm.reading import Put, refused
from runtime.judge.llm.subjects import Group, Subjects
from runtime.judge.prompt import contract_digest
from runtime.marking.item import Item
from runtime.marking.judgement import Case, Judged, Judgement

LONGEST = 8192
"""Most tokens of a prompt: some 6,000 words. Longer answers and sources are cut, which is said."""

SPARE = 32
"""Tokens kept free behind a prompt: the start of a reply and a label."""

STEPS_A_TURN = 2
"""Steps after which verdicts are handed on: few enough to see them come, and the last step of each
turn, which is not full, costs little."""

MEASURED = 256
"""Texts whose length in tokens is remembered."""

SAMPLE = 32
"""So many of the longest answers are tokenized to plan memory: the longest in characters may not be
the longest in tokens, but hardly ever is it none of these."""


class LlmJudge(Closing):
    """A causal model as a judge, with its adapters. It owns the subjects and frees them.

    ``stopping``, if set, is asked many times a step whether to give up; then ``StoppedError`` comes
    through, and the next call works.
    """

    def __init__(self, subjects: Subjects, means: Means, digests: Mapping[str, str]) -> None:
        """Keep an open base with its adapters, what may be used, and what files all that is."""
        chat = subjects.chat
        self.memory = Memory(chat.model, means)
        self._subjects = subjects
        self._means = means
        # What a class shares is measured for every answer: most of it is known.
        self._measure = lru_cache(MEASURED)(chat.measure)
        words = means.reply + TURN if means.reply else 0
        self.room = chat.room(min(chat.model.positions, LONGEST) - words - SPARE)
        self._provenance: dict[str, str] = {
            **digests,
            "prompt": contract_digest(),
            "engine": engine_digest(means.tuned.step),
        }

    @property
    def chat(self) -> ChatModel:
        """The base, its vocabulary and its template."""
        return self._subjects.chat

    @property
    def stopping(self) -> Callable[[], bool] | None:
        """What is asked whether to give up."""
        return self.memory.stopping

    @stopping.setter
    def stopping(self, asked: Callable[[], bool] | None) -> None:
        self.memory.stopping = asked

    @property
    def provenance(self) -> dict[str, str]:
        """SHA-256 of the model, of its adapters and of the wording of the prompts, and what of the
        engine its numbers hang on (``engine_digest``)."""
        return self._provenance

    def groups(self, items: Sequence[Item]) -> list[Group]:
        """Return which adapter is asked about which items, and with which prompt."""
        return self._subjects.groups(items)

    def prepare(self, items: Iterable[Item]) -> None:
        """Make room for the longest of ``items``.

        Raises ``ModelError`` with the numbers if it cannot fit.
        """
        longest = heapq.nlargest(SAMPLE, items, key=_characters)
        groups = self._subjects.groups(longest)
        cases = [Case(item) for item in longest]
        puts = [put for group in groups for put in self._put(group, cases) if isinstance(put, Put)]
        if puts:
            self._sequences(puts, len(longest))

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Return one judgement a case, in order. Raises as ``judge_each`` does."""
        return [judgement for _, judgement in sorted(self.judge_each(cases), key=lambda j: j.place)]

    def judge_each(self, cases: Sequence[Case]) -> Iterator[Judged]:
        """Yield every case's judgement, as they come.

        Raises ``ModelError`` if the model fails or memory cannot hold what is to be read.
        """
        for group in self._subjects.groups([case.item for case in cases]):
            puts = []
            for put in self._put(group, cases):
                if isinstance(put, Put):
                    puts.append(put)
                else:
                    yield put
            if puts:
                yield from self._in_turns(group, puts)

    def put(self, group: Group, case: Case, place: int = 0) -> Put:
        """Return what one case is asked, in words and in tokens.

        Raises ``BadInputError`` if there is nothing to judge by, or no room for the answer.
        """
        name: PromptName = group.name
        asked = ask(case.item, case.evidence, self.room, self._measure, name=name)
        questions = [self.chat.question(a.messages, a.reply_start, a.labels) for a in asked]
        return Put(place, case.item, asked, tuple(questions))

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        self.memory.close()
        self._subjects.close()

    def _put(self, group: Group, cases: Sequence[Case]) -> Iterator[Put | Judged]:
        for place in group.places:
            try:
                yield self.put(group, cases[place], place)
            except BadInputError as error:
                yield Judged(place, refused(error))

    def _sequences(self, puts: Sequence[Put], answers: int) -> Sequences:
        prompts = [question.prompt for put in puts for question in put.questions]
        return self.memory.for_(needs_of(prompts, answers, self._means.reply + SPARE))

    def _in_turns(self, group: Group, puts: Sequence[Put]) -> Iterator[Judged]:
        sequences = self._sequences(puts, len(puts))
        sequences.use(group.subject.adapters, group.subject.digest)
        for turn in _turns(puts, STEPS_A_TURN * sequences.context.limits.step):
            try:
                yield from self._scored(sequences, group, turn)
            except OutOfRoomError:
                yield from self._one_by_one(sequences, group, turn)

    def _scored(self, sequences: Sequences, group: Group, turn: Sequence[Put]) -> list[Judged]:
        if group.subject.head:
            return by_head(sequences, self.chat, group, turn)
        return _by_labels(sequences, group, turn)

    def _one_by_one(
        self, sequences: Sequences, group: Group, turn: Sequence[Put]
    ) -> Iterator[Judged]:
        """Judge what fits; what does not even alone is left to the teacher."""
        for put in turn:
            try:
                yield from self._scored(sequences, group, [put])
            except OutOfRoomError as error:
                yield Judged(put.place, refused(error))


def _by_labels(sequences: Sequences, group: Group, turn: Sequence[Put]) -> list[Judged]:
    requests = [ScoreRequest(*question) for put in turn for question in put.questions]
    found = iter(score(sequences, requests))
    return [Judged(put.place, put.judged(group, [next(found) for _ in put.asked])) for put in turn]


def _turns(puts: Sequence[Put], tokens: int) -> Iterator[list[Put]]:
    """Yield answers by about as many tokens, those alike in length together."""
    turn: list[Put] = []
    for put in sorted(puts, key=lambda one: -one.tail):
        turn.append(put)
        if sum(one.tail for one in turn) >= tokens:
            yield turn
            turn = []
    if turn:
        yield turn


def _characters(item: Item) -> int:
    given = (item.question, item.reference, item.source, item.text)
    return sum(len(text or "") for text in given)
