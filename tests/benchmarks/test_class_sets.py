import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.class_sets import common, made_to_measure, real
from runtime.marking.item import Item, parse_item

TOKENS = st.lists(st.lists(st.integers(0, 2), max_size=6), min_size=1, max_size=5)


def words(item: Item) -> list[int]:
    """A vocabulary of whole words, without a template."""
    text = f"{item.question} {item.source} {item.reference} | {item.answer} | Mark it."
    return [hash(word) for word in text.split()]


def test_every_prompt_has_the_length_asked_for() -> None:
    prompts = [
        words(item) for item in made_to_measure(words, 5, shared=200, shortest=20, longest=60)
    ]
    assert common(prompts) == 200
    assert sorted(len(ids) - 200 for ids in prompts) == [20, 30, 40, 50, 60]


def test_no_two_answers_are_alike() -> None:
    items = made_to_measure(words, 30, shared=200, shortest=20, longest=60)
    assert len({item.answer for item in items}) == len({item.id for item in items}) == 30


@pytest.mark.parametrize(("shared", "longest"), [(10, 60), (5_000, 60), (200, 2_000)])
def test_lengths_that_the_words_cannot_give_are_refused(shared: int, longest: int) -> None:
    with pytest.raises(ValueError, match="words"):
        made_to_measure(words, 3, shared=shared, shortest=20, longest=longest)


@given(TOKENS)
def test_common_is_what_all_begin_with(prompts: list[list[int]]) -> None:
    length = common(prompts)
    assert all(ids[:length] == prompts[0][:length] for ids in prompts)
    longer = {tuple(ids[: length + 1]) for ids in prompts}
    assert len(longer) > 1 or len(*longer) == length


def row(name: str, question: str, label: object) -> dict[str, object]:
    return {
        "id": name,
        "task": "short_answer",
        "question": question,
        "question_id": question[0],
        "reference": "r",
        "answer": "a",
        "label": label,
    }


def test_groups_come_whole_and_by_name() -> None:
    rows = [row("1", "B?", "Correct"), row("2", "A?", 1), row("3", "C?", 0), row("4", "B?", "no")]
    found = list(real(rows, 2))
    assert [(one["id"], one["label"]) for one in found] == [
        ("2", "1"),
        ("1", "correct"),
        ("4", "no"),
    ]
    assert [one["id"] for one in real(rows, 2, skip=1)] == ["1", "4", "3"]


def test_what_is_written_are_items() -> None:
    [found] = real([row("1", "B?", "correct")], 1)
    assert parse_item(found).question == "B?"
