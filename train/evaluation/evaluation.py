"""What was found on held-out work, and the rows it was found on: enough to compare two of them.

    save({"labels": evaluation}, run / "classify" / "before.json")
    before = load(run / "classify" / "before.json")

The same measures are computed over all rows, over resamples of them, and over differences.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.errors import BadInputError
from runtime.marking import agreement
from runtime.marking.agreement import Rows
from runtime.report.comparison import Comparison, Measured, class_measures, score_measures
from runtime.report.worst import Disagreement

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]
Measure = Callable[[Columns], float]


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Figures, and the numbers they were computed from.

    ``columns`` hold one number a row (label, given, confidence; margin; ...), ``groups`` the
    number of the row's question.
    """

    comparison: Comparison
    groups: tuple[int, ...]
    columns: dict[str, tuple[float, ...]]
    worst: tuple[Disagreement, ...] = ()

    def arrays(self) -> dict[str, Floats]:
        """Return the columns, each of shape (rows,)."""
        return {name: np.array(values, float) for name, values in self.columns.items()}


Evaluations = Mapping[str, Evaluation]
"""What one measuring of a stage found, by a name such as "labels", "replies" or "preferences"."""


def save(found: Evaluations, path: Path) -> None:
    """Write before.json or after.json; the file is either whole or not there under its name."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load(path: Path) -> dict[str, Evaluation]:
    """Read what ``save`` wrote. Raises ``BadInputError`` for anything else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Evaluation])
    except OSError as error:
        why = str(error.strerror)
    except msgspec.DecodeError as error:
        why = str(error)
    raise BadInputError(
        f"{path} cannot be read: {why}.", "Measure again: remove the file and resume the run."
    )


def numbered(groups: Sequence[str]) -> tuple[int, ...]:
    """Return each group's number, in the order in which they first occur."""
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(group, len(numbers)) for group in groups)


def measures_of(comparison: Comparison) -> dict[str, Measure]:
    """Return the measures by which two evaluations of this kind are compared."""
    match comparison.kind:
        case "verdict":
            pairwise = class_measures(comparison.classes)
            return {**_on_pairs(pairwise), "ECE": _calibration_error}
        case "score":
            return _on_pairs(score_measures(comparison.scale or (0.0, 1.0)))
        case "preference":
            return dict(_PREFERENCE_MEASURES)
        case _:
            return dict(_REPLY_MEASURES)


def measured(columns: Columns, groups: tuple[int, ...], measure: Measure) -> Measured:
    """Return a measure with its interval by resampling whole questions."""

    def on(rows: Rows) -> float:
        return measure({name: values[rows] for name, values in columns.items()})

    low, high = agreement.bootstrap_interval(on, groups)
    return Measured(measure(columns), low, high)


def _on_pairs(measures: Mapping[str, Callable[[Floats, Floats], float]]) -> dict[str, Measure]:
    def of(measure: Callable[[Floats, Floats], float]) -> Measure:
        return lambda columns: measure(columns["label"], columns["given"])

    return {name: of(measure) for name, measure in measures.items()}


def _calibration_error(columns: Columns) -> float:
    right = columns["label"] == columns["given"]
    return agreement.calibration_error(columns["confidence"], right)


def _margins(columns: Columns) -> Floats:
    """Return all margins, those of the other order below those of the first."""
    return np.concatenate([columns[name] for name in ("margin", "swapped") if name in columns])


def _accuracy(columns: Columns) -> float:
    return float(np.mean(_margins(columns) > 0))


def _win_rate(columns: Columns) -> float:
    margins = _margins(columns)
    decided = margins[margins != 0]
    return float(np.mean(decided > 0)) if decided.size else 0.5


def _mean_margin(columns: Columns) -> float:
    return float(np.mean(_margins(columns)))


def _loss(columns: Columns) -> float:
    return float(-columns["log_probability"].sum() / columns["tokens"].sum())


def _perplexity(columns: Columns) -> float:
    # Where a model knows nothing at all, the number itself says nothing any more.
    return float(np.exp(min(_loss(columns), 100.0)))


def _token_accuracy(columns: Columns) -> float:
    return float(columns["first"].sum() / columns["tokens"].sum())


_PREFERENCE_MEASURES: Mapping[str, Measure] = {
    "pairwise accuracy": _accuracy,
    "win rate": _win_rate,
    "mean margin": _mean_margin,
}
_REPLY_MEASURES: Mapping[str, Measure] = {
    "loss": _loss,
    "perplexity": _perplexity,
    "token accuracy": _token_accuracy,
}
