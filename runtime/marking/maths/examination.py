"""Examination: one answer in maths against its reference, and its working line by line."""

import re

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.maths.describe import describe
from runtime.marking.maths.equivalence import Match, best_match
from runtime.marking.maths.extraction import Candidate, Extraction, Strength, extract
from runtime.marking.maths.form import form_is_kept, form_note
from runtime.marking.maths.notation import shown, wording
from runtime.marking.maths.reading import read
from runtime.marking.maths.report import FinalAnswer, MathsReport, Outcome
from runtime.marking.maths.symbolic import SymbolicChecker
from runtime.marking.maths.values import Group, Quantity, Relation, Symbolic, Value, Words
from runtime.marking.maths.working import check_working, step_of

_LEAD_IN = re.compile(
    r"^(?:(?:i think|i say|i got|so|it is|it's|its|the answer is|answer|this is|that is|is|a|an|the)\b[:,]?\s*)+",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(r"\b(?:not|no|or|isn't|never|nor)\b", re.IGNORECASE)


class _Read(msgspec.Struct, frozen=True):
    """A final answer with its readings."""

    text: str
    values: tuple[Value, ...]
    place: Candidate | None = None
    rivals: tuple[Candidate, ...] = ()


def examine(item: Item, checker: SymbolicChecker | None = None) -> MathsReport:
    """Return what code can tell about one answer.

    ``checker`` decides what the exact readers cannot (trigonometry, intervals, matrices);
    without one such answers are compared as text and never sure. Never raises on any text.
    """
    reference = _read_reference(item.reference)
    answer = _read_answer(item, reference)
    work = check_working(item)
    match = _compared(item, reference, answer, checker)
    outcome = _outcome(item, reference, answer, match)
    evidence = (*_answer_evidence(item, answer, match, outcome), *work.evidence)
    return MathsReport(
        outcome=outcome,
        answer=_final(item, answer),
        reference_reading=describe(reference.values[0]) if reference else None,
        evidence=evidence,
        first_wrong_step=work.first_wrong_step,
        sure=match.sure,
        reasons=_reasons(outcome, match),
    )


def _read_reference(reference: str | None) -> _Read | None:
    """Read a bare value as it stands, a worked solution by its final answer."""
    if reference is None or not reference.strip():
        return None
    values = read(reference)
    worked = "\n" in reference.strip() or "\\boxed" in reference or "####" in reference
    if values and not worked and not isinstance(values[0], Words | Symbolic):
        return _Read(reference, values)
    found = extract(reference).answer
    if found is not None and found.strength > Strength.NUMBER and read(found.text):
        return _Read(found.text, read(found.text))
    return _Read(reference, values or (Words(wording(reference)),))


def _read_answer(item: Item, reference: _Read | None) -> _Read | None:
    text = item.text
    whole = _whole(text, reference)
    if whole is not None:
        return whole
    found = extract(text)
    if found.answer is None:
        return None
    values = read(found.answer.text)
    return _Read(found.answer.text, values, found.answer, found.rivals) if values else None


def _whole(text: str, reference: _Read | None) -> _Read | None:
    """Take the whole text as the answer where it is nothing but a value, or words are wanted."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return None
    place = Candidate(text[start:end], start, end, Strength.CONCLUSION)
    if reference is not None and isinstance(reference.values[0], Words):
        return _worded(place, reference.values[0])
    if "\n" in text.strip() or len(text) > 300 or "####" in text or "\\boxed" in text:
        return None
    values = read(text)
    if values and not isinstance(values[0], Words) and not _has_prose(values[0]):
        return _Read(place.text, values, place)
    return None


def _has_prose(value: Value) -> bool:
    """Whether words around the number may change what the answer is."""
    if isinstance(value, Quantity):
        return len(value.noun.split()) > 2
    return isinstance(value, Group) and any(map(_has_prose, value.items))


def _worded(place: Candidate, wanted: Words) -> _Read | None:
    """Read an answer in words: the first line, without "I think it is"."""
    line = place.text.splitlines()[0]
    words = wording(_LEAD_IN.sub("", line.strip()))
    if not words:
        return None
    held = f" {wanted.text} " in f" {words} " and not _UNDECIDED.search(line)
    if wording(line) == wanted.text or (
        held and len(words.split()) <= len(wanted.text.split()) + 8
    ):
        words = wanted.text
    short = Candidate(line, place.start, place.start + len(line), place.strength)
    return _Read(line, (Words(words),), short)


def _compared(
    item: Item, reference: _Read | None, answer: _Read | None, checker: SymbolicChecker | None
) -> Match:
    if reference is None or answer is None:
        return Match(Outcome.DIFFERENT)
    asked = re.search(r"%|per\s?cent", item.question, re.IGNORECASE) is not None
    match = best_match(reference.values, answer.values, asked)
    if match.outcome is Outcome.DIFFERENT and _needs_checker(reference, answer):
        match = _checked(reference, answer, checker)
    return _settled(match, reference, answer)


def _needs_checker(reference: _Read, answer: _Read) -> bool:
    """Whether exact reading failed on a side, so that "different" is not yet proved."""
    hard = (Symbolic, Relation)
    sides = (reference.values, answer.values)
    if any(isinstance(side[0], Words) for side in sides):
        return False
    return any(isinstance(value, hard) for side in sides for value in side) or any(
        getattr(getattr(value, "polynomial", None), "has_surd", False)
        for side in sides
        for value in side
    )


def _checked(reference: _Read, answer: _Read, checker: SymbolicChecker | None) -> Match:
    verdict = checker.equal(reference.text, answer.text) if checker is not None else None
    if verdict is None:
        note = "The notation could not be compared by code."
        return Match(Outcome.DIFFERENT, (note,), False)
    return Match(Outcome.EQUAL if verdict else Outcome.DIFFERENT)


def _settled(match: Match, reference: _Read, answer: _Read) -> Match:
    """Refuse an equal answer that stands among others; what is not clear is not sure."""
    if not answer.rivals:
        return match
    note = "Several different final answers are given."
    return Match(Outcome.DIFFERENT, (*match.notes, note), False)


def _outcome(item: Item, reference: _Read | None, answer: _Read | None, match: Match) -> Outcome:
    if answer is None:
        return Outcome.UNREADABLE if reference else Outcome.NO_REFERENCE
    if reference is None:
        return Outcome.NO_REFERENCE
    if match.outcome is Outcome.EQUAL and item.form is not None:
        kept = form_is_kept(answer.values[0], item.form, reference.values[0])
        return Outcome.EQUAL if kept else Outcome.WRONG_FORM
    return match.outcome


def _final(item: Item, answer: _Read | None) -> FinalAnswer | None:
    if answer is None or answer.place is None:
        return None
    span = (answer.place.start, answer.place.end)
    return FinalAnswer(
        text=item.text[slice(*span)],
        span=span,
        step=step_of(item, span[0]),
        reading=describe(answer.values[0]),
    )


def _answer_evidence(
    item: Item, answer: _Read | None, match: Match, outcome: Outcome
) -> list[Evidence]:
    if answer is None or answer.place is None:
        return []
    span = (answer.place.start, answer.place.end)
    step = step_of(item, span[0])
    said = shown(item.text[slice(*span)])
    found = [Evidence(kind="final_answer", message=_verdict(said, outcome), span=span, step=step)]
    if outcome is Outcome.WRONG_FORM and item.form is not None:
        found.append(Evidence(kind="form", message=form_note(item.form), span=span, step=step))
    if answer.rivals or isinstance(answer.values[0], Group) and outcome is Outcome.DIFFERENT:
        message = "More than one answer is given. Choose one answer."
        found.append(Evidence(kind="several_answers", message=message, span=span, step=step))
    kinds = [
        (("unit" if "unit" in note or "percent" in note else "notation"), note)
        for note in match.notes
    ]
    found += [Evidence(kind=kind, message=note, span=span, step=step) for kind, note in kinds]
    return found


def _verdict(said: str, outcome: Outcome) -> str:
    match outcome:
        case Outcome.EQUAL:
            return f"Your final answer {said} is right."
        case Outcome.WRONG_FORM:
            return f"Your final answer {said} has the right value."
        case Outcome.WRONG_UNIT:
            return f"Your final answer {said} has the right number. Check its unit."
        case Outcome.DIFFERENT:
            return f"Your final answer {said} is not right yet."
    return f"Your final answer is {said}."


def _reasons(outcome: Outcome, match: Match) -> tuple[str, ...]:
    first = {
        Outcome.EQUAL: "The final answer equals the reference.",
        Outcome.WRONG_FORM: "The final answer equals the reference, but not in the form asked for.",
        Outcome.WRONG_UNIT: "The number equals the reference, the unit does not.",
        Outcome.DIFFERENT: "The final answer differs from the reference.",
        Outcome.UNREADABLE: "No final answer could be read.",
        Outcome.NO_REFERENCE: "There is no reference to compare with.",
    }[outcome]
    return tuple(dict.fromkeys((first, *match.notes)))
