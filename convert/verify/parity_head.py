"""Holds a converted head against the trained one: the same prompts, class logits beside each other.

expected = Expected(labels, split_head(adapter), side=load_side_head(path))
compare_head(way, expected, prompts, reference).max_diff
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from convert.merge.head import HeadWeights
from convert.verify.hugging_face import Outputs
from convert.verify.parity_limits import Limits
from convert.verify.tally import log_softmax
from convert.verify.ways import Way, judging
from runtime.judge.side_head import SideHead
from runtime.judge.tokens import AnyIds

Floats = NDArray[np.float64]


class Expected(NamedTuple):
    """The head as it was trained, and where it is now: a side file, or (``None``) the GGUF."""

    labels: tuple[str, ...]
    weights: HeadWeights
    side: SideHead | None


class HeadParity(msgspec.Struct, frozen=True, kw_only=True):
    """``max_diff`` is the largest difference of a class logit; ``same`` the share of prompts with
    the same likeliest label."""

    max_diff: float
    same: float
    labels_equal: bool

    def faults(self, limits: Limits) -> Iterator[str]:
        """Yield what is wrong, as sentences."""
        if limits.head_diff is not None and not self.max_diff <= limits.head_diff:
            yield f"A class is off by {self.max_diff:.2g}; {limits.head_diff:g} is allowed."
        if not self.labels_equal:
            yield "The labels of the head are others, or in another order."


def trained_logits(weights: HeadWeights, hidden: NDArray[np.float32]) -> Floats:
    """Return class logits of hidden states ``(n, width)`` as transformers computes them.

    With a pooler from the first token (BERT), else from the last.
    """
    vector = np.asarray(hidden[0 if weights.pooler else -1], np.float64)
    if weights.pooler:
        vector = np.tanh(weights.pooler[0] @ vector + weights.pooler[1])
    logits = weights.weight @ vector
    return np.asarray(logits if weights.bias is None else logits + weights.bias, np.float64)


def compare_head(
    way: Way, expected: Expected, prompts: Sequence[AnyIds], reference: Sequence[Outputs]
) -> HeadParity:
    """Compare the head of a file with the trained one, on the reference's hidden states."""
    apart, same = 0.0, 0
    with judging(way, expected.side, max(map(len, prompts))) as judge:
        for ids, one in zip(prompts, reference, strict=True):
            wanted, found = trained_logits(expected.weights, one.hidden), judge.logits(ids)
            if judge.softmaxed:
                wanted = log_softmax(wanted)
            apart = float(np.maximum(apart, np.abs(wanted - found).max()))
            same += int(wanted.argmax() == found.argmax())
    equal = judge.labels == expected.labels
    return HeadParity(max_diff=apart, same=same / len(prompts), labels_equal=equal)
