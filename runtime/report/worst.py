"""The worst disagreements: what a person should read first.

rows = worst(distance, confidence, questions)
"""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

MOST_WORST = 12
"""As many as one reads at a sitting."""
MOST_OF_ONE = 2
"""Of one question: a single reference that misses the point would else fill the page."""


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was judged otherwise than labelled; ``confidence`` is 0..1."""

    id: str
    question: str
    answer: str
    label: str
    given: str
    confidence: float
    reference: str = ""
    reasons: tuple[str, ...] = ()


def worst(
    distance: ArrayLike,
    confidence: ArrayLike,
    questions: Sequence[object],
    most: int = MOST_WORST,
) -> list[int]:
    """Return the rows that are off, furthest first, among equals the surest first.

    One question gives ``MOST_OF_ONE`` at most.
    """
    far, sure = np.asarray(distance, float), np.asarray(confidence, float)
    seen: Counter[object] = Counter()
    found = []
    for row in np.lexsort((-sure, -far)):
        if far[row] > 0 and seen[questions[row]] < MOST_OF_ONE:
            seen[questions[row]] += 1
            found.append(int(row))
    return found[:most]
