"""How well a skill is known: Bayesian knowledge tracing (Corbett and Anderson 1995).

    known = PARAMETERS.start
    known = after(known, credit=1.0)      a right answer, first try, no hint
    known = after(known, credit=0.25)     right after three hints

Each skill is known or not yet; each answer is evidence, each try a chance to learn. A hint, a later
try or an unsure mark is evidence of both kinds at once: ``credit`` is the chance that this was a
right answer, and the two posteriors are mixed by it (Jeffrey 1965; partial credit in knowledge
tracing: Wang and Heffernan 2013).
"""

import msgspec

from runtime.marking.mark import Verdict
from runtime.words import N_

MASTERED = 0.95
"""From here on a skill counts as known (Corbett and Anderson 1995)."""

_LATER_TRY = 0.6
"""A right second try without a hint: better than a hint, less than knowing at once."""
_AFTER_HINTS = (1.0, 0.7, 0.5, 0.25, 0.0)
"""By hints seen: whoever copies a worked solution (the fourth) has shown nothing yet."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """The four probabilities of the model.

    ``slip`` 0.1 and a ``guess`` below 0.3 are the bounds of Corbett and Anderson (1995), within
    which knowing cannot look like not knowing (Baker, Corbett and Aleven 2008); answers here are
    written, not chosen, so guessing is set lower. ``start`` and ``learn`` are set by hand, on the
    side of one question more.
    """

    start: float = 0.3
    learn: float = 0.15
    guess: float = 0.15
    slip: float = 0.1


PARAMETERS = Parameters()

EXPLAINED = {
    "start": N_("chance that a skill is known before the first question"),
    "learn": N_("chance to learn a skill with each try"),
    "guess": N_("chance of a right answer without knowing the skill"),
    "slip": N_("chance of a wrong answer although the skill is known"),
}
"""The fields of ``Parameters`` in words for a teacher."""


def after(known: float, credit: float, parameters: Parameters = PARAMETERS) -> float:
    """Return how probably the skill is known after an answer; all three are in 0..1."""
    p = parameters
    right, wrong = known * (1 - p.slip), known * p.slip
    if_right = right / (right + (1 - known) * p.guess)
    if_wrong = wrong / (wrong + (1 - known) * (1 - p.guess))
    seen = credit * if_right + (1 - credit) * if_wrong
    return seen + (1 - seen) * p.learn


def expected(known: float, parameters: Parameters = PARAMETERS) -> float:
    """Return the chance of a right answer."""
    return known * (1 - parameters.slip) + (1 - known) * parameters.guess


def credit(verdict: Verdict, confidence: float, hints: int, attempt: int) -> float:
    """Return the chance that a marked answer shows the skill, 0..1.

    ``hints`` were seen for it; ``attempt`` counts from 1. A mark that is unsure says less.
    """
    share = {Verdict.CORRECT: 1.0, Verdict.PARTIAL: 0.5}.get(verdict, 0.0)
    sure = max(0.5, confidence)
    helped = _AFTER_HINTS[min(hints, len(_AFTER_HINTS) - 1)]
    later = _LATER_TRY if attempt > 1 else 1.0
    return (share * sure + (1 - share) * (1 - sure)) * min(helped, later)
