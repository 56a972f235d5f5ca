"""What a question trains: the set's own word for it, else what code can tell from the question.

    skill_of("fractions of a whole", item)     the set's own skill, as it is written there
    skill_of("", item)                         "math:fractions"
    skill_name("math:fractions")               "Fractions"

Without a word from the set, maths is told by what has to be worked with, the rarer first (an
equation, percent, a ratio, a fraction, time, a measure, decimals), then by the operation that the
signs or the words of the question name; writing by what the question asks for.
"""

import re
from functools import lru_cache

from runtime.marking.item import Form, Item, Task
from runtime.marking.maths.equations import solutions
from runtime.marking.maths.notation import plain
from runtime.words import N_, _

NAMES = {
    "math:equations": N_("Equations"),
    "math:percent": N_("Percent"),
    "math:ratio": N_("Ratio"),
    "math:fractions": N_("Fractions"),
    "math:time": N_("Time"),
    "math:measures": N_("Measures and units"),
    "math:decimals": N_("Decimals"),
    "math:division": N_("Division"),
    "math:multiplication": N_("Multiplication"),
    "math:subtraction": N_("Subtraction"),
    "math:addition": N_("Addition"),
    "math:numbers": N_("Numbers"),
    "write:why": N_("Saying why and how"),
    "write:facts": N_("Answers in words"),
    "write:summary": N_("Summarising"),
    "write:essay": N_("Writing a text"),
}
"""The skills that code can tell."""

_MATHS = (
    ("math:percent", r"%|\bper\s?cent|\bpercent"),
    ("math:ratio", r"\bratios?\b|\d\s?:\s?\d+\s?:|\brapporto\b"),
    ("math:fractions", r"\d\s?/\s?\d|\bfractions?\b|\bfrazion|\bhalf\b|\bthirds?\b|\bquarters?\b"),
    ("math:time", r"\b\d{1,2}:\d\d\b|\bhours?\b|\bminutes?\b|\bo'clock\b|\b(?:ore|minuti)\b"),
    (
        "math:measures",
        r"\b(?:area|perimeter|volume|perimetro)\b|\d\s?(?:mm|cm|m|km|g|kg|ml|l|m\^2|m²)\b",
    ),
    ("math:decimals", r"\d[.,]\d"),
    ("math:division", r"÷|\d\s?/\s|\b(?:share|divide|split|each get|dividi|ciascuno)"),
    ("math:multiplication", r"[×*·]|\d x \d|\b(?:times|product|multiply|moltiplica|volte)\b"),
    ("math:subtraction", r"\d\s?[-−–]\s?\d|\b(?:left|fewer|less|take away|differen|restano)"),
    ("math:addition", r"\d\s?\+\s?\d|\b(?:altogether|in all|total|sum|add|insieme|somma)\b"),
)
_WHY = re.compile(r"\b(?:why|how|explain|perché|come|spiega)\b", re.IGNORECASE)
_SUMMARY = re.compile(r"\b(?:summar|riassu|own words|parole tue)", re.IGNORECASE)
_MOST = 2000
"""Characters of a question that are looked at."""


def skill_of(own: str, item: Item) -> str:
    """Return the skill of a question; ``own`` is the set's word for it, or ""."""
    if own.strip():
        return own.strip()
    if item.task is Task.MATH:
        return _of_maths(item.question[:_MOST], (item.reference or "")[:_MOST], item.form)
    return _of_writing(item)


def skill_name(skill: str) -> str:
    """Return a skill in words; a set's own word stays as it is."""
    return _(NAMES[skill]) if skill in NAMES else skill


@lru_cache(maxsize=4096)
def _of_maths(question: str, reference: str, form: Form | None) -> str:
    """Return the skill; remembered, since all answers of a learner are gone through each time."""
    if any(not one.solved for one in solutions(plain(question))):
        return "math:equations"
    if form in {Form.FRACTION, Form.MIXED, Form.SIMPLEST}:
        return "math:fractions"
    asked = f"{question} {reference if form else ''}"
    found = (skill for skill, sign in _MATHS if re.search(sign, asked, re.IGNORECASE))
    return next(found, "math:numbers")


def _of_writing(item: Item) -> str:
    question = item.question[:_MOST]
    if item.task is Task.SHORT_ANSWER:
        return "write:why" if _WHY.search(question) else "write:facts"
    return "write:summary" if item.source or _SUMMARY.search(question) else "write:essay"
