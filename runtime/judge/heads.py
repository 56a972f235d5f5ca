"""Heads: small linear models over features, kept as readable JSON files in ``models/``."""

from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.errors import ModelError
from runtime.words import N_, _

Floats = NDArray[np.float64]

MEND = N_("Install Kindmark again, or restore the file from the repository.")


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A linear head over standardized features.

    ``center``, ``spread`` and ``weights`` have one number a feature. ``slope`` and ``offset`` are
    Platt's calibration of the logit (Platt 1999), fitted on answers to questions that the weights
    never saw.
    """

    name: str
    kind: Literal["right_wrong", "quality"]
    base: str
    features: tuple[str, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    slope: float = 1.0
    offset: float = 0.0
    trained_on: tuple[str, ...]

    def logits(self, features: Floats) -> Floats:
        """Return uncalibrated logits ``(n,)`` for features ``(n, len(self.features))``."""
        standard = (features - np.array(self.center)) / np.array(self.spread)
        return np.asarray(standard @ np.array(self.weights) + self.bias, np.float64)

    def probabilities(self, features: Floats) -> Floats:
        """Return calibrated probabilities ``(n,)`` in 0..1."""
        logits = np.clip(self.slope * self.logits(features) + self.offset, -30, 30)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float64)


def load_head(path: Path, kind: str, features: tuple[str, ...]) -> Head:
    """Read a head. Raises ``ModelError`` if it is missing, damaged or made for other features."""
    try:
        head = msgspec.json.decode(path.read_bytes(), type=Head)
    except OSError:
        raise ModelError(
            _("the head {path} is missing or unreadable").format(path=path), _(MEND)
        ) from None
    except msgspec.DecodeError as error:
        raise ModelError(
            _("the head {path} is damaged: {error}").format(path=path, error=error), _(MEND)
        ) from None
    if head.kind != kind or head.features != features:
        raise ModelError(
            _("the head {path} was made for another version of Kindmark").format(path=path), _(MEND)
        )
    sizes = {len(head.center), len(head.spread), len(head.weights)}
    if sizes != {len(features)}:
        raise ModelError(
            _("the head {path} is damaged: numbers are missing").format(path=path), _(MEND)
        )
    return head
