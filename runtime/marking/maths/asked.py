"""What the question asks besides the value: an order, a rounding, a form of algebra, a result."""

import re

import msgspec

from runtime.marking.maths.match import Match
from runtime.marking.maths.notation import plain
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.reading import tidy
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.values import Group, Quantity, Value
from runtime.words import noted

_ORDER = re.compile(
    r"\b(?:(?:in|into)(?: \w+)? order|order (?:these|the|from|by)|ascending|descending|"
    r"(?:smallest|least|lowest|lightest|shortest) (?:first|to)|"
    r"(?:largest|greatest|biggest|highest|heaviest|longest) (?:first|to)|"
    r"next \w+ (?:\w+ )?(?:numbers|terms)|sequence|pattern|ordina|ordine)\b|^order\b",
    re.IGNORECASE,
)
_ROUND = re.compile(
    r"\bround|\bd\.? ?p\b|decimal places?|\bs\.? ?f\b|sig(?:nificant|\.) ?fig|\bnearest\b",
    re.IGNORECASE,
)
_EXPAND = re.compile(r"\bexpand|\bmultiply out|\bremove the brackets", re.IGNORECASE)
_FACTORISE = re.compile(
    r"\bfactori[sz]e|\bfactor (?:out|fully|completely|the|[\dx])", re.IGNORECASE
)


def in_asked_order(question: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Make lists ordered where the question asks for an order or a sequence."""
    if not _ORDER.search(question):
        return values
    return tuple(
        msgspec.structs.replace(value, ordered=True) if isinstance(value, Group) else value
        for value in values
    )


def without_given(question: str, reference: Value, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Drop the terms of a sequence that the child copied in front of its own."""
    wanted = len(reference.items) if isinstance(reference, Group) else 1
    copied: list[Value] = []
    for value in values:
        if isinstance(value, Group) and len(value.items) > wanted + 1:
            numbers = [v.number for v in value.items[:-wanted] if isinstance(v, Quantity)]
            given = re.findall(r"-?\d{1,12}(?:\.\d{1,6})?", question)
            if [str(number) for number in numbers] == given[: len(numbers)]:
                rest = msgspec.structs.replace(value, items=value.items[-wanted:])
                copied.append(rest if isinstance(reference, Group) else rest.items[0])
    return (*values, *copied)


def as_asked(
    question: str, texts: tuple[str, str], values: tuple[Value, Value], match: Match
) -> Match:
    """Take back an equal match that leaves undone what the question asks for.

    ``texts`` and ``values`` are the reference's and the answer's.
    """
    if match.outcome is not Outcome.EQUAL:
        return match
    reference, answer = values
    note = ""
    if _is_unrounded(question, reference, answer):
        note = noted("The answer is not rounded as the question asks.")
    elif _is_unworked(question, texts[1], reference, answer):
        note = noted("The calculation is not worked out.")
    elif _EXPAND.search(question) and "(" not in texts[0] and "(" in texts[1].rsplit("=", 1)[-1]:
        return Match(Outcome.WRONG_FORM, (*match.notes, noted("The brackets are still there.")))
    elif _FACTORISE.search(question) and "(" in texts[0] and "(" not in texts[1].rsplit("=", 1)[-1]:
        return Match(Outcome.WRONG_FORM, (*match.notes, noted("The answer is not a product.")))
    return Match(Outcome.DIFFERENT, (*match.notes, note)) if note else match


def _is_unrounded(question: str, reference: Value, answer: Value) -> bool:
    if not isinstance(reference, Quantity) or not isinstance(answer, Quantity):
        return False
    decimal = reference.style is answer.style is Style.DECIMAL
    longer = answer.decimals > reference.decimals and answer.number != reference.number
    return decimal and longer and _ROUND.search(question) is not None


def _is_unworked(question: str, text: str, reference: Value, answer: Value) -> bool:
    """Whether the answer only copies the calculation that the question asks to work out."""
    plain_number = isinstance(reference, Quantity) and reference.style is not Style.CALCULATION
    calculation = isinstance(answer, Quantity) and answer.style is Style.CALCULATION
    copied = "".join(tidy(text).split()) in "".join(plain(question).split())
    root = (
        re.search(r"√|\broot\b", question) is not None
        and re.fullmatch(r"√\s?\d+", tidy(text)) is not None
    )
    return plain_number and calculation and (copied or root)
