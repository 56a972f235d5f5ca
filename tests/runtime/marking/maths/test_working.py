"""Working: no false alarm, every slip found, and the line that is pointed at."""

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


RUNNING = [
    "12 + 5 = 17 - 2 = 15",
    "3 + 4 = 7 + 2 = 9",
    "10 - 3 = 7 x 2 = 14 + 1 = 15",
    "I did 60 ÷ 3 = 20 x 2 = 40 so it is 40",
    "25 x 4 = 100\n= 100 + 7\n= 107",
]


@pytest.mark.parametrize("text", RUNNING)
def test_a_running_equals_sign_is_noted_but_not_wrong(text: str) -> None:
    work = check_working(item(text))
    assert [found.kind for found in work.evidence] == ["mixed_notation"]
    assert work.evidence[0].message.startswith("Your arithmetic is right, but in ")
    assert work.first_wrong_step == -1


def test_a_slip_in_a_running_equals_sign_is_wrong() -> None:
    work = check_working(item("12 + 5 = 17 - 2 = 16"))
    assert work.first_wrong_step == 0
    assert not any("arithmetic is right" in found.message for found in work.evidence)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("9/12 + 10/12\n= 19/12\n= 1 7/12", -1),
        ("9/12 + 10/12\n= 20/12\n= 5/3", 1),
        ("9/12 + 10/12\n= 19/12\n= 1 8/12", 2),
        ("9/12 + 10/12 =\n19/12", -1),
        ("9/12 + 10/12 =\n20/12", 1),
        ("9/12 + 10/12 =\n= 20/12", 1),
        ("Add them: 9/12 + 10/12.\n= 20/12", 1),
        ("9/12 + 10/12\nI add the tops\n= 20/12", 2),
        ("12 x 3\n→ 35", 1),
        ("12 x 3\n-> 36", -1),
        ("12 x 3\nso 35 apples", 1),
        ("12 x 3\nwhich makes 36", -1),
        ("12 x 3\n≈ 40", -1),
        ("3 + 4\n> 8", 1),
        ("12 x 3\n= 36 apples\n= 36 + 4\n= 41", 3),
        ("25\n+ 17\n= 42", -1),
        ("25\n+17\n---\n43", 3),
        ("42\n- 17\n= 26", 2),
        ("3 + 4 = 7\n+ 2 = 10", 1),
        ("12 x 3 = 36\n+ 5\n41", -1),
        ("12 x 3 = 36\n+ 5\n42", 2),
        ("2(x + 3)\n= 2x + 6", -1),
        ("2(x + 3)\n= 2x + 3", 1),
        ("x = 3 + 4\n= 8", 1),
        ("5 + 3 × 2\n= 8 × 2\n= 16", 1),
        ("25 x 4 = 100\n= 107", 1),
    ],
)
def test_a_line_goes_on_with_the_one_above(text: str, wrong: int) -> None:
    assert first_wrong(text) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "12 x 3\nso 20 apples are left",
        "12 x 3\nso there are 3 boxes",
        "There are 20 apples.\n= 5 x 3",
        "- 3\n- 4\n7",
        "3 + 4 = 7\n- 2 = 5",
        "- 3 + 4 = 7\n- 7 + 2 = 9",
        "* 3 + 4 = 7\n* 7 + 2 = 9",
        "I did 3 + 4 = 7. Then\n= 8",
        "3x = 27\n= 9",
        "5\n3",
    ],
)
def test_what_does_not_go_on_is_left_apart(text: str) -> None:
    assert first_wrong(text) in (-1, None)


def test_only_the_line_itself_is_pointed_at() -> None:
    text = "9/12 + 10/12\n= 20/12\n= 5/3"
    (found,) = check_working(item(text)).evidence
    assert found.span is not None
    assert text[slice(*found.span)] == "= 20/12"
    assert "9/12 + 10/12 is not 20/12" in found.message


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("3/4 > 2/3", None),
        ("3/4 < 2/3", 0),
        ("1/4 < 1/3 < 1/2", None),
        ("1/4 < 1/5 < 1/2", 0),
        ("0.30 > 0.4", 0),
        ("0.3 ≠ 0.30", 0),
        ("25% < 20%", 0),
        ("1.500 > 2", None),
        ("30 cm > 1 m", None),
        ("x > 3", None),
        ("5 -> 3", None),
        ("3 => 8", None),
    ],
)
def test_comparisons(text: str, wrong: int | None) -> None:
    assert first_wrong(text) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2 + 3 = 5 = 10", 0),
        ("20/12 = 5/3 = 1 2/3 = 1.67", -1),
        ("1/4 = 0.25 = 25%", -1),
        ("10/3 = 3.333 = 3", -1),
        ("2 + 10 = 12 = 1 dozen", -1),
        ("2 × 1.5 = 3 = 300 cm", -1),
        ("7 × 8 = 54 + 2 = 56", -1),
        ("3 + 4 = 7 = 8 - 1 = 7", -1),
    ],
)
def test_a_chain_is_checked_link_by_link(text: str, wrong: int) -> None:
    assert first_wrong(text) == wrong


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
        ("2x + 3 = 11\n=> 2x = 8\n=> x = 5", 2),
    ],
)
def test_equation_steps(lines: str, wrong: int) -> None:
    assert first_wrong(lines) == wrong


def test_the_question_gives_the_first_equation() -> None:
    question = "Solve the equation: 2x + 3 = 11"
    assert first_wrong("2x = 8", question) == -1
    assert first_wrong("2x = 14", question) == 0
    assert first_wrong("2x + 3\n= 11", question) is None
    assert first_wrong("2x + 3\n= x + 11", "Solve 2x + 3 = x + 11") is None
