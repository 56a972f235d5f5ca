"""What a question trains."""

import pytest

from runtime.marking.item import Item, Task
from runtime.study.skills import NAMES, skill_name, skill_of
from tests.runtime.study import classroom


@pytest.mark.parametrize(
    ("question", "skill"),
    [
        ("Solve 3(x + 4) = 27.", "math:equations"),
        ("What is 15% of 80?", "math:percent"),
        ("Divide 20 sweets in the ratio 2 to 3.", "math:ratio"),
        ("Work out 3/4 + 5/6.", "math:fractions"),
        ("The train leaves at 9:45 and arrives at 11:20. How long does it take?", "math:time"),
        ("A garden is 7 m long and 4 m wide. What is its area?", "math:measures"),
        ("Work out 3.5 + 2.75.", "math:decimals"),
        ("What is 56 ÷ 8?", "math:division"),
        ("What is 7 × 8?", "math:multiplication"),
        ("Tom had 12 apples and ate 5. How many are left?", "math:subtraction"),
        ("Ada has 3 cats and Ben has 4. How many are there altogether?", "math:addition"),
        ("What comes after 9?", "math:numbers"),
    ],
)
def test_maths_is_told_by_what_it_works_with(question: str, skill: str) -> None:
    assert skill_of("", Item(id="1", task=Task.MATH, question=question)) == skill


def test_writing_is_told_by_what_is_asked_for() -> None:
    assert skill_of("", classroom.PUDDLE) == "write:why"
    assert skill_of("", classroom.BEES) == "write:summary"


def test_the_word_of_the_set_comes_first_and_stays_as_it_is() -> None:
    assert skill_of(" times table of 7 ", classroom.SALE) == "times table of 7"
    assert skill_name("times table of 7") == "times table of 7"


def test_every_skill_that_code_tells_has_a_name() -> None:
    found = {skill_of("", item) for item in classroom.ALL}
    assert found <= set(NAMES)
