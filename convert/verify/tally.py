"""Adds up how two models differ, row by row.

tally = Tally()
tally.add_logits(expected, given)      # (rows, vocabulary) each
tally.result().kl
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Floats = NDArray[np.float64]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How far given numbers are from expected ones.

    ``spread`` is the standard deviation of the expected ones, to read the differences by. Of
    logits: ``top1``, the share of rows with the same likeliest token, and ``kl``, the mean over
    rows of the Kullback-Leibler divergence KL(expected || given) in nats: what is lost by taking
    the given distribution for the expected one. Of hidden states: ``cosine``, the least of a row.
    """

    rows: int
    max_diff: float
    mean_diff: float
    spread: float
    top1: float | None = None
    kl: float | None = None
    cosine: float | None = None


class Tally:
    """What was seen so far; holds no rows."""

    def __init__(self) -> None:
        self._rows = self._values = self._hits = 0
        self._max = self._sum = self._kl = self._total = self._squares = 0.0
        self._cosine = 1.0
        self._are_logits = True

    def add_logits(self, expected: Rows, given: Rows) -> None:
        """Take in rows of logits, ``(rows, vocabulary)`` each."""
        self._add(expected, given)
        wanted, found = log_softmax(expected), log_softmax(given)
        self._kl += float((np.exp(wanted) * (wanted - found)).sum())
        self._hits += int((wanted.argmax(axis=1) == found.argmax(axis=1)).sum())

    def add_hidden(self, expected: Rows, given: Rows) -> None:
        """Take in rows of hidden states, ``(rows, width)`` each."""
        self._add(expected, given)
        self._are_logits = False
        a, b = np.asarray(expected, np.float64), np.asarray(given, np.float64)
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        # np.minimum keeps NaN, which must not pass for a good cosine.
        self._cosine = float(np.minimum(self._cosine, ((a * b).sum(axis=1) / lengths).min()))

    def _add(self, expected: Rows, given: Rows) -> None:
        wanted = np.asarray(expected, np.float64)
        apart = np.abs(wanted - given)
        self._rows += len(wanted)
        self._values += wanted.size
        self._max = float(np.maximum(self._max, apart.max()))
        self._sum += float(apart.sum())
        self._total += float(wanted.sum())
        self._squares += float((wanted**2).sum())

    def result(self) -> Difference:
        """Return the measures over all rows. Raises ``ValueError`` if there were none."""
        if not self._rows:
            raise ValueError("nothing was compared")
        mean = self._total / self._values
        return Difference(
            rows=self._rows,
            max_diff=self._max,
            mean_diff=self._sum / self._values,
            spread=max(0.0, self._squares / self._values - mean**2) ** 0.5,
            top1=self._hits / self._rows if self._are_logits else None,
            # Rounding may take what is nothing below 0.
            kl=float(np.maximum(self._kl / self._rows, 0.0)) if self._are_logits else None,
            cosine=None if self._are_logits else self._cosine,
        )


def log_softmax(logits: Rows | Floats) -> Floats:
    """Return logarithms of probabilities, row by row, in float64."""
    found = np.asarray(logits, np.float64)
    found = found - found.max(axis=-1, keepdims=True)
    return np.asarray(found - np.log(np.exp(found).sum(axis=-1, keepdims=True)), np.float64)
