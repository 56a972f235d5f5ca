"""Cuts a long text into windows a model can read, and puts the vectors together again.

A window holds at most ``size`` tokens. Neighbours overlap by at least ``overlap`` tokens, and
the shared tokens are split in the middle, so that every token is read with at least
``overlap // 2`` tokens of context on both sides (fewer only at the ends of the text).
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Window(NamedTuple):
    """Tokens ``start:stop`` are read together; the vectors of ``keep_from:keep_to`` are kept."""

    start: int
    stop: int
    keep_from: int
    keep_to: int


def cut(length: int, size: int, overlap: int) -> list[Window]:
    """Return windows over ``length`` tokens, evenly spaced; one window if they fit into one."""
    if length <= size:
        return [Window(0, length, 0, length)]
    count = -(-(length - overlap) // (size - overlap))
    starts = [i * (length - size) // (count - 1) for i in range(count)]
    # Where two windows overlap, the first keeps the first half of the shared tokens.
    seams = [(left + size + right) // 2 for left, right in itertools.pairwise(starts)]
    edges = [0, *seams, length]
    return [Window(s, s + size, edges[i], edges[i + 1]) for i, s in enumerate(starts)]


def join(windows: Sequence[Window], parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return one ``(1 + tokens + 1, width)`` array out of the windows' ``(1 + n + 1, width)``.

    The first and last row of a part belong to [CLS] and [SEP]; theirs are averaged.
    """
    if len(parts) == 1:
        return parts[0]
    kept = [
        part[1 + w.keep_from - w.start : 1 + w.keep_to - w.start]
        for w, part in zip(windows, parts, strict=True)
    ]
    first = np.mean([part[0] for part in parts], axis=0, keepdims=True)
    last = np.mean([part[-1] for part in parts], axis=0, keepdims=True)
    return np.concatenate([first, *kept, last]).astype(np.float32)
