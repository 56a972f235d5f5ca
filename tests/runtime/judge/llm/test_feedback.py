"""A model's words beside its marks: all at once, in order, and checked before they are shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from runtime.judge.decoding.branches import StoppedError
from runtime.judge.llm.asking import ask
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.feedback import FEEDBACK_TOKENS, LlmAuthor, value_of
from runtime.judge.llm.memory import Means, Memory
from runtime.judge.llm.subjects import Subjects
from runtime.marking.events import Wanted, Words
from runtime.marking.feedback_check import Told
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.llm.scripted import write_scripted
from tests.runtime.marking.feedback_check.sentences import (
    ESSAY,
    RIGHT_EGGS,
    WRONG_EGGS,
    WRONG_EQUATION,
)

KIND = ("Good", " start!", " Think", " about", " each", " step", " again.")


def wanted(told: Told) -> Wanted:
    mark = Mark(
        id=told.item.id,
        verdict=told.verdict,
        score=float(told.verdict is Verdict.CORRECT),
        max_score=1.0,
        confidence=0.9,
        needs_review=False,
        first_wrong_step=told.first_wrong_step,
    )
    return Wanted(told.item, told.evidence, mark)


EGGS, EQUATION, RIGHT = wanted(WRONG_EGGS), wanted(WRONG_EQUATION), wanted(RIGHT_EGGS)


class Desk:
    """An author with what it works with."""

    def __init__(self, subjects: Subjects, memory: Memory) -> None:
        self.memory = memory
        room = subjects.chat.room(2048)
        self.author = LlmAuthor(subjects, memory, room)
        self.brief = LlmAuthor(subjects, memory, room, reasons=False)


@contextmanager
def opened(path: Path) -> Iterator[Desk]:
    subjects = Subjects(ChatModel.open(path))
    memory = Memory(subjects.chat.model, Means(memory=500_000_000, reply=FEEDBACK_TOKENS))
    with subjects, memory:
        yield Desk(subjects, memory)


@contextmanager
def desk(folder: Path, words: Sequence[str]) -> Iterator[Desk]:
    with opened(write_scripted(folder / "said.gguf", words)) as found:
        yield found


def texts(words: Sequence[Words], kind: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for one in words:
        if one.kind == kind:
            found[one.place] = found.get(one.place, "") + one.text
    return found


def test_reasons_and_feedback_of_all(tmp_path: Path) -> None:
    with desk(tmp_path, KIND) as one:
        found = list(one.author.write([EGGS, EQUATION]))
    assert texts(found, "reason") == {0: "Good start!", 1: "Good start!"}
    said = "Good start! Think about each step again."
    assert texts(found, "feedback") == {0: said, 1: said}
    assert not any(words.withdrawn for words in found)


def test_each_text_ends_once_and_the_reason_first(tmp_path: Path) -> None:
    with desk(tmp_path, KIND) as one:
        found = list(one.author.write([EGGS, EQUATION]))
    for place in (0, 1):
        own = [words for words in found if words.place == place]
        kinds = [words.kind for words in own]
        assert kinds == sorted(kinds, key=("reason", "feedback").index)
        assert [words.kind for words in own if words.end] == ["reason", "feedback"]


def test_reasons_may_be_left_out(tmp_path: Path) -> None:
    with desk(tmp_path, KIND) as one:
        assert {words.kind for words in one.brief.write([EGGS])} == {"feedback"}


class TestWithdrawn:
    def test_what_tells_the_answer(self, tmp_path: Path) -> None:
        with desk(tmp_path, ("Good", " start!", " It", " is", " 22.")) as one:
            *_, last = one.brief.write([EGGS])
        assert last == Words(place=0, kind="feedback", end=True, withdrawn="tells the answer: 22")

    def test_what_contradicts_the_verdict(self, tmp_path: Path) -> None:
        with desk(tmp_path, ("Well", " done,", " all", " right!")) as one:
            wrong, right = (list(one.brief.write([told])) for told in (EGGS, RIGHT))
        assert "praises" in wrong[-1].withdrawn
        assert texts(wrong, "feedback") == {0: ""}
        assert texts(right, "feedback") == {0: "Well done, all right!"}
        assert not right[-1].withdrawn

    def test_what_has_no_end(self, tmp_path: Path) -> None:
        # A random network writes letters at random until its budget is used up.
        with opened(write_chat(tmp_path, "qwen")) as one:
            *_, last = one.brief.write([EGGS])
        assert last.withdrawn


def test_a_language_that_cannot_be_checked_is_left_to_templates(tmp_path: Path) -> None:
    german = Wanted(msgspec.structs.replace(EGGS.item, language="de"), (), EGGS.mark)
    with desk(tmp_path, KIND) as one:
        found = list(one.brief.write([german, EGGS]))
    assert {words.place for words in found} == {1}


def test_what_cannot_be_asked_about_is_left_to_templates(tmp_path: Path) -> None:
    empty = Wanted(msgspec.structs.replace(EGGS.item, reference=None), (), EGGS.mark)
    with desk(tmp_path, KIND) as one:
        assert list(one.author.write([empty])) == []
        assert list(one.author.write([])) == []


def test_a_class_shares_what_it_reads(tmp_path: Path) -> None:
    with desk(tmp_path, KIND) as one:
        list(one.author.write([EGGS]))
        sequences = one.memory.current
        assert sequences is not None
        before = sequences.read_tokens
        list(one.author.write([EGGS]))
        # Of a prompt that lies in memory, its last token is read for the logits.
        assert sequences.read_tokens - before <= 2


class TestGivenUp:
    def test_by_the_reader(self, tmp_path: Path) -> None:
        with desk(tmp_path, KIND) as one:
            pieces = one.author.write([EGGS, EQUATION])
            next(pieces)
            del pieces
            sequences = one.memory.current
            assert sequences is not None
            assert sequences.free == sequences.context.limits.sequences
            assert texts(list(one.author.write([EGGS])), "reason") == {0: "Good start!"}

    def test_in_the_middle_of_a_step(self, tmp_path: Path) -> None:
        with desk(tmp_path, KIND) as one:
            one.memory.stopping = lambda: True
            with pytest.raises(StoppedError):
                list(one.author.write([EGGS, EQUATION]))
            one.memory.stopping = None
            assert texts(list(one.author.write([EGGS])), "reason") == {0: "Good start!"}


@pytest.mark.parametrize(("score", "value"), [(0.0, "0"), (3.0, "3"), (3.4, "3"), (5.0, "5")])
def test_a_score_is_taken_as_the_nearest_reply(tmp_path: Path, score: float, value: str) -> None:
    item: Item = ESSAY
    with opened(write_chat(tmp_path, "qwen")) as one:
        chat = one.author._subjects.chat
        asked, *_ = ask(item, (), chat.room(2048), chat.measure)
    mark = msgspec.structs.replace(EGGS.mark, score=score)
    assert value_of(mark, asked) == value
