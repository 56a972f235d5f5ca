"""Turns a trained network into the head that the runtime reads."""

from runtime.judge.features import RIGHT_WRONG, Floats
from runtime.judge.heads import Head
from train.marker.network import MarkerNetwork

BASE = "minilm-marker"
"""What the head belongs to: all-MiniLM-L6-v2 with the adapter that was trained beside it."""


def head_of(network: MarkerNetwork, platt: tuple[float, float], sets: tuple[str, ...]) -> Head:
    """Return the right-or-wrong head: linear weights, comparison, and calibration of the logit."""
    weights = network.weights()
    slope, offset = platt
    return Head(
        name="right-wrong",
        kind="right_wrong",
        base=BASE,
        features=RIGHT_WRONG,
        # The comparison's logit is added as it is.
        center=(*_rounded(weights.center), 0.0),
        spread=(*_rounded(weights.spread), 1.0),
        weights=(*_rounded(weights.weights), 1.0),
        bias=round(weights.bias, 6),
        slope=round(slope, 6),
        offset=round(offset, 6),
        trained_on=sets,
        comparison=network.comparison.exported(),
    )


def _rounded(numbers: Floats) -> tuple[float, ...]:
    return tuple(round(float(number), 6) for number in numbers)
