import pytest

from runtime.marking.maths.equations import step_holds


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ("3=-x/5", "3/-5=-x/5/-5", True),
        ("-9/-7=x", "-16=x", False),
        ("x/-2=7", "x/-2*7=7*7", True),
        ("4.8y+(-y)=-4", "4.8y+(-y)+-4=-4+-4", True),
        ("35=2.5y+(-y)", "35=-1.5y", False),
        ("-x=-3", "-x--1=-3--1", True),
        ("4x=7", "4X=7", True),
        ("3(y-5)-3y=1", "-15=1", None),
        ("x=x+1", "0x=1", True),
        ("x^2=9", "x=3", None),
        ("6/x=2", "x=3", None),
        ("x+y=2", "x=2-y", None),
        ("x=2", "y=2", None),
        ("12", "x=12", None),
        ("3x=2", "x=0.67", True),
        ("3x=2", "x=0.7", False),
    ],
)
def test_step_holds(before: str, after: str, holds: bool | None) -> None:
    assert step_holds(before, after) is holds
