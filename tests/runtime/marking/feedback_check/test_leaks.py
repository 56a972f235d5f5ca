"""No text that has the answer in it passes, however it is written."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.marking.feedback_check import Told
from runtime.marking.feedback_check.leaks import leaks
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from tests.runtime.marking.feedback_check.sentences import (
    EGGS,
    PLANTS,
    WRONG_EGGS,
    WRONG_EQUATION,
    WRONG_PLANTS,
)

BEFORE = st.sampled_from(
    ["Not yet. It is ", "The answer is ", "You should get ", "Think of ", "What about ", "x = ", ""]
)
AFTER = st.sampled_from([".", "!", " apples.", ", I think.", " cm", " of them?", ""])


def told(reference: str, question: str = "How many are left?", answer: str = "I think 3.5") -> Told:
    item = Item(id="x", task=Task.MATH, question=question, answer=answer, reference=reference)
    return Told(item=item, verdict=Verdict.INCORRECT)


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(number: int) -> str:
    """Spell a number below a million in English."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f" {SMALL[number % 10]}" if number % 10 else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = f" and {spelled(number % size)}" if number % size else ""
    return f"{spelled(number // size)} {name}{rest}"


WHOLE: dict[str, Callable[[int], str]] = {
    "digits": str,
    "a decimal point": "{}.0".format,
    "a decimal comma": "{},00".format,
    "commas for thousands": "{:,}".format,
    "blanks for thousands": lambda number: f"{number:,}".replace(",", " "),
    "points for thousands": lambda number: f"{number:,}".replace(",", "."),
    "a fraction": lambda number: f"{2 * number}/2",
    "a percentage": lambda number: f"{100 * number} %",
    "wide digits": lambda number: "".join(chr(0xFF10 + int(digit)) for digit in str(number)),
    "LaTeX": lambda number: rf"\frac{{{3 * number}}}{{3}}",
    "a unit behind": "{}cm".format,
    "an equation": "x={}".format,
    "in words": spelled,
    "in words with a hyphen": lambda number: spelled(number).replace("y ", "y-"),
    "in capitals": lambda number: spelled(number).upper(),
}


@pytest.mark.parametrize("notation", WHOLE)
@settings(max_examples=40)
@given(number=st.integers(4, 99_999), before=BEFORE, after=AFTER)
def test_a_whole_number_in_any_notation(
    notation: str, number: int, before: str, after: str
) -> None:
    text = f"{before}{WHOLE[notation](number)}{after}"
    assert leaks(text, told(str(number))), text


@settings(max_examples=40)
@given(
    top=st.integers(1, 30),
    bottom=st.integers(2, 30),
    times=st.integers(1, 5),
    before=BEFORE,
    after=AFTER,
)
def test_a_fraction_in_any_notation(
    top: int, bottom: int, times: int, before: str, after: str
) -> None:
    value = Fraction(top, bottom)
    for shown in notations(value, times):
        text = f"{before}{shown}{after}"
        assert leaks(text, told(f"{value.numerator}/{value.denominator}")), text


def notations(value: Fraction, times: int) -> Iterator[str]:
    yield f"{times * value.numerator}/{times * value.denominator}"
    yield rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    if value > 1 and value.denominator > 1:
        whole, rest = divmod(value.numerator, value.denominator)
        yield f"{whole} {rest}/{value.denominator}"
    if (value * 1000).denominator == 1:
        yield f"{float(value):g}"
        yield f"{float(value):g}".replace(".", ",")
        yield f"{float(100 * value):g}%"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("1.5 m", "It is 150 cm."),
        ("90 min", "That makes 1 h 30 min."),
        ("-5", "It is minus five."),
        ("50%", "It is one half."),
        ("3/4", "It is ¾ of it."),
        ("0.75", "It is three quarters."),
        ("2.5", "Two and a half!"),
        ("12", "There are a dozen."),
        ("1200", "About 1.2 × 10³ of them."),
        ("x = 4", "Then x is four."),
        ("x = 4", "4 = x"),
        ("2:3", "It is 2 to 3."),
        ("2:3", "It is 2/3."),
        ("14:30", "At half past two."),
        ("14:30", "At 14:30."),
        ("7 remainder 2", "It goes 7 times."),
        ("3 and 8", "One of them is 8."),
        ("2x + 6", "It is 6 + 2x."),
        ("(4, 7)", "The point is (4, 7)."),
        ("triangle", "It is a triangle."),
        ("yes", "The answer is yes."),
    ],
)
def test_other_values(reference: str, text: str) -> None:
    assert leaks(text, told(reference, answer="none"))


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("ventiquattro", "Sono 24."),
        ("24", "Sono ventiquattro."),
        ("24", "Sono twenty-four."),
        ("3/4", "Sono tre quarti."),
        ("2,5", "Sono due e mezzo."),
        ("108", "Sono centotto."),
        ("2300", "Sono duemilatrecento."),
    ],
)
def test_in_italian(reference: str, text: str) -> None:
    item = msgspec.structs.replace(told(reference, answer="non so").item, language="it")
    assert leaks(text, Told(item=item, verdict=Verdict.INCORRECT))


class TestKnownNumbers:
    question = "A box holds 12 eggs. How many dozens are 12 eggs, times 12?"

    def test_of_the_question_may_be_named(self) -> None:
        assert leaks("Count the 12 eggs again.", told("12", self.question)) is None

    @pytest.mark.parametrize(
        "text", ["The answer is 12.", "That makes 12.", "So it is exactly 12.", "x = 12"]
    )
    def test_but_not_as_the_answer(self, text: str) -> None:
        assert leaks(text, told("12", self.question))

    def test_nor_in_another_notation(self) -> None:
        assert leaks("There are twelve.", told("12", self.question))

    def test_of_the_childs_work_may_be_named(self) -> None:
        assert leaks("Why did you write 24 there?", told("24", answer="24 - 2 = 21")) is None


class TestWords:
    def test_of_the_reference_are_not_said(self) -> None:
        assert leaks("Leaves contain chlorophyll.", WRONG_PLANTS)

    def test_in_another_form_neither(self) -> None:
        item = msgspec.structs.replace(PLANTS, reference="reflecting")
        assert leaks("It reflects.", msgspec.structs.replace(WRONG_PLANTS, item=item))

    def test_a_run_of_it_neither(self) -> None:
        reference = (
            "Plants need light to make sugar out of water and air, and they store it in roots "
            "and seeds so that animals and people find food in winter when nothing else grows."
        )
        item = msgspec.structs.replace(PLANTS, reference=reference)
        one = msgspec.structs.replace(WRONG_PLANTS, item=item)
        assert leaks("They store it in roots.", one)
        assert leaks("Where do they keep the sugar?", one) is None

    def test_the_questions_own_words_may_be(self) -> None:
        assert leaks("Why do leaves look green to you?", WRONG_PLANTS) is None


class TestAllowed:
    def test_at_the_last_hint(self) -> None:
        assert leaks("It is 22.", msgspec.structs.replace(WRONG_EGGS, reveal=True)) is None

    def test_of_an_answer_that_is_right(self) -> None:
        one = msgspec.structs.replace(WRONG_EGGS, verdict=Verdict.CORRECT)
        assert leaks("Yes, 22!", one) is None

    def test_where_there_is_no_reference(self) -> None:
        item = msgspec.structs.replace(EGGS, reference=None)
        assert leaks("It is 22.", msgspec.structs.replace(WRONG_EGGS, item=item)) is None

    @pytest.mark.parametrize("text", ["Is 11 + 3 really 14?", "Check the 11 and the + 3."])
    def test_other_numbers(self, text: str) -> None:
        assert leaks(text, WRONG_EQUATION) is None


WORKED = "5 jars hold 50 cookies.\nSo each holds 50/5 = <<50/5=10>>10 cookies.\n#### 10"


@pytest.mark.parametrize("said", ["10", "ten", "10 cookies", "20/2"])
@pytest.mark.parametrize("frame", ["The answer is {}.", "You should write {}.", "It is {}."])
def test_what_a_worked_solution_comes_to_is_no_more_told_than_any_answer(
    said: str, frame: str
) -> None:
    assert leaks(frame.format(said), told(WORKED, "How many in each of 10 rows?", "50 - 10 = 40"))


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Your answer is not right yet. Look at the question.", "The answer is that it melts."),
        ("The answer is not complete yet.", "A complete circuit lights the bulb."),
        ("I can see how you got there.", "Compare the prints to see which are the same."),
        ("Your answer has two parts.", "Two magnets repel when like poles meet."),
        ("One part of the answer is missing.", "Only one circuit can work at a time."),
    ],
)
def test_speaking_of_the_answer_tells_nothing(text: str, reference: str) -> None:
    item = Item(
        id="x", task=Task.SHORT_ANSWER, question="Why?", answer="Dunno.", reference=reference
    )
    assert leaks(text, Told(item=item, verdict=Verdict.INCORRECT)) is None


@pytest.mark.parametrize(
    ("text", "question", "reference"),
    [
        ("It has two parts.", "How many parts has a sentence?", "two"),
        ("There are two things.", "How many magnets?", "2 things"),
        ("Two reasons.", "How many?", "two reasons"),
        ("You need two.", "How many magnets?", "two magnets"),
        ("It is complete.", "What is the circuit?", "complete"),
        ("Say that it melts.", "Why?", "The answer is that it melts."),
    ],
)
def test_what_was_asked_for_stays_told(text: str, question: str, reference: str) -> None:
    item = Item(
        id="x", task=Task.SHORT_ANSWER, question=question, answer="Dunno.", reference=reference
    )
    assert leaks(text, Told(item=item, verdict=Verdict.INCORRECT))
