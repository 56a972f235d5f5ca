"""Answers as classrooms write them: every notation right, every near miss wrong."""

import pytest

from runtime.marking.maths import SymbolicChecker
from runtime.marking.maths.report import Outcome
from tests.runtime.marking.maths.helpers import report

Case = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""A question, its reference, answers that are right and answers that are not."""

WHOLE_NUMBERS: list[Case] = [
    ("What is 7 + 5?", "12", ("12", "12 ans", "7+5=12", "A: 12"), ("11", "1 2 or 13", "21")),
    (
        "There are 2 boxes of 6 eggs. How many eggs are there altogether?",
        "12",
        ("There are 12 eggs altogether.", "2 x 6 = 12", "6+6=12 so 12 eggs", "12 eggs"),
        ("There are 8 eggs altogether.", "2 + 6 = 8", "2 x 6 = 14"),
    ),
    (
        "What is the value of the 7 in 4 738?",
        "700",
        ("700", "7 hundreds", "seven hundred", "7 hundred"),
        ("7", "70", "7 tens"),
    ),
    (
        "Lakhs: how much is 2,50,000 + 50,000?",
        "3,00,000",
        ("300000", "3 lakh", "3,00,000", "₹3,00,000"),
        ("30,000", "3,00,00,000"),
    ),
    (
        "A farmer has 36 sheep in 4 equal pens. How many in each pen?",
        "9",
        (
            "36 shared by 4 = 9",
            "There would be 9 sheep in each of the 4 pens.",
            "9 in each pen",
            "36/4\n= 9",
        ),
        (
            "There would be 8 sheep in each of the 4 pens.",
            "each pen has 32 sheep in it",
            "36÷4= 8 sheep",
        ),
    ),
    (
        "Write the missing number: 7 + __ = 15",
        "8",
        ("8", "7 + 8 = 15", "15 - 7 = 8", "the missing number is 8"),
        ("22", "7 + 9 = 15", "9"),
    ),
    ("Fill in: 3/4 = __/12", "9", ("9", "9/12", "3/4 = 9/12"), ("8/12", "11")),
    ("17 ÷ 5", "3 r 2", ("3 r 2", "3 remainder 2", "3 R2", "17÷5=3 r2"), ("2 r 3", "3", "4 r 2")),
    ("-3 - 5", "-8", ("-8", "−8", "minus 8", "-3 - 5 = -8"), ("8", "2", "-2")),
    ("What is 5 × 0?", "0", ("0", "zero", "nothing", "none"), ("5", "50", "1")),
    ("Write 14 in Roman numerals", "XIV", ("XIV", "xiv", "X I V"), ("XVI", "XIIII", "VIX")),
]

FRACTIONS: list[Case] = [
    (
        "What is 1/2 + 1/4?",
        "3/4",
        ("3/4", "0.75", "\\frac{3}{4}", "1/2 = 2/4\n2/4 + 1/4 = 3/4"),
        ("2/6", "1/2 + 1/4 = 2/6", "three eighths"),
    ),
    (
        "Round 3.14159 to 2 decimal places",
        "3.14",
        ("3.14", "3,14", "3.14 (2dp)", "3.14 to 2 d.p."),
        ("3.1", "3.15", "3.142"),
    ),
    (
        "1/3 as a decimal",
        "0.333...",
        ("0.333...", "0.3 recurring", "0.\\dot{3}", "0.3̇"),
        ("0.3", "0.33"),
    ),
    (
        "What is 15% of 60?",
        "9",
        ("9", "10% = 6, 5% = 3, so 15% = 9", "10% = 6\n5% = 3\n15% = 9", "6 + 3 = 9"),
        ("10% = 6, 5% = 3, so 15% = 18", "15", "4"),
    ),
    (
        "What is the probability of getting a red?",
        "1/4",
        ("1/4", "25%", "1 out of 4", "P(red) = 1/4"),
        ("1:4", "4", "1 in 3"),
    ),
    (
        "Calculate 25% of £80",
        "£20",
        ("£20", "20", "20 pounds", "80 ÷ 4 = £20"),
        ("£2", "£60", "25"),
    ),
]

MEASURES: list[Case] = [
    (
        "A book costs £3.50 and a pen costs 85p. What is the total?",
        "£4.35",
        ("£4.35", "4.35", "£4-35", "4 pounds and 35p"),
        ("£4.45", "£3.35", "£435"),
    ),
    ("Quanto costa?", "3,50 €", ("3,50 €", "€3.50", "3,5€", "3€50"), ("3,05 €", "35 €", "350 €")),
    (
        "What is the total cost in rupees?",
        "₹450",
        ("₹450", "Rs 450", "Rs. 450", "450 rupees"),
        ("₹45", "Rs 540"),
    ),
    (
        "What time is it?",
        "07:30",
        ("7:30", "half past seven", "half past 7", "7.30"),
        ("half past 8", "6:30", "7:03"),
    ),
    (
        "What time does the film end?",
        "3:45 pm",
        ("3:45 pm", "3:45pm", "15:45", "3:45 p.m."),
        ("3:45 am", "4:45 pm", "15:54"),
    ),
    (
        "How long does the journey take?",
        "2 h 15 min",
        ("2 hours 15 minutes", "2h 15m", "135 minutes", "2h15"),
        ("2.15 hours", "2 hours 25 minutes", "215 minutes"),
    ),
    (
        "How long is the line?",
        "3.5 cm",
        ("3 1/2cm", "3,5 cm", "3½ cm", "3.5 centimeters"),
        ("4.5 cm", "35 cm", "3.5 m"),
    ),
    (
        "Area of a rectangle 6 cm by 4 cm",
        "24 cm²",
        ("24 cm²", "24 cm^2", "24 cm squared", "6cm x 4cm = 24cm²"),
        ("20 cm²", "24² cm", "24 cm"),
    ),
    (
        "Volume of a cube of side 3 cm",
        "27 cm³",
        ("27 cm³", "27cm3", "27 cm^3", "27 ml"),
        ("9 cm³", "18 cm3", "27 cm²"),
    ),
    (
        "What is the temperature at midnight?",
        "-4 °C",
        ("-4°C", "-4", "minus four", "negative 4"),
        ("4°C", "4 degrees", "-6°C"),
    ),
    (
        "Convert 250 cm to m",
        "2.5 m",
        ("2.5m", "2.50 m", "2 m 50 cm", "2 1/2 m"),
        ("25 m", "0.25m", "2.05 m"),
    ),
]

LISTS: list[Case] = [
    (
        "Simplify the ratio 12:18",
        "2:3",
        ("2:3", "2 : 3", "2 to 3", "12:18 = 6:9 = 2:3"),
        ("3:2", "2:9", "3 to 2"),
    ),
    (
        "Share £40 in the ratio 3:5",
        "£15 and £25",
        ("£15 and £25", "£15, £25", "£15 : £25", "15 and 25"),
        ("£15", "£25 and £20", "£3 and £5"),
    ),
    (
        "Next three numbers: 2, 4, 6, ...",
        "8, 10, 12",
        ("8, 10, 12", "8 10 12", "8; 10; 12", "8, 10 and 12"),
        ("8, 10", "8, 12, 16", "10, 12, 14"),
    ),
    (
        "Write the coordinates of point P",
        "(3, -2)",
        ("(3, -2)", "3,-2", "P(3, -2)", "x=3, y=-2"),
        ("(-2, 3)", "(3, 2)", "(3, -2) or (-2,3)"),
    ),
    (
        "List the factors of 12",
        "1, 2, 3, 4, 6, 12",
        ("1, 2, 3, 4, 6, 12", "1,12,2,6,3,4", "1 2 3 4 6 12", "1 and 12, 2 and 6, 3 and 4"),
        ("2, 3, 4, 6", "1, 2, 3, 4, 6", "1, 2, 3, 4, 6, 8, 12"),
    ),
    (
        "Order from smallest: 0.5, 0.05, 0.55",
        "0.05, 0.5, 0.55",
        ("0.05, 0.5, 0.55", "0.05 < 0.5 < 0.55", "0.05 0.5 0.55", "0,05; 0,5; 0,55"),
        ("0.5, 0.05, 0.55", "0.55, 0.5, 0.05", "0.05, 0.55, 0.5"),
    ),
    (
        "Write 5 numbers counting in threes: 3,...",
        "3, 6, 9, 12, 15",
        ("3, 6, 9, 12, 15", "3,6,9,12,15", "3-6-9-12-15", "3 6 9 12 15"),
        ("3,6,9,12,16", "6,9,12,15"),
    ),
    (
        "Give both square roots of 25",
        "5 and -5",
        ("5 and -5", "±5", "+5, -5", "-5 and 5"),
        ("5", "-5", "5 and 5"),
    ),
]

ALGEBRA: list[Case] = [
    ("Simplify √50", "5√2", ("5√2", "5 root 2", "5sqrt2", "5\\sqrt{2}"), ("2√5", "25√2", "10√5")),
    (
        "Solve x² = 49",
        "x = 7 or x = -7",
        ("x = 7 or x = -7", "x = ±7", "7 and -7", "x = \\pm 7"),
        ("x = 7", "7", "24.5"),
    ),
    (
        "Write 45 000 in standard form",
        "4.5 × 10⁴",
        ("4.5 × 10^4", "4.5x10^4", "4,5 · 10^4", "4.5 \\times 10^{4}"),
        ("4.5 × 10^5", "4.5 × 10^3", "4.5 x 104"),
    ),
    (
        "Solve 2x + 1 > 7",
        "x > 3",
        ("x > 3", "x>3", "3 < x", "x is greater than 3"),
        ("x < 3", "x ≥ 3", "x > 4"),
    ),
    (
        "Solve -2 < x + 1 ≤ 5",
        "-3 < x ≤ 4",
        ("-3 < x ≤ 4", "-3<x<=4", "x > -3 and x ≤ 4"),
        ("-3 ≤ x < 4", "-3 < x < 4", "x ≤ 4"),
    ),
    (
        "Expand 3(x + 4)",
        "3x + 12",
        ("3x + 12", "3x+12", "3*x + 12", "3 x + 12"),
        ("3x + 4", "3x + 7", "3x - 12"),
    ),
    (
        "Solve 2x + 3 = 11",
        "x = 4",
        ("x = 4", "x=4", "X = 4", "2x+3=11\n2x=8\nx=4"),
        ("x = 7", "x = -4", "2x = 14\nx = 7"),
    ),
    (
        "Solve x + y = 10, x - y = 2",
        "x = 6, y = 4",
        ("x = 6, y = 4", "x=6 y=4", "y = 4, x = 6", "x=6 and y=4"),
        ("x = 4, y = 6", "x = 6", "x = 6, y = 2"),
    ),
    (
        "Write the equation of the line",
        "y = 2x + 1",
        ("y = 2x + 1", "y=2x+1", "y = 1 + 2x", "y=2*x+1"),
        ("y = x + 2", "y = 2x - 1", "y = -2x + 1"),
    ),
    ("Circumference in terms of π", "6π", ("6π", "6pi", "6\\pi", "π × 6"), ("9π", "3π", "6")),
    (
        "Factorise fully 4x + 8",
        "4(x + 2)",
        ("4(x+2)", "4 (x + 2)", "4x + 8 = 4(x+2)"),
        ("4(x+8)", "4x + 2"),
    ),
]

WORDS: list[Case] = [
    ("Put in < or > or =: 5 __ 3", ">", (">", "5 > 3", "greater than"), ("<", "5 < 3", "=")),
    (
        "What type of triangle has two equal sides?",
        "isosceles",
        ("isosceles", "Isosceles", "an isosceles triangle", "isosceles triangle"),
        ("equilateral", "scalene", "right-angled"),
    ),
    (
        "Is 51 prime?",
        "no",
        ("no", "No", "No, because 51 = 3 × 17", "no it isnt because 3x17=51"),
        ("yes", "Yes because it is odd", "Yes, it only divides by 1 and itself"),
    ),
    (
        "True or false: all squares are rectangles",
        "true",
        ("true", "True", "T", "True because they have 4 right angles"),
        ("false", "F", "False because the sides are equal"),
    ),
    (
        "Which one is biggest? (A) 0.3 (B) 0.35 (C) 0.305",
        "B",
        ("b)", "B", "B because 35 hundredths is the most", "B."),
        ("A", "(c)", "C because it has most digits"),
    ),
]

CASES = [*WHOLE_NUMBERS, *FRACTIONS, *MEASURES, *LISTS, *ALGEBRA, *WORDS]
RIGHT = [(case[0], case[1], answer) for case in CASES for answer in case[2]]
WRONG = [(case[0], case[1], answer) for case in CASES for answer in case[3]]


@pytest.mark.parametrize(("question", "reference", "answer"), RIGHT)
def test_right(question: str, reference: str, answer: str) -> None:
    with SymbolicChecker() as checker:
        found = report(answer, reference, question, checker=checker)
    assert found.outcome is Outcome.EQUAL


@pytest.mark.parametrize(("question", "reference", "answer"), WRONG)
def test_wrong(question: str, reference: str, answer: str) -> None:
    with SymbolicChecker() as checker:
        found = report(answer, reference, question, checker=checker)
    assert found.outcome is not Outcome.EQUAL
