"""Examination: one answer in maths against its reference, and its working line by line."""

import re

from runtime.marking.item import Item
from runtime.marking.maths.answers import ReadAnswer, read_answer, read_reference
from runtime.marking.maths.asked import as_asked, in_asked_order, without_given
from runtime.marking.maths.describe import describe
from runtime.marking.maths.equivalence import best_match
from runtime.marking.maths.extraction import MAX_CHARS
from runtime.marking.maths.findings import answer_evidence, final_answer, reasons_for
from runtime.marking.maths.form import form_is_kept
from runtime.marking.maths.match import Match
from runtime.marking.maths.report import MathsReport, Outcome
from runtime.marking.maths.symbolic import SymbolicChecker
from runtime.marking.maths.values import Algebra, Group, Relation, Symbolic, Value, Words
from runtime.marking.maths.working import check_working
from runtime.words import noted


def examine(item: Item, checker: SymbolicChecker | None = None) -> MathsReport:
    """Return what code can tell about one answer.

    ``checker`` decides what the exact readers cannot (trigonometry, intervals, matrices);
    without one such answers are compared as text and never sure. Never raises on any text.
    """
    reference = read_reference(item.reference)
    answer = read_answer(item, reference)
    work = check_working(item)
    match = _compared(item, reference, answer, checker)
    outcome = _outcome(item, reference, answer, match)
    one_wanted = reference is not None and not isinstance(reference.values[0], Group)
    evidence = (*answer_evidence(item, answer, match, outcome, one_wanted), *work.evidence)
    return MathsReport(
        outcome=outcome,
        answer=final_answer(item, answer),
        reference_reading=describe(reference.values[0]) if reference else None,
        evidence=evidence,
        first_wrong_step=work.first_wrong_step,
        sure=match.sure and len(item.text) <= MAX_CHARS and not _unread_number(item, answer),
        reasons=reasons_for(outcome, match),
    )


def _unread_number(item: Item, answer: ReadAnswer | None) -> bool:
    return answer is None and any(map(str.isdigit, item.text))


def _compared(
    item: Item,
    reference: ReadAnswer | None,
    answer: ReadAnswer | None,
    checker: SymbolicChecker | None,
) -> Match:
    if reference is None or answer is None:
        return Match(Outcome.DIFFERENT)
    asked = re.search(r"%|per\s?cent", item.question, re.IGNORECASE) is not None
    values = without_given(item.question, reference.values[0], answer.values)
    wanted = in_asked_order(item.question, reference.values)
    match = best_match(wanted, in_asked_order(item.question, values), asked)
    if match.outcome is Outcome.DIFFERENT and _needs_checker(reference, answer):
        match = _checked(reference, answer, checker)
    pair = (reference.values[0], answer.values[0])
    match = as_asked(item.question, (reference.text, answer.text), pair, match)
    return _settled(match, reference, answer)


def _needs_checker(reference: ReadAnswer, answer: ReadAnswer) -> bool:
    """Whether exact reading failed on a side, so that "different" is not yet proved."""
    first = (reference.values[0], answer.values[0])
    if _is_bounds(first[0]) and not _is_bounds(first[1]):
        return not isinstance(first[1], Words)  # an interval, perhaps
    return not any(isinstance(value, Words) for value in first) and not all(map(_is_exact, first))


def _is_bounds(value: Value) -> bool:
    return isinstance(value, Group) and all(isinstance(item, Relation) for item in value.items)


def _is_exact(value: Value) -> bool:
    """Whether two values of this kind that compare as different are different."""
    if isinstance(value, Group):
        return all(map(_is_exact, value.items))
    if isinstance(value, Relation):
        return all(sum(power for _, power in key) <= 1 for key in value.difference.terms)
    if isinstance(value, Algebra):
        return True
    return not isinstance(value, Symbolic)


def _checked(reference: ReadAnswer, answer: ReadAnswer, checker: SymbolicChecker | None) -> Match:
    verdict = checker.equal(reference.text, answer.text) if checker is not None else None
    if verdict is None:
        note = noted("The notation could not be compared by code.")
        return Match(Outcome.DIFFERENT, (note,), False)
    return Match(Outcome.EQUAL if verdict else Outcome.DIFFERENT)


def _settled(match: Match, reference: ReadAnswer, answer: ReadAnswer) -> Match:
    """Refuse an equal answer that stands among others; what is not clear is not sure."""
    if not answer.rivals:
        return match
    note = noted("Several different final answers are given.")
    return Match(Outcome.DIFFERENT, (*match.notes, note), False)


def _outcome(
    item: Item, reference: ReadAnswer | None, answer: ReadAnswer | None, match: Match
) -> Outcome:
    if answer is None:
        return Outcome.UNREADABLE if reference else Outcome.NO_REFERENCE
    if reference is None:
        return Outcome.NO_REFERENCE
    if match.outcome is Outcome.EQUAL and item.form is not None:
        first = reference.values[0]
        meant = [v for v in answer.values if best_match((first,), (v,)).outcome is Outcome.EQUAL]
        kept = form_is_kept((meant or answer.values)[0], item.form, first)
        return Outcome.EQUAL if kept else Outcome.WRONG_FORM
    return match.outcome
