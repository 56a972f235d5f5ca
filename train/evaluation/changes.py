"""Before and after a stage on the same rows: how far each measure moved, and how surely.

moved = changes(load(folder / "before.json"), load(folder / "after.json"))
moved["labels"]["kappa"].difference.low > 0
"""

import msgspec

from runtime.errors import BadInputError
from runtime.marking import agreement
from runtime.marking.agreement import Rows
from runtime.report.comparison import Measured
from train.evaluation.evaluation import Columns, Evaluation, Evaluations, Measure, measures_of

LOWER_IS_BETTER = frozenset({"ECE", "MAE", "RMSE", "loss", "perplexity"})

FEWEST_DRAWN = 10
"""From fewer questions a percentile interval comes out far too narrow."""

_FIXED = ("label", "tokens")
"""Columns that belong to the rows and not to the model."""


class Change(msgspec.Struct, frozen=True):
    """A measure before and after; ``difference`` is after minus before, with its 95 % interval."""

    before: Measured
    after: Measured
    difference: Measured
    drawn: int
    """How many questions (rows, if there is one question) the interval was drawn from."""

    def sure(self) -> bool:
        """Whether the interval leaves 0 out, and was drawn from enough to be trusted."""
        apart = self.difference.low > 0 or self.difference.high < 0
        return apart and self.drawn >= FEWEST_DRAWN


def changes(before: Evaluations, after: Evaluations) -> dict[str, dict[str, Change]]:
    """Return each measure's change, for every evaluation that both have.

    Raises ``BadInputError`` if they were not measured on the same rows.
    """
    both = [name for name in after if name in before]
    return {name: change(before[name], after[name], name) for name in both}


def change(before: Evaluation, after: Evaluation, name: str = "evaluation") -> dict[str, Change]:
    """Return each measure's change; the bootstrap draws whole questions, the same for both."""
    if not _same_rows(before, after):
        raise BadInputError(
            f"The {name} before and after were not measured on the same rows.",
            "Run the stage again: both must use the same held-out split.",
        )
    old, new = before.comparison.measures, after.comparison.measures
    questions = len(set(after.groups))
    drawn = questions if questions > 1 else len(after.groups)
    return {
        key: Change(old[key], new[key], _difference(before, after, measure), drawn)
        for key, measure in measures_of(after.comparison).items()
    }


def _same_rows(before: Evaluation, after: Evaluation) -> bool:
    fixed = [name for name in _FIXED if name in after.columns]
    return (
        before.groups == after.groups
        and before.columns.keys() == after.columns.keys()
        and before.comparison.classes == after.comparison.classes
        and all(before.columns[name] == after.columns[name] for name in fixed)
    )


def _difference(before: Evaluation, after: Evaluation, measure: Measure) -> Measured:
    old, new = before.arrays(), after.arrays()

    def on(rows: Rows) -> float:
        return measure(_of(new, rows)) - measure(_of(old, rows))

    low, high = agreement.bootstrap_interval(on, after.groups)
    return Measured(measure(new) - measure(old), low, high)


def _of(columns: Columns, rows: Rows) -> Columns:
    return {name: values[rows] for name, values in columns.items()}
