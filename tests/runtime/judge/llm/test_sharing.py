"""What prompts have in common is read once: the class's words, an answer, and what follows it."""

from collections.abc import Iterator

import pytest

from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.scoring import ScoreRequest, score
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.llm.asking import Asked, ask, ask_feedback
from runtime.judge.llm.chat_model import ChatModel, Question
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.rubric import Criterion, Rubric
from tests.runtime.judge.llm.chat_files import write_chat

RUBRIC = Rubric(
    name="r", criteria=tuple(Criterion(name=n, levels={1: "no", 2: "yes"}) for n in ("A", "B"))
)


@pytest.fixture(scope="module", params=["qwen", "gemma", "llama"])
def chat(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ChatModel]:
    with ChatModel.open(write_chat(tmp_path_factory.mktemp("chat"), str(request.param))) as found:
        yield found


@pytest.fixture
def sequences(chat: ChatModel) -> Iterator[Sequences]:
    limits = BranchLimits(4096, 24, threads=1)
    with BranchContext(chat.model, limits) as context, Sequences(context) as found:
        yield found


def asked(chat: ChatModel, answer: str, rubric: Rubric | None = None) -> tuple[Asked, ...]:
    task = Task.RUBRIC if rubric else Task.MATH
    item = Item(id="1", task=task, question="q", reference="r", answer=answer, rubric=rubric)
    return ask(item, (), 4_000, chat.measure)


def put(chat: ChatModel, one: Asked) -> Question:
    return chat.question(one.messages, one.reply_start, one.labels)


def read(sequences: Sequences, questions: list[Question]) -> int:
    before = sequences.read_tokens
    score(sequences, [ScoreRequest(*question) for question in questions])
    return sequences.read_tokens - before


def test_a_class_reads_its_words_once(chat: ChatModel, sequences: Sequences) -> None:
    questions = [put(chat, asked(chat, f"{n} apples")[0]) for n in range(10, 18)]
    first = questions[0].prompt
    tails = sum(len(question.prompt.ids) - first.public for question in questions)
    assert read(sequences, questions) <= first.public + tails
    assert tails < first.public


def test_an_answer_is_read_once_for_all_its_criteria(chat: ChatModel, sequences: Sequences) -> None:
    questions = [put(chat, one) for one in asked(chat, "so " * 300, RUBRIC)]
    whole = len(questions[0].prompt.ids)
    assert read(sequences, questions) < whole + 300


def test_feedback_reads_its_own_words_only(chat: ChatModel, sequences: Sequences) -> None:
    (one,) = asked(chat, "3 apples")
    item = Item(id="1", task=Task.MATH, question="q", reference="r", answer="3 apples")
    question = put(chat, one)
    read(sequences, [question])
    before = sequences.read_tokens
    told = chat.prompt(ask_feedback(item, one, "incorrect", Verdict.INCORRECT))
    sequences.release(sequences.hold([told])[0])
    # The last token of what was read before is read again.
    assert sequences.read_tokens - before <= len(told.ids) - len(question.prompt.ids) + 1
