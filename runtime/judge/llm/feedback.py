"""Words of a model beside its marks: a reason for the teacher, feedback for the child.

    author = LlmAuthor(subjects, memory, room)
    for words in author.write(wanted):
        words.place, words.kind, words.text

All answers are written about at once, each behind the conversation in which it was marked, which
lies in memory: only the new turn is read. A sentence is handed on when it is whole and code has
found nothing wrong with it; what is not good enough is withdrawn, and the templates' words stand.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal, NamedTuple

from runtime.errors import BadInputError
from runtime.judge.decoding.sequences import Prompt
from runtime.judge.decoding.writing import Writer, WriteRequest
from runtime.judge.llm.asking import Asked, ask, ask_feedback, ask_reason
from runtime.judge.llm.grammars import FEEDBACK, REASON
from runtime.judge.llm.memory import Memory, needs_of
from runtime.judge.llm.sentences import Shown
from runtime.judge.llm.subjects import Group, Subject, Subjects
from runtime.marking.events import Wanted, Words
from runtime.marking.feedback_check import LANGUAGES, Told, find_faults, find_faults_for_teacher
from runtime.marking.mark import Mark, Verdict

FEEDBACK_TOKENS = 60
"""Two or three short sentences."""

REASON_TOKENS = 40
"""One sentence."""


class _Ordered(NamedTuple):
    """One text that is asked for, and how it is shown."""

    place: int
    kind: Literal["reason", "feedback"]
    request: WriteRequest
    shown: Shown


class LlmAuthor:
    """Writes with an open model. Owns nothing. Not for use by two threads at once.

    ``room`` is how many tokens of words a prompt may have, the same as where the answers were
    judged, so that what was read there is found in memory. ``reasons``: whether teachers get one.
    """

    def __init__(
        self, subjects: Subjects, memory: Memory, room: int, *, reasons: bool = True
    ) -> None:
        self._subjects = subjects
        self._memory = memory
        self._room = room
        self._reasons = reasons

    def write(self, wanted: Sequence[Wanted]) -> Iterator[Words]:
        """Yield words as they come: of each answer first its reason, then its feedback.

        Of an item in a language that code cannot check, and of one that no model can be asked
        about, nothing comes. Raises ``ModelError`` if the model fails or memory cannot hold what
        is to be read, ``StoppedError`` as ``BranchContext.read`` does; then nothing stays held.
        """
        places = [place for place, one in enumerate(wanted) if _told(one).language in LANGUAGES]
        groups = self._subjects.groups([wanted[place].item for place in places])
        # What differs in its prompt only is written together: adapters alone part a batch.
        for _, alike in groupby(groups, key=lambda group: group.subject.digest):
            chosen = [(group, places[at]) for group in alike for at in group.places]
            ordered = [one for group, at in chosen for one in self._ordered(group, at, wanted[at])]
            if ordered:
                yield from self._write(chosen[0][0].subject, ordered)

    def _write(self, subject: Subject, ordered: list[_Ordered]) -> Iterator[Words]:
        # All reasons before any feedback: the first words of every answer come soon.
        ordered.sort(key=lambda one: one.kind == "feedback")
        prompts, answers = [one.request.prompt for one in ordered], {one.place for one in ordered}
        sequences = self._memory.for_(needs_of(prompts, len(answers), FEEDBACK_TOKENS))
        sequences.use(subject.adapters, subject.digest)
        yield from _in_turn(ordered, Writer(sequences, self._subjects.chat.ends))

    def _ordered(self, group: Group, place: int, wanted: Wanted) -> Iterator[_Ordered]:
        item, mark, chat = wanted.item, wanted.mark, self._subjects.chat
        try:
            asked, *_ = ask(item, wanted.evidence, self._room, chat.measure, name=group.name)
        except BadInputError:
            return
        value, told = value_of(mark, asked), _told(wanted)
        if self._reasons:
            prompt = chat.prompt(ask_reason(item, asked, value, wanted.evidence))
            check = partial(find_faults_for_teacher, told=told)
            yield _order(place, "reason", prompt, Shown(check))
        messages = ask_feedback(item, asked, value, mark.verdict, wanted.evidence)
        # Praise alone helps nobody who has to try again: one sentence is then not enough.
        fewest = 1 if mark.verdict is Verdict.CORRECT else 2
        shown = Shown(partial(find_faults, told=told), fewest)
        yield _order(place, "feedback", chat.prompt(messages), shown)


def value_of(mark: Mark, asked: Asked) -> str:
    """Return which of the allowed replies says what was decided: the verdict, or the nearest score.

    Code may have decided otherwise than the model would: what it reads is the decision.
    """
    if asked.kind == "verdict":
        return mark.verdict.value
    score = mark.score or 0.0
    return min(asked.values, key=lambda value: abs(float(value) - score))


def _order(
    place: int, kind: Literal["reason", "feedback"], prompt: Prompt, shown: Shown
) -> _Ordered:
    grammar, budget = (REASON, REASON_TOKENS) if kind == "reason" else (FEEDBACK, FEEDBACK_TOKENS)
    return _Ordered(place, kind, WriteRequest(prompt, grammar, budget), shown)


def _in_turn(ordered: Sequence[_Ordered], writer: Writer) -> Iterator[Words]:
    """Yield what is written, the feedback of an answer behind its whole reason."""
    open_reasons = {one.place for one in ordered if one.kind == "reason"}
    waiting: dict[int, list[Words]] = {}
    for piece in writer.write([one.request for one in ordered]):
        one = ordered[piece.request]
        found = list(_words(one, piece.text, piece.done))
        if one.kind == "feedback" and one.place in open_reasons:
            waiting.setdefault(one.place, []).extend(found)
            continue
        yield from found
        if one.kind == "reason" and piece.done:
            open_reasons.discard(one.place)
            yield from waiting.pop(one.place, [])


def _words(one: _Ordered, text: str, done: bool) -> Iterator[Words]:
    pieces = [*one.shown.add(text), *(one.shown.end() if done else ())]
    for said in pieces:
        yield Words(place=one.place, kind=one.kind, text=said)
    if done:
        why = "" if one.shown.stands else one.shown.fault.removeprefix("It ").rstrip(".")
        yield Words(place=one.place, kind=one.kind, end=True, withdrawn=why)


def _told(wanted: Wanted) -> Told:
    mark = wanted.mark
    return Told(
        item=wanted.item,
        verdict=mark.verdict,
        evidence=wanted.evidence,
        first_wrong_step=mark.first_wrong_step,
    )
