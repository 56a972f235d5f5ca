"""Any text at all: no exception, spans that hold, and an end in bounded time."""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.marking.maths.equivalence import best_match
from runtime.marking.maths.reading import read
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.values import Quantity
from tests.runtime.marking.maths.helpers import report

_PIECES = st.sampled_from(
    [*"0123456789", *"+-*/=^()[]{}<>$%£.,:;?!'\"\\|½²√π×÷−°", " ", "\n", "\0", "x", "y", "and ",
     "or ", "is ", "half of ", "cm", "\\frac", "\\boxed{", "####", "answer: ", "3/4", "1,000",
     "12 : 3", "<<", ">>", "no wait ", "of ", "per ", "am", "two ", "hundred "]
)  # fmt: skip


def check_spans(text: str) -> None:
    found = report(text, "12 cm")
    spans = [item.span for item in found.evidence if item.span is not None]
    spans += [found.answer.span] if found.answer is not None else []
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text(text: str) -> None:
    check_spans(text)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_maths(text: str) -> None:
    check_spans(text)


@given(st.lists(_PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_reference(reference: str) -> None:
    report("12", reference)


HOSTILE = [
    "9^9^9^9",
    "9" * 100_000,
    "(" * 50_000,
    "((((" * 20_000 + "1" + "))))" * 20_000,
    "1+" * 50_000 + "1=2",
    "1=" * 50_000,
    "1=1;" * 25_000,
    "<!--" * 25_000,
    "<a>" * 30_000,
    "{" * 50_000,
    '{"":' * 25_000,
    "[a " * 30_000,
    "\\(" * 50_000,
    "$ " * 50_000,
    "\\frac{" * 16_000,
    "\\boxed{" * 14_000,
    "1,2" * 30_000,
    "1 2 3 " * 16_000,
    "a b " * 25_000,
    "answer " * 14_000,
    "half of " * 12_000,
    "1\n" * 50_000,
    " " * 100_000,
    "-" * 100_000,
    "x" * 100_000,
    "(x+1)" * 20_000,
    "(a+b+c+d)^64",
    "½" * 100_000,
    "twenty " * 14_000,
    "no, " * 25_000 + "5",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text_ends_soon(text: str) -> None:
    start = time.process_time()
    check_spans(text)
    assert time.process_time() - start < 3


def notations(number: int, decimals: int) -> list[str]:
    value = Fraction(number, 10**decimals)
    plain = f"{number / 10**decimals:.{decimals}f}"
    whole, _, rest = plain.partition(".")
    grouped = f"{int(whole):,}" if int(whole) else whole
    shown = [plain, f"{grouped}.{rest}" if rest else grouped, f"= {plain}", f"x = {plain}"]
    shown += [plain.replace("-", "−"), f"{value.numerator}/{value.denominator}", f"{plain} apples"]
    shown += [f"so it is {plain}", f"**{plain}**", f"${plain}$", f"\\boxed{{{plain}}}"]
    if decimals and decimals != 3:
        shown.append(plain.replace(".", ","))
    return shown


@given(st.integers(-999_999, 999_999), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_every_notation_reads_back_equal(number: int, decimals: int) -> None:
    value = Fraction(number, 10**decimals)
    reference = str(value)
    for text in notations(number, decimals):
        assert report(text, reference).outcome is Outcome.EQUAL, text


@given(st.integers(1, 200), st.integers(1, 200), st.integers(2, 90))
@settings(max_examples=100, deadline=None)
def test_equal_fractions_are_equal(top: int, bottom: int, factor: int) -> None:
    match = best_match(read(f"{top}/{bottom}"), read(f"{top * factor}/{bottom * factor}"))
    assert match.outcome is Outcome.EQUAL
    other = best_match(read(f"{top}/{bottom}"), read(f"{top * factor + 1}/{bottom * factor}"))
    assert other.outcome is Outcome.DIFFERENT


@given(st.integers(0, 10**6), st.sampled_from(["mm", "cm", "m", "km", "inch", "ft", "mile"]))
@settings(max_examples=100, deadline=None)
def test_units_convert_exactly(number: int, unit: str) -> None:
    (value,) = [item for item in read(f"{number} {unit}") if isinstance(item, Quantity)][:1]
    assert value.unit is not None
    metres = number * value.unit.factor
    match = best_match(read(f"{metres.numerator}/{metres.denominator} m"), (value,))
    assert match.outcome is Outcome.EQUAL


def test_an_answer_longer_than_is_read_is_never_sure() -> None:
    assert not report("2^" * 49_000 + "2", "2").sure
