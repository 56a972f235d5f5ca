"""Line numbers as a child sees them."""

import pytest

from runtime.marking.item import Item, Task
from runtime.study.lines import line_number


@pytest.mark.parametrize(("step", "number"), [(0, 2), (1, 4), (7, 8)])
def test_empty_lines_count_as_in_the_editor(step: int, number: int) -> None:
    item = Item(id="1", task=Task.MATH, question="?", answer="\n3 + 4 = 7\n\n7 + 1 = 8")
    assert line_number(item, step) == number


def test_steps_are_counted_as_they_are() -> None:
    item = Item(id="1", task=Task.MATH, question="?", steps=("3 + 4 = 7", "", "7 + 1 = 8"))
    assert line_number(item, 2) == 3
