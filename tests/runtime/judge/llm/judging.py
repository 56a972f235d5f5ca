"""A tiny chat model as a judge, and class sets of items for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.judge.llm.judge import LlmJudge
from runtime.judge.llm.memory import Means
from runtime.judge.llm.subjects import Brought, Subjects
from runtime.judge.measure.tuned import Tuned
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case
from runtime.marking.rubric import Criterion, Rubric
from tests.runtime.judge.llm.chat_files import write_chat

ENOUGH = 2_000_000_000


@pytest.fixture(scope="session")
def chat_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("chat")
    return write_chat(folder, "qwen")


@pytest.fixture
def judge(chat_path: Path) -> Iterator[LlmJudge]:
    with opened(chat_path) as found:
        yield found


def opened(path: Path, *brought: Brought, memory: int = ENOUGH, reply: int = 0) -> LlmJudge:
    subjects = Subjects.open(path, brought)
    return LlmJudge(subjects, Means(memory, reply=reply, tuned=Tuned(threads=1)), {"model": "m"})


def short(answer: str, number: int = 1) -> Item:
    return Item(
        id=str(number),
        task=Task.SHORT_ANSWER,
        question="Why do puddles dry up?",
        reference="The water evaporates.",
        answer=answer,
    )


def essay(answer: str) -> Item:
    levels = {0: "none", 1: "some", 2: "all of it"}
    criteria = (Criterion(name="ideas", levels=levels), Criterion(name="order", levels=levels))
    rubric = Rubric(name="r", description="A good text.", criteria=criteria)
    return Item(
        id="e", task=Task.ESSAY, question="Tell us.", answer=answer, scale=(0, 5), rubric=rubric
    )


def cases(*answers: str) -> list[Case]:
    return [Case(short(answer, number)) for number, answer in enumerate(answers)]
