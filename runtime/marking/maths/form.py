"""Required form: whether an equal answer is also written as the question asks."""

from runtime.marking.item import Form
from runtime.marking.maths.equivalence import lowest_ratio
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.units import PERCENT
from runtime.marking.maths.values import Quantity, Ratio, Value
from runtime.words import noted

_NOTES = {
    Form.SIMPLEST: noted("The value is right, but the question asks for it in its simplest form."),
    Form.FRACTION: noted("The value is right, but the question asks for it as a fraction."),
    Form.MIXED: noted("The value is right, but the question asks for it as a mixed number."),
    Form.DECIMAL: noted("The value is right, but the question asks for it as a decimal."),
    Form.PERCENT: noted("The value is right, but the question asks for it as a percentage."),
    Form.INTEGER: noted("The value is right, but the question asks for it as a whole number."),
    Form.UNIT: noted("The value is right, but the question asks for it with its unit."),
}


def form_is_kept(answer: Value, form: Form, reference: Value | None = None) -> bool:
    """Return whether the answer has the form; what no form can be told of has it."""
    if isinstance(answer, Ratio):
        return form is not Form.SIMPLEST or lowest_ratio(answer.parts)
    if not isinstance(answer, Quantity):
        return True
    if form is Form.SIMPLEST:
        return _is_simplest(answer, reference)
    if form is Form.UNIT:
        return answer.unit is not None or bool(answer.noun)
    if form is Form.PERCENT:
        return answer.unit == PERCENT
    return _style_fits(answer, form)


def _style_fits(answer: Quantity, form: Form) -> bool:
    if answer.unit == PERCENT:
        return False
    whole = answer.number.denominator == 1 and answer.style is Style.INTEGER
    if form is Form.INTEGER:
        return whole or (answer.style is Style.WORDS and answer.number.denominator == 1)
    if form is Form.MIXED:
        return whole or answer.style is Style.MIXED
    if form is Form.FRACTION and answer.style is Style.WORDS:
        return True
    if form is Form.DECIMAL:
        return whole or answer.style is Style.DECIMAL
    return whole or answer.style in (Style.FRACTION, Style.MIXED)


def _is_simplest(answer: Quantity, reference: Value | None) -> bool:
    if answer.style in (Style.FRACTION, Style.MIXED, Style.CALCULATION):
        return answer.reduced
    wanted = isinstance(reference, Quantity) and reference.style in (Style.FRACTION, Style.MIXED)
    return not (wanted and answer.style is Style.DECIMAL)


def form_note(form: Form) -> str:
    """Return the sentence for an answer that misses the form."""
    return _NOTES[form]
