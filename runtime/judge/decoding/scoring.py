"""How probable each allowed reply is: read from the logits, never out of generated text.

    [found] = score(sequences, [ScoreRequest(prompt, (correct, partial, incorrect))])
    distribution(found)             (3,) probabilities that add up to one

One decode of a prompt gives the probability of every one-token label. Labels of several tokens
("1" and "10" by digits) share what they begin with and cost a token or two more.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.errors import ModelError
from runtime.judge.decoding.branches import OutOfRoomError
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.decoding.tree import common
from runtime.judge.tokens import Ids
from runtime.words import _

TOLERANCE = 0.06
"""How far the lead of the likeliest label may move with the layout of a step. With a smaller lead
another layout might give another verdict. Measured with random weights in 4 bits (``python -m
benchmarks.layout``): 0.042 with the 28 layers of Qwen2.5-1.5B, 0.025 with six."""

Floats = NDArray[np.float64]
Done = Callable[[int, Floats], None]


class ScoreRequest(NamedTuple):
    """A prompt and the token ids of each allowed continuation, one or more tokens each."""

    prompt: Prompt
    labels: tuple[Ids, ...]


def score(
    sequences: Sequences, requests: Sequence[ScoreRequest], *, done: Done | None = None
) -> list[Floats]:
    """Return the natural logarithm of each label's probability, one ``(labels,)`` a request.

    It is the model's over all that it could say, so the labels of a request need not add up to
    one. Where one label begins another ("1" and "10"), the shorter one counts as said if what
    follows does not go on to a longer one: no end of turn is needed to tell them apart.

    ``done`` is told the place and the result of each request as it comes, not in order. Batches
    that are short of room are halved down to one request; what even so does not fit raises
    ``OutOfRoomError``, and the rest is as ``Sequences.hold``. Raises ``ModelError`` for a label of
    no tokens and for labels that are the same.
    """
    tries = [_Trie(request.labels) for request in requests]
    found: dict[int, Floats] = {}
    waiting = list(_batches(sequences, requests))[::-1]
    while waiting:
        batch = waiting.pop()
        try:
            rows = _read(sequences, [(requests[i].prompt, tries[i]) for i in batch])
        except OutOfRoomError:
            if len(batch) == 1:
                raise
            half = len(batch) // 2
            waiting += [batch[half:], batch[:half]]
            continue
        for i, of_one in zip(batch, rows, strict=True):
            found[i] = tries[i].score(of_one)
            if done:
                done(i, found[i])
    return [found[i] for i in range(len(requests))]


def distribution(log_probabilities: Floats, temperature: float = 1.0) -> Floats:
    """Return probabilities over the labels alone; a higher ``temperature`` flattens them.

    Raises ``ModelError`` if the model gives none of the labels any probability.
    """
    scaled = np.asarray(log_probabilities, np.float64) / temperature
    if not np.isfinite(scaled).any():
        raise ModelError(_("The model gives none of the allowed replies any probability."))
    odds = np.exp(scaled - scaled.max())
    return np.asarray(odds / odds.sum())


class _Trie:
    """What labels begin with: every proper beginning is a place where the model is asked."""

    def __init__(self, labels: Sequence[Ids]) -> None:
        self._labels = [tuple(int(i) for i in label) for label in labels]
        if not all(self._labels) or len({*self._labels}) < len(self._labels):
            raise ModelError(
                _("The allowed replies cannot be told apart: one is empty or two are the same."),
                _("The model's vocabulary does not suit marking; use another model."),
            )
        self._next: dict[tuple[int, ...], set[int]] = {}
        for label in self._labels:
            for at, token in enumerate(label):
                self._next.setdefault(label[:at], set()).add(token)

    @property
    def beginnings(self) -> list[tuple[int, ...]]:
        """The beginnings after which logits are needed, the empty one first."""
        return list(self._next)

    def score(self, rows: Sequence[NDArray[np.float32]]) -> Floats:
        """Return the logarithm of each label's probability from the logits at each beginning."""
        known = {
            beginning: _log_softmax(row) for beginning, row in zip(self._next, rows, strict=True)
        }
        return np.array([self._of(label, known) for label in self._labels])

    def _of(self, label: tuple[int, ...], known: dict[tuple[int, ...], Floats]) -> float:
        total = sum(float(known[label[:at]][token]) for at, token in enumerate(label))
        if label not in known:
            return total
        # It begins a longer label: what is left is all that does not go on to one.
        others = np.delete(known[label], list(self._next[label]))
        return total + _log_sum(others)


def _read(
    sequences: Sequences, asked: Sequence[tuple[Prompt, _Trie]]
) -> list[list[NDArray[np.float32]]]:
    """Return the logits at each beginning of each request's labels."""
    prompts = [
        Prompt(np.append(prompt.ids, beginning).astype(np.int32), prompt.public)
        for prompt, trie in asked
        for beginning in trie.beginnings
    ]
    held = sequences.hold(prompts)
    for one in held:
        sequences.release(one)
    rows = iter(one.logits for one in held)
    return [[next(rows) for _ in trie.beginnings] for _, trie in asked]


def _batches(sequences: Sequences, requests: Sequence[ScoreRequest]) -> Iterator[list[int]]:
    """Yield the requests' places in batches that fill a step, those alike in length together."""
    order = sorted(range(len(requests)), key=lambda i: -len(requests[i].prompt.ids))
    limits = sequences.context.limits
    # With a window only what is held in one call can be shared, so all is.
    step = limits.tokens if sequences.context.windowed else limits.step
    batch: list[int] = []
    tokens = 0
    for i in order:
        ids = requests[i].prompt.ids
        new = len(ids) - (common(requests[order[0]].prompt.ids, ids) if i != order[0] else 0)
        if batch and (tokens + new > step or len(batch) >= sequences.free):
            yield batch
            batch, tokens = [], 0
        batch.append(i)
        tokens += new
    if batch:
        yield batch


def _log_softmax(row: NDArray[np.float32]) -> Floats:
    wide = row.astype(np.float64)
    return np.asarray(wide - _log_sum(wide))


def _log_sum(values: Floats) -> float:
    most = float(values.max(initial=-np.inf))
    return most + float(np.log(np.exp(values - most).sum())) if np.isfinite(most) else most
