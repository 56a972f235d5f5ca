"""Side heads: a linear layer on a model's hidden state, in a small JSON file beside the GGUF.

    head = load_side_head(path, model.width)
    logits = head.logits(context.last(ids))
    head.labels[head.verdict(logits)], head.probabilities(logits)

The route to a class that works for every architecture: llama.cpp gives the vector, numpy does the
rest in float64. The numbers are those that were trained, float32, to the last bit.
"""

import math
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from runtime.errors import ModelError
from runtime.words import N_, _

Floats = NDArray[np.float64]
Numbers = tuple[float, ...]
Rows = tuple[Numbers, ...]

MEND = N_("Convert the run again, or copy the file again.")


class Pooler(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """BERT's dense layer with tanh between the first token and the classifier: square."""

    weights: Rows
    bias: Numbers


# With a dictionary, for the arrays that are made of it once.
class SideHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """``weights`` has a row of ``width`` numbers a label, ``bias`` a number a label.

    ``base`` is the catalogue's name of the model, ``pooling`` which token's hidden state is read.
    ``temperature`` divides the logits (Guo et al. 2017). ``cuts``, for labels in rising order,
    part the expected label ``sum(i * p_i)``: label ``i`` lies from ``cuts[i - 1]`` to ``cuts[i]``.
    """

    name: str
    base: str
    labels: tuple[str, ...]
    weights: Rows
    bias: Numbers
    temperature: float = 1.0
    cuts: Numbers = ()
    pooling: Literal["last", "first"] = "last"
    pooler: Pooler | None = None

    @property
    def width(self) -> int:
        """Length of the vectors it reads."""
        return len(self.weights[0])

    def logits(self, vectors: ArrayLike) -> Floats:
        """Return logits ``(labels,)`` for a vector, ``(n, labels)`` for ``(n, width)`` of them."""
        found = np.asarray(vectors, np.float64)
        if self._pooler:
            weights, bias = self._pooler
            found = np.tanh(found @ weights.T + bias)
        weights, bias = self._linear
        return np.asarray(found @ weights.T + bias, np.float64)

    def probabilities(self, logits: Floats) -> Floats:
        """Return calibrated probabilities, shaped as the logits; they add up to 1.

        Raises ``ValueError`` for a head with one label: its logits only compare texts.
        """
        if len(self.labels) < 2:
            raise ValueError("a head with one label has no probabilities")
        scaled = logits / self.temperature
        odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True), np.float64)

    def expected(self, logits: Floats) -> Floats:
        """Return the expected label, 0 to ``len(labels) - 1``: a score between the labels."""
        return np.asarray(self.probabilities(logits) @ np.arange(len(self.labels)), np.float64)

    def verdict(self, logits: Floats) -> int:
        """Return the place of a text's label: by ``cuts`` if there are any, else the likeliest.

        A label on a cut is the upper one; of equally likely labels the first one counts.
        """
        if self.cuts:
            return int(np.searchsorted(self.cuts, self.expected(logits), side="right"))
        return int(np.argmax(logits))

    @cached_property
    def _linear(self) -> tuple[Floats, Floats]:
        return np.array(self.weights, np.float64), np.array(self.bias, np.float64)

    @cached_property
    def _pooler(self) -> tuple[Floats, Floats] | None:
        if not self.pooler:
            return None
        return np.array(self.pooler.weights, np.float64), np.array(self.pooler.bias, np.float64)


def load_side_head(path: Path, width: int | None = None) -> SideHead:
    """Read a head, for a model whose vectors have ``width`` numbers if given.

    Raises ``ModelError`` if it is missing, damaged, contradicts itself or is for another model.
    """
    try:
        head = msgspec.json.decode(path.read_bytes(), type=SideHead)
    except OSError:
        raise ModelError(
            _("The head {path} is missing or unreadable.").format(path=path), _(MEND)
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ModelError(
            _("The head {path} is damaged: {error}.").format(path=path, error=error), _(MEND)
        ) from None
    if wrong := _fault(head):
        raise ModelError(
            _("The head {path} is damaged: {wrong}.").format(path=path, wrong=wrong), _(MEND)
        )
    if width is not None and head.width != width:
        raise ModelError(
            _(
                "The head {path} reads vectors of {width} numbers, and the model's have {wanted}."
            ).format(path=path, width=head.width, wanted=width),
            _("It belongs to {base!r}.").format(base=head.base),
        )
    return head


def save_side_head(head: SideHead, path: Path) -> None:
    """Write a head; the file is either whole or not there. Raises ``ValueError`` if it is none."""
    if wrong := _fault(head):
        raise ValueError(wrong)
    part = path.with_name(path.name + ".part")
    part.write_bytes(msgspec.json.encode(head) + b"\n")
    part.replace(path)


def numbers(values: ArrayLike) -> Numbers:
    """Return float32 values as numbers that JSON writes shortly and reads back to the same bits."""
    return tuple(_shortest(value) for value in np.asarray(values, np.float32).ravel())


def rows(values: ArrayLike) -> Rows:
    """Return the rows of a float32 matrix as ``numbers`` does."""
    return tuple(numbers(row) for row in np.asarray(values, np.float32))


def _shortest(value: np.float32) -> float:
    short = float(str(value))
    # Rounded twice, by way of float64, the shortest decimal might miss by one bit.
    return short if np.float32(short) == value else float(value)


def _fault(head: SideHead) -> str:
    """Return what is wrong with a head, "" if nothing is."""
    count = len(head.labels)
    width = len(head.weights[0]) if head.weights else 0
    every = [*_flat(head.weights), *head.bias, *head.cuts, head.temperature]
    if head.pooler:
        every += [*_flat(head.pooler.weights), *head.pooler.bias]
    faults = {
        N_("it has no labels"): not count,
        N_("a label is empty or there twice"): len({*head.labels} - {""}) < count,
        N_("its weights are not a row a label"): len(head.weights) != count,
        N_("its rows differ in length"): not width
        or any(len(row) != width for row in head.weights),
        N_("its bias is not a number a label"): len(head.bias) != count,
        N_("its pooler does not fit"): head.pooler is not None and _sides(head.pooler) != {width},
        N_("a number is not finite"): not all(map(math.isfinite, every)),
        N_("its temperature is not above 0"): not head.temperature > 0,
        N_("its cuts are not one fewer than its labels"): len(head.cuts) not in {0, count - 1},
        N_("its cuts do not rise"): any(
            a >= b for a, b in zip(head.cuts, head.cuts[1:], strict=False)
        ),
    }
    return next((_(fault) for fault, found in faults.items() if found), "")


def _flat(matrix: Rows) -> list[float]:
    return [value for row in matrix for value in row]


def _sides(pooler: Pooler) -> set[int]:
    return {len(pooler.weights), len(pooler.bias), *(len(row) for row in pooler.weights)}
