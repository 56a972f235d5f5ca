"""Answers gathered by question; training rows drawn from them."""

import numpy as np
import pytest
import torch
from msgspec.structs import astuple, replace
from numpy.testing import assert_array_equal

from runtime.marking.writing.overlap import compare
from tests.train.marker.small import ANSWERS, ICE, PUDDLE, example, examples
from train.marker.questions import (
    LEAST_TO_COPY,
    LEAST_WORDS,
    Asked,
    Draw,
    Ids,
    Question,
    draw,
    gather,
    whole,
)

ALL = 100
NEVER, ALWAYS = Draw(answers=ALL, other_reference=0.0), Draw(answers=ALL, other_reference=1.0)
SEEDS = range(12)


def tokenize(text: str) -> Ids:
    """Return a code point a token: two texts have the same ids only if they are the same."""
    return tuple(map(ord, text))


def text_of(ids: Ids) -> str:
    return "".join(map(chr, ids))


@pytest.fixture
def puddle() -> Question:
    return gather(examples(), tokenize)[0]


@pytest.fixture
def ice() -> Question:
    return gather(examples(), tokenize)[1]


def drawn(question: Question, how: Draw, seed: int) -> Asked:
    torch.manual_seed(seed)
    return draw(question, how)


def said(asked: Asked) -> list[str]:
    return [text_of(ids) for ids in asked.answers]


def same(one: Asked, other: Asked) -> bool:
    pairs = zip(astuple(one), astuple(other), strict=True)
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


class TestGather:
    def test_a_question_has_all_its_answers_in_order(self) -> None:
        found = gather(examples(), tokenize)
        assert [(q.row, q.text, q.reference) for q in found] == [(0, *PUDDLE), (1, *ICE)]
        for question in found:
            texts = [examples()[place].answer for place in question.places]
            assert [answer.text for answer in question.answers] == texts
            assert [text_of(answer.ids) for answer in question.answers] == texts
        assert sorted(place for q in found for place in q.places) == list(range(len(ANSWERS)))

    def test_right_is_right_and_all_else_wrong(self) -> None:
        for question in gather(examples(), tokenize):
            right = {text for asked, text, is_right in ANSWERS if is_right}
            assert [answer.right for answer in question.answers] == [
                answer.text in right for answer in question.answers
            ]

    def test_words_are_compared_as_the_runtime_does(self, puddle: Question) -> None:
        for answer in puddle.answers:
            assert_array_equal(answer.overlap, astuple(compare(*PUDDLE, answer.text)))

    def test_what_cannot_be_learnt_from_is_left_out(self) -> None:
        whole_one = example("1", ICE, "it melts", True)
        bare = replace(whole_one, reference=None)
        ungraded = replace(whole_one, verdict=None)
        [found] = gather([bare, ungraded, whole_one], tokenize)
        assert found.places == (2,)

    def test_another_reference_is_another_row_of_the_same_group(self) -> None:
        one = example("1", ICE, "it melts", True)
        other = replace(one, reference="It becomes water.")
        found = gather([one, other], tokenize)
        assert [q.row for q in found] == [0, 1]
        assert found[0].group == found[1].group

    def test_nothing_gives_nothing(self) -> None:
        assert gather([], tokenize) == []


class TestDraw:
    @pytest.mark.parametrize("how", [NEVER, ALWAYS, Draw(answers=3, other_reference=0.5)])
    def test_the_seed_alone_decides(self, puddle: Question, how: Draw) -> None:
        rows = [drawn(puddle, how, seed) for seed in SEEDS]
        again = [drawn(puddle, how, seed) for seed in SEEDS]
        assert all(map(same, rows, again))
        assert not all(same(row, rows[0]) for row in rows)

    def test_the_next_draw_does_not_depend_on_the_question(
        self, puddle: Question, ice: Question
    ) -> None:
        # One question has enough right answers for one to stand in, the other has not.
        cut = replace(puddle, answers=puddle.answers[: len(ice.answers)])
        left = []
        for question in (cut, ice):
            drawn(question, ALWAYS, 0)
            left.append(torch.rand(()).item())
        assert left[0] == left[1]

    @pytest.mark.parametrize("how", [Draw(3, 0.0), Draw(3, 1.0)])
    def test_at_most_so_many_answers(self, puddle: Question, how: Draw) -> None:
        for seed in SEEDS:
            found = drawn(puddle, how, seed)
            assert len(found.answers) == len(found.overlap) == len(found.right) == 3
            assert len(set(said(found))) == 3

    def test_every_answer_with_its_own_numbers(self, puddle: Question) -> None:
        by_text = {answer.text: answer for answer in puddle.answers}
        for seed in SEEDS:
            found = drawn(puddle, NEVER, seed)
            assert set(said(found)) == set(by_text)
            assert text_of(found.reference) == PUDDLE[1]
            for text, right, overlap in zip(said(found), found.right, found.overlap, strict=True):
                assert right == by_text[text].right
                assert_array_equal(overlap, by_text[text].overlap)

    def test_a_right_answer_stands_in_and_is_not_asked_about(self, puddle: Question) -> None:
        by_text = {answer.text: answer for answer in puddle.answers}
        stood_in = set()
        for seed in SEEDS:
            found = drawn(puddle, ALWAYS, seed)
            reference = text_of(found.reference)
            stood_in.add(reference)
            assert by_text[reference].right
            assert len(reference.split()) >= LEAST_WORDS
            assert set(said(found)) == set(by_text) - {reference}
        assert len(stood_in) > 1

    def test_answers_are_compared_with_what_stands_in(self, puddle: Question) -> None:
        found = drawn(puddle, ALWAYS, 0)
        reference = text_of(found.reference)
        for text, overlap in zip(said(found), found.overlap, strict=True):
            assert_array_equal(overlap, astuple(compare(PUDDLE[0], reference, text)))

    def test_of_few_right_answers_none_stands_in(self, puddle: Question) -> None:
        long = [a for a in puddle.answers if a.right and len(a.text.split()) >= LEAST_WORDS]
        assert len(long) == LEAST_TO_COPY
        few = replace(puddle, answers=tuple(a for a in puddle.answers if a is not long[0]))
        assert all(text_of(drawn(few, ALWAYS, seed).reference) == PUDDLE[1] for seed in SEEDS)

    def test_the_share_is_a_share(self, puddle: Question) -> None:
        rows = [drawn(puddle, Draw(3, 0.5), seed) for seed in range(100)]
        true = sum(text_of(row.reference) == PUDDLE[1] for row in rows)
        assert 30 < true < 70


def test_the_whole_question_is_in_order(puddle: Question) -> None:
    found = whole(puddle)
    assert said(found) == [answer.text for answer in puddle.answers]
    assert found.right.tolist() == [float(answer.right) for answer in puddle.answers]
    assert (text_of(found.question), text_of(found.reference)) == PUDDLE
    assert_array_equal(found.overlap, [answer.overlap for answer in puddle.answers])
    assert same(found, whole(puddle))
