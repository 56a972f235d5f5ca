"""Findings: what a child and a teacher are told about the final answer."""

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.maths.answers import ReadAnswer
from runtime.marking.maths.describe import describe
from runtime.marking.maths.form import form_note
from runtime.marking.maths.match import Match
from runtime.marking.maths.notation import shown
from runtime.marking.maths.report import FinalAnswer, Outcome
from runtime.marking.maths.values import Group
from runtime.marking.maths.working import step_of
from runtime.words import noted


def final_answer(item: Item, answer: ReadAnswer | None) -> FinalAnswer | None:
    """Return the final answer as a report has it."""
    if answer is None or answer.place is None:
        return None
    span = (answer.place.start, answer.place.end)
    return FinalAnswer(
        text=item.text[slice(*span)],
        span=span,
        step=step_of(item, span[0]),
        reading=describe(answer.values[0]),
    )


def answer_evidence(
    item: Item, answer: ReadAnswer | None, match: Match, outcome: Outcome, one_wanted: bool
) -> list[Evidence]:
    """Return the findings on the final answer, none of which tells the right one.

    ``one_wanted`` tells that the reference is a single value, so that a list is a guess.
    """
    if answer is None or answer.place is None:
        return []
    span = (answer.place.start, answer.place.end)
    step = step_of(item, span[0])
    said = [("final_answer", _verdict(shown(item.text[slice(*span)]), outcome))]
    if outcome is Outcome.WRONG_FORM and item.form is not None:
        said.append(("form", form_note(item.form)))
    if answer.rivals or (one_wanted and isinstance(answer.values[0], Group)):
        said.append(("several_answers", noted("More than one answer is given. Choose one answer.")))
    said += [(_kind(note), note) for note in match.notes]
    return [Evidence(kind=kind, message=text, span=span, step=step) for kind, text in said]


def _kind(note: str) -> str:
    return "unit" if "unit" in note or "percent" in note else "notation"


def _verdict(said: str, outcome: Outcome) -> str:
    match outcome:
        case Outcome.EQUAL:
            return noted("Your final answer {said} is right.", said=said)
        case Outcome.WRONG_FORM:
            return noted("Your final answer {said} has the right value.", said=said)
        case Outcome.WRONG_UNIT:
            return noted(
                "Your final answer {said} has the right number. Check its unit.", said=said
            )
        case Outcome.DIFFERENT:
            return noted("Your final answer {said} is not right yet.", said=said)
    return noted("Your final answer is {said}.", said=said)


def reasons_for(outcome: Outcome, match: Match) -> tuple[str, ...]:
    """Return the sentences for a teacher."""
    first = {
        Outcome.EQUAL: noted("The final answer equals the reference."),
        Outcome.WRONG_FORM: noted(
            "The final answer equals the reference, but not in the form asked for."
        ),
        Outcome.WRONG_UNIT: noted("The number equals the reference, the unit does not."),
        Outcome.DIFFERENT: noted("The final answer differs from the reference."),
        Outcome.UNREADABLE: noted("No final answer could be read."),
        Outcome.NO_REFERENCE: noted("There is no reference to compare with."),
    }[outcome]
    return tuple(dict.fromkeys((first, *match.notes)))
