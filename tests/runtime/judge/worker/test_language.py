"""The marking process speaks the language of the app: errors do, and values that are read back."""

from collections.abc import Iterator

import pytest

from runtime import words
from runtime.errors import BadInputError
from runtime.judge.worker.client import MarkingWorker
from runtime.marking.item import Item, Task

SECONDS = 60


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    words.use("en")


def maths(answer: str) -> Item:
    return Item(id="1", task=Task.MATH, question="7 : 2 = ?", reference="3,5", answer=answer)


def test_errors_are_in_the_language_of_whoever_asked(worker: MarkingWorker) -> None:
    for language, said in (("it", "non esiste"), ("en", "There is no model file")):
        words.use(language)
        with pytest.raises(BadInputError) as raised:
            worker.open("/nowhere/none.gguf").result(SECONDS)
        assert said in raised.value.message


def test_a_value_is_read_back_with_the_signs_of_the_language(worker: MarkingWorker) -> None:
    words.use("it")
    assert worker.look(maths("3,5 cm")).result(SECONDS) == "3,5 cm"
    words.use("en")
    assert worker.look(maths("3,5 cm")).result(SECONDS) == "3.5 cm"


def test_what_a_mark_keeps_is_the_same_in_every_language(worker: MarkingWorker) -> None:
    reasons = []
    for language in ("it", "en"):
        words.use(language)
        [mark] = worker.mark([maths("3,5")]).result(SECONDS)
        reasons.append((mark.reasons, mark.evidence))
    assert reasons[0] == reasons[1]
    assert words.retold(mark.reasons[0], "it") == "La risposta finale è uguale a quella giusta."
