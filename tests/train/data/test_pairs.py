"""Pairs: right over wrong, better over worse, within one question, never a tie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from tests.train.data.makers import HALF, RIGHT, WRONG, class_set, example
from train.data.classes import grade_of
from train.data.pairs import preference_pairs
from train.data.schema import Example

VERDICTS = st.sampled_from([RIGHT, HALF, WRONG])
GRADED = st.lists(st.tuples(st.sampled_from("xyz"), VERDICTS), min_size=2, max_size=30)


def multiple_choice(reference: str) -> Example:
    return example(options=("iron", "wood", "glass"), reference=reference, answer="B")


def test_the_right_answer_is_chosen_over_the_wrong_one() -> None:
    right = example(1, answer="it melts", rubric="Says that it melts.")
    wrong = example(2, answer="it dies", verdict=WRONG, rubric="Says that it melts.")
    (pair,) = preference_pairs([wrong, right], seed=0)
    assert (pair.chosen, pair.rejected, pair.margin) == ("it melts", "it dies", 1.0)
    assert (pair.question, pair.rubric, pair.group) == (right.question, right.rubric, right.group)


def test_the_margin_is_a_share_of_the_scale() -> None:
    scores = [example(n, verdict=None, score=float(n), scale=(1.0, 5.0)) for n in (2, 5)]
    assert preference_pairs(scores, seed=0)[0].margin == 0.75
    with pytest.raises(BadInputError, match="nothing to prefer"):
        preference_pairs(scores, seed=0, least_margin=0.75)


def test_answers_under_unlike_criteria_make_no_pair() -> None:
    other = example(2, verdict=WRONG, rubric="Is polite.")
    with pytest.raises(BadInputError, match="No question has a better and a worse answer"):
        preference_pairs([example(1, rubric="Is true."), other], seed=0)


def test_an_answer_marked_both_ways_is_not_preferred_to_itself() -> None:
    both = [example(1, answer="a"), example(2, answer="a", verdict=WRONG)]
    with pytest.raises(BadInputError):
        preference_pairs(both, seed=0)


def test_steps_are_an_answer() -> None:
    working = [example(n, answer="", steps=(str(n), "=")) for n in (1, 2)]
    wrong = example(3, verdict=WRONG)
    chosen = {pair.chosen for pair in preference_pairs([*working, wrong], seed=0)}
    assert chosen == {"1\n=", "2\n="}


@pytest.mark.parametrize("reference", ["B", "b", "2", "wood"])
def test_the_right_option_is_chosen_over_each_wrong_one(reference: str) -> None:
    asked_twice = [multiple_choice(reference), multiple_choice(reference)]
    found = preference_pairs(asked_twice, seed=0)
    assert [(pair.chosen, pair.rejected) for pair in found] == [("B", "A"), ("B", "C")]
    assert found[0].options == ("iron", "wood", "glass")


def test_a_reference_that_is_no_option_is_refused() -> None:
    with pytest.raises(BadInputError, match="'D' is none of its options"):
        preference_pairs([multiple_choice("D")], seed=0)


@given(GRADED, st.integers(0, 3), st.integers(1, 6))
def test_every_pair_is_of_one_question_and_its_chosen_answer_the_better(
    graded: list[tuple[str, str]], seed: int, most: int
) -> None:
    examples = [
        example(number, group=group, verdict=verdict)
        for number, (group, verdict) in enumerate(graded)
    ]
    try:
        found = preference_pairs(examples, seed, per_question=most)
    except BadInputError:
        assert all(len({v for g, v in graded if g == group}) < 2 for group in "xyz")
        return
    by_text = {one.text: one for one in examples}
    for pair in found:
        chosen, rejected = by_text[pair.chosen], by_text[pair.rejected]
        assert chosen.group == rejected.group == pair.group
        better, worse = grade_of(chosen), grade_of(rejected)
        assert better is not None
        assert worse is not None
        assert better - worse == pair.margin > 0
    assert all(sum(pair.group == group for pair in found) <= most for group in "xyz")
    assert len({pair.id for pair in found}) == len(found)


def test_a_question_gives_as_many_pairs_as_it_has_answers() -> None:
    assert len(preference_pairs(class_set(questions=3, answers=12), seed=0)) == 36


def test_the_id_names_both_answers() -> None:
    (pair,) = preference_pairs([example("a"), example("b", verdict=WRONG)], seed=0)
    assert pair.id == "a-b"


def test_the_same_seed_draws_the_same_pairs() -> None:
    examples = class_set(questions=3, answers=12)
    first, again, other = (preference_pairs(examples, seed, 4) for seed in (1, 1, 2))
    assert first == again != other
