"""Verdicts as a teacher reads them: a sign and a word, so that no colour is needed.

verdict_words(Verdict.PARTIAL), tone_of(Verdict.PARTIAL)      "~ partly right", "unsure"
"""

from runtime.marking.mark import Verdict
from runtime.words import N_, _, number

_WORDS = {
    Verdict.CORRECT: N_("✓ right"),
    Verdict.PARTIAL: N_("~ partly right"),
    Verdict.INCORRECT: N_("✗ wrong"),
    Verdict.UNMARKED: N_("? no verdict"),
    None: N_("… not marked yet"),
}
_TONES = {
    Verdict.CORRECT: "right",
    Verdict.PARTIAL: "unsure",
    Verdict.INCORRECT: "wrong",
    Verdict.UNMARKED: "unsure",
    None: "muted",
}


def verdict_words(verdict: Verdict | None) -> str:
    """Return the sign and the word of a verdict; ``None`` is an answer that waits."""
    return _(_WORDS[verdict])


def tone_of(verdict: Verdict | None) -> str:
    """Return the class of style sheets for a verdict."""
    return _TONES[verdict]


def label_words(label: str) -> str:
    """Return a label of a distribution: a verdict in words, a score as it is."""
    return verdict_words(Verdict(label)) if label in set(Verdict) else label


def points_words(score: float | None, most: float | None) -> str:
    """Return points out of points, "" where there are none."""
    if score is None or most is None:
        return ""
    return _("{score} of {most}").format(score=number(score, "g"), most=number(most, "g"))


def percent_words(share: float | None) -> str:
    """Return a share of one in per cent."""
    return "" if share is None else f"{100 * share:.0f} %"
