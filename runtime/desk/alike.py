"""Wrong answers that say the same, put together, the commonest first.

    groups = by_key([("12", "Mia"), ...])
    groups = by_meaning(texts, products)       places, such as [[0, 3, 4], [1], [2]]

By meaning, each text joins the first group whose first text is like it (the leader algorithm,
Hartigan 1975, chapter 3): the groups depend on no chance, and a text stands for each.
"""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIKE = 0.8
"""Cosine from which on two short answers say the same: the sentence encoder puts paraphrases of
pupils' answers above it and answers that only share the topic below."""


def by_key(keys: Sequence[Hashable]) -> list[list[int]]:
    """Return the places with equal keys together, the largest group first."""
    groups: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)
    return _largest_first(list(groups.values()))


def by_meaning(keys: Sequence[Hashable], products: "NDArray[np.float32]") -> list[list[int]]:
    """Return the places of like meaning together; equal keys are never parted.

    ``products`` ``(n, n)`` compares each text with each. The commonest text leads.
    """
    groups: list[list[int]] = []
    for same in by_key(keys):
        leader = next((one for one in groups if _cosine(products, one[0], same[0]) >= LIKE), None)
        if leader is None:
            groups.append(same)
        else:
            leader.extend(same)
    return _largest_first(groups)


def _cosine(products: "NDArray[np.float32]", one: int, other: int) -> float:
    scale = float(products[one, one] * products[other, other]) ** 0.5
    return float(products[one, other]) / scale if scale > 0 else 0.0


def _largest_first(groups: list[list[int]]) -> list[list[int]]:
    return sorted(groups, key=lambda group: (-len(group), group[0]))
