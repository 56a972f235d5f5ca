import pytest

from runtime.marking.maths.working import check_working
from tests.runtime.marking.maths.helpers import item

TRUE_LINES = [
    "7 × 8 = 56",
    "12 + 5 = 17",
    "$45,000/3=$15,000",
    "50% of 20 = 10",
    "half of 20 = 10",
    "half of 20 is 10",
    "24/2 = <<24/2=12>>12",
    "12 x 3 = 36 apples",
    "2(3 + 4) = 14",
    "5² = 25",
    "2^3 = 8",
    "√16 = 4",
    "½ + ¼ = ¾",
    "1/2 + 1/4 = 3/4",
    "3/4 + 1/4 = 4/4 = 1",
    "6/8 = 3/4",
    "0.1 + 0.2 = 0.3",
    "1,5 + 1,5 = 3",
    "1 000 + 500 = 1500",
    "10/3 = 3.33",
    "2/3 = 0.67",
    "2/3 = 0.66",
    "10/3 ≈ 3",
    "10/3 is about 3 so 10/3 = 3",
    "33.33 * 3 = 100",
    "-5 + 3 = -2",
    "4 - -2 = 6",
    "- 3 + 4 = 7",
    "12:3 = 4",
    "12 : 3 = 4",
    "50 cm + 50 cm = 1 m",
    "2 hours + 30 minutes = 150 minutes",
    "$0.05/coupon * 700 coupons = $35",
    "700 small * 2 big/small = 1400 big coupons",
    "3 plus 4 is 7",
    "3 times 4 equals 12",
    "100% - 30% = 70%",
    "40/100 = 40%",
    "2x + 3x = 5x",
    "1 kilowatt = 1000 watts",
    "10 am - 5 am = 5 hours",
    "1 pm - 10 am = 3 hours",
    "8:30 + 2:15 = 10:45",
    "The price - 3 + 4 = 12",
    "Their age + 3 + 4 = 12",
    "his 1 teacher and his 25 classmates + his 1 friend + 1 himself = 28",
    "Day 1 - 3 + 4 = 7",
    "Day 3:100+20=120",
    "Multiply by 2: $7.50 * 2 = $15.00",
    "y = 2x + 1",
    "1.500 + 1 = 1501",
    "9^9^9 = 5",
    "17 ÷ 5 = 3 r 2",
    "17 : 5 = 3 remainder 2",
    "1/0 = 3",
]

FALSE_LINES = [
    "7 × 8 = 54",
    "12 + 5 = 18",
    "$45,000/3=$14,000",
    "50% of 20 = 11",
    "half of 20 is 11",
    "24/2 = <<24/2=13>>13",
    "24/2 = <<24/2=12>>13",
    "12 x 3 = 35 apples",
    "2 + 3 × 4 = 20",
    "5² = 10",
    "√16 = 8",
    "1/2 + 1/4 = 2/6",
    "0.1 + 0.2 = 0.4",
    "10/3 = 3",
    "17 ÷ 5 = 3 r 3",
    "17 ÷ 5 = 2 r 7",
    "2.5 × 2.5 = 6.5",
    "5 - 8 = 3",
    "8 + 4 = 12 + 5",
    "12 : 3 = 5",
    "2^3 = 6",
    "3 plus 4 is 8",
    "2x + 3x = 6x",
    "5 boys + 3 girls = 9 children",
    "6/8 = 2/4",
    "50 cm + 50 cm = 2 m",
    "3 + 4 = 8 and 2 + 2 = 4",
    "1,5 + 1,5 = 4",
    "the 3 boys of the whole class have 20 * 100 = 1998",
    "her ten-acre farm produces 10*5=40 tons",
    "He has $.6 because 6 times .1 equals .5",
]


def first_wrong(text: str, question: str = "") -> int | None:
    return check_working(item(text, question=question)).first_wrong_step


@pytest.mark.parametrize("line", TRUE_LINES)
def test_no_false_alarm(line: str) -> None:
    assert first_wrong(line) in (-1, None)


@pytest.mark.parametrize("line", FALSE_LINES)
def test_a_slip_is_found(line: str) -> None:
    assert first_wrong(line) == 0


def test_the_first_wrong_line_is_reported_with_its_place() -> None:
    text = "3 × 4 = 12\nthen 12 + 5 = 18 apples\n18 - 1 = 16"
    work = check_working(item(text))
    assert work.first_wrong_step == 1
    first = work.evidence[0]
    assert (first.kind, first.step) == ("calculation_error", 1)
    assert first.span is not None
    assert text[slice(*first.span)].startswith("12 + 5 = 18")
    assert "12 + 5 is not 18" in first.message


def test_a_running_equals_sign_is_noted_but_not_wrong() -> None:
    work = check_working(item("12 + 5 = 17 - 2 = 15"))
    assert [found.kind for found in work.evidence] == ["mixed_notation"]
    assert work.first_wrong_step == -1


def test_a_slip_in_a_running_equals_sign_is_wrong() -> None:
    assert first_wrong("12 + 5 = 17 - 2 = 16") == 0


@pytest.mark.parametrize("text", ["I think it is 4", "12", ""])
def test_nothing_to_check(text: str) -> None:
    assert first_wrong(text) is None


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("2x + 3 = 11\n2x = 8\nx = 4", -1),
        ("2x + 3 = 11\n2x = 14\nx = 7", 1),
        ("2x + 3 = 11\n2x = 8\nx = 6", 2),
        ("x/2 = 5\nx = 2.5", 1),
        ("3x = 1\nx = 0.333", -1),
        ("-x = 4\nx = 4", 1),
        ("x = 21/-3\nx = 7", 1),
        ("5x - 2x = 9\n3x = 9\nx = 3", -1),
        ("2x = 4\nx = 2\n3y = 9\ny = 3", -1),
        ("2x = 4\nx = 2\n3x = 9\nx = 3", -1),
        ("V + 2V = 3V = 33\nV = 11", -1),
        ("4(x - 1) = 8\n4x - 1 = 8", 1),
    ],
)
def test_equation_steps(lines: str, wrong: int) -> None:
    assert first_wrong(lines) == wrong


def test_the_question_gives_the_first_equation() -> None:
    question = "Solve the equation: 2x + 3 = 11"
    assert first_wrong("2x = 8", question) == -1
    assert first_wrong("2x = 14", question) == 0
