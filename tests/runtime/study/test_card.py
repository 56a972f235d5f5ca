"""What a child is shown of a mark."""

import msgspec
import pytest

from runtime.marking.ages import Band
from runtime.marking.item import Form, Item, Task
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.marker import Marker
from runtime.marking.rubric import Criterion, Rubric
from runtime.study.card import Card, card_of
from tests.runtime.study import classroom
from tests.runtime.study.classroom import BEES, EQUATION, FRACTIONS, PUDDLE, mark


def card(item: Item, answer: str, marker: Marker, band: Band = Band.MIDDLE) -> Card:
    wrote = msgspec.structs.replace(item, answer=answer)
    return card_of(wrote, marker.mark([wrote])[0], band)


def test_what_is_right_comes_first_then_the_first_wrong_line(marker: Marker) -> None:
    text = "3x + 12 = 27\n\n3x = 39\nx = 13"
    found = card(EQUATION, text, marker)
    assert found.heading == "Not there yet."
    assert found.right == ("Line 1 is right.",)
    assert found.look[0] == "Look closely at line 3."
    assert found.wrong_line is not None
    assert text[slice(*found.wrong_line)] == "3x = 39"
    assert found.right_lines == 1


def test_a_right_answer_is_praised_and_asked_about(marker: Marker) -> None:
    found = card(FRACTIONS, "1 7/12", marker)
    assert (found.heading, found.look) == ("Well done, that is right.", ())
    assert found.question == "How could you check your answer?"


def test_a_wrong_line_is_asked_about(marker: Marker) -> None:
    found = card(EQUATION, "3x + 4 = 27\n3x = 23", marker)
    assert found.look == (
        "Look closely at line 1.",
        "Compare it with the question. What has changed?",
    )
    assert found.question == "How could you check line 1?"


def test_right_sums_that_miss_the_question_are_asked_whether_they_fit_it(marker: Marker) -> None:
    found = card(classroom.SALE, "80 - 15 = 65", marker)
    assert found.right == ("Every calculation I could check holds.",)
    assert found.look == ("Have another go. A hint can help.",)
    assert found.question == "Does your answer fit what the question asks for?"


def test_what_is_said_as_praise_is_not_said_again_as_advice(marker: Marker) -> None:
    area = Item(
        id="1", task=Task.MATH, question="How long is it?", reference="30 m", form=Form.UNIT
    )
    assert card(FRACTIONS, "38/24", marker).look == (
        "Can you write it in the form the question asks for?",
    )
    assert card(area, "30", marker).look == (
        "Look at the unit. What is being measured, and in what?",
    )


def test_the_value_is_acknowledged_where_only_the_form_is_missed(marker: Marker) -> None:
    found = card(FRACTIONS, "38/24", marker)
    assert found.right == ("The number is right.",)


@pytest.mark.parametrize("answer", ["68.5", "80 - 15 = 65", "no idea", "19/13", ""])
@pytest.mark.parametrize("item", [FRACTIONS, classroom.SALE, PUDDLE])
def test_a_card_never_tells_the_answer(item: Item, answer: str, marker: Marker) -> None:
    found = card(item, answer, marker)
    said = " ".join((found.heading, *found.right, *found.look, found.question))
    for secret in (item.reference or "", "evaporate", "vapour"):
        assert secret not in said


def test_words_that_matter_are_the_childs_own() -> None:
    wrote = msgspec.structs.replace(PUDDLE, answer="The water turns into air.")
    found = card_of(wrote, mark(Verdict.INCORRECT), Band.MIDDLE)
    assert found.right == ("These words of yours matter here: water, turns, air.",)


def test_an_unsure_mark_says_so() -> None:
    wrote = msgspec.structs.replace(PUDDLE, answer="It dries.")
    found = card_of(wrote, mark(Verdict.CORRECT, confidence=0.6), Band.MIDDLE)
    assert found.note == "I am not quite sure about this one. Your teacher will look at it too."
    assert found.look == ()


def test_what_is_left_to_the_teacher_is_neither_praised_nor_blamed() -> None:
    wrote = msgspec.structs.replace(PUDDLE, answer="The water dries.")
    found = card_of(wrote, mark(Verdict.UNMARKED, confidence=0.0), Band.MIDDLE)
    assert found.heading == "Your answer is kept. Your teacher will look at it."
    assert (found.right, found.look, found.question) == ((), (), "")


def test_what_a_model_wrote_is_shown_as_it_is() -> None:
    wrote = msgspec.structs.replace(PUDDLE, answer="It dries.")
    written = msgspec.structs.replace(
        mark(Verdict.INCORRECT), feedback="What does the sun do?", provenance={"feedback": "model"}
    )
    assert card_of(wrote, written, Band.MIDDLE).look == ("What does the sun do?",)


def test_an_essay_has_one_praise_and_one_next_step() -> None:
    wrote = msgspec.structs.replace(
        BEES, answer="Bees drink nectar from flowers and carry pollen on their hairs becuase."
    )
    slip = Evidence(kind="spelling", message="did you mean because?", span=(63, 70))
    found = card_of(wrote, mark(Verdict.PARTIAL, evidence=(slip,)), Band.MIDDLE)
    assert found.traits is not None
    assert found.traits.praise == "You cover the important parts."
    assert found.traits.next_step == "Add a reason or an example."
    assert found.traits.word_count == 12
    assert [(one.start, one.end) for one in found.findings] == [(63, 70)]


def test_a_rubric_names_the_strongest_and_the_weakest_trait() -> None:
    rubric = Rubric(
        name="r",
        criteria=(
            Criterion(name="Ideas", levels={0: "none", 4: "many"}),
            Criterion(name="Order", levels={0: "none", 4: "clear"}),
        ),
    )
    wrote = msgspec.structs.replace(BEES, answer="Bees carry pollen.", rubric=rubric)
    graded = msgspec.structs.replace(mark(Verdict.PARTIAL), traits={"Ideas": 3.0, "Order": 1.0})
    traits = card_of(wrote, graded, Band.OLDER).traits
    assert traits is not None
    assert traits.praise == "This is your strongest point: Ideas."
    assert traits.next_step == "Next step: Order."
    assert traits.levels == (("Ideas", 3.0, 4.0), ("Order", 1.0, 4.0))


def test_copied_parts_are_underlined_and_the_next_step() -> None:
    text = "Yellow dust called pollen sticks to the hairs on their bodies."
    wrote = msgspec.structs.replace(BEES, answer=text)
    copied = Evidence(kind="copied", message="copied from the source", span=(0, len(text)))
    found = card_of(wrote, mark(Verdict.PARTIAL, evidence=(copied,)), Band.MIDDLE)
    assert found.traits is not None
    assert found.traits.next_step == "Say the underlined part in your own words."
    assert found.findings[0].text == ""
