"""An expected score with its doubt as probabilities of the scores on an item's scale.

score_distribution(item, 3.2, 0.8)       Distribution(("0", "1", ...), (0.0, 0.01, ...))
"""

import math
from itertools import pairwise

from runtime.marking.item import Item
from runtime.marking.judgement import Distribution
from runtime.marking.scores import steps


def score_distribution(item: Item, mean: float, deviation: float) -> Distribution:
    """Return a normal distribution cut at half steps; what lies beyond the scale goes to its ends.

    ``deviation`` is in points and above 0.
    """
    low, high = item.scale
    step = (high - low) / steps(item)
    scores = [low + place * step for place in range(steps(item) + 1)]
    edges = [-math.inf, *(score + step / 2 for score in scores[:-1]), math.inf]
    below = [_below((edge - mean) / deviation) for edge in edges]
    shares = [right - left for left, right in pairwise(below)]
    return Distribution(tuple(f"{score:g}" for score in scores), tuple(shares))


def _below(deviations: float) -> float:
    return 0.5 * (1 + math.erf(deviations / math.sqrt(2)))
