"""Measures how often each outcome of the maths evidence agrees with graded work.

The rates become the confidence of maths marks. What is stored is the lower end of Wilson's 95 %
interval (Wilson 1927): a rate seen on few answers promises less.
"""

from collections import Counter
from collections.abc import Iterable
from math import sqrt

from runtime.marking import maths
from runtime.marking.decision import Calibration
from runtime.marking.maths import Outcome
from train.graded import Graded

Z = 1.96
"""Two-sided 95 % of the normal distribution."""

REVIEW_BELOW = 0.65
"""Two thirds of short answers stay above it, with a fifth fewer errors among them than overall
(grouped five-fold figures in models/right-wrong.md)."""

MIN_ANSWERS = 20
"""An outcome seen less often is not measured, so its marks go to the teacher."""


def calibrate(work: Iterable[Graded], sets: tuple[str, ...]) -> Calibration:
    """Return the measured rates of "outcome" and "outcome_unsure" over graded maths."""
    seen: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    with maths.SymbolicChecker() as checker:
        for graded in work:
            report = maths.examine(graded.item, checker)
            key = report.outcome.value if report.sure else f"{report.outcome.value}_unsure"
            seen[key] += 1
            agreed[key] += (report.outcome is Outcome.EQUAL) == graded.right
    rates = {key: round(wilson_low(agreed[key], n), 4) for key, n in sorted(seen.items())}
    measured = {key: rate for key, rate in rates.items() if seen[key] >= MIN_ANSWERS}
    return Calibration(review_below=REVIEW_BELOW, maths=measured, fitted_on=sets)


def wilson_low(hits: int, count: int) -> float:
    """Return the lower end of Wilson's interval for ``hits`` out of ``count`` (> 0)."""
    share = hits / count
    middle = share + Z**2 / (2 * count)
    margin = Z * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return (middle - margin) / (1 + Z**2 / count)
