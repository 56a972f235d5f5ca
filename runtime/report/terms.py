"""What the figures mean, in a sentence each, for people who do not compute them."""

from collections.abc import Iterable

_MEANINGS = {
    "accuracy": "Share of answers given just the teacher's verdict.",
    "kappa": (
        "Agreement beyond chance (Cohen): 0 is what guessing gives, 1 is perfect. Two teachers "
        "marking short answers usually reach 0.75 to 0.89."
    ),
    "macro-F1": (
        "How well each verdict is found and how rarely it is given wrongly, averaged over the "
        "verdicts so that a rare one counts as much as a common one. 1 is perfect."
    ),
    "QWK": (
        "Quadratic weighted kappa: agreement beyond chance where a far miss costs more than a near "
        "one. Two teachers scoring essays usually reach 0.71 to 0.75."
    ),
    "exact": "Share of answers given just the teacher's score.",
    "within 1": "Share of answers given the teacher's score or one point beside it.",
    "MAE": "Mean distance from the teacher's score, in points. 0 is perfect.",
    "RMSE": "The same, with far misses counted more. 0 is perfect.",
    "Pearson": "How well the scores rise and fall together, from -1 to 1.",
    "Spearman": "How well the order of the answers agrees, from -1 to 1.",
    "ECE": (
        "Expected calibration error: how far stated confidence is from the share that was right, "
        "on average. 0 is perfect; below 0.05 is good."
    ),
    "pairwise accuracy": "Share of comparisons in which the better answer is put first.",
    "win rate": "The same without ties.",
    "mean margin": "How far the better answer is ahead on average, in the model's own units.",
    "loss": "How surprising the wanted reply is, in nats a token. Lower is better.",
    "perplexity": "Among how many tokens the model hesitates, on average. Lower is better.",
    "token accuracy": "Share of the wanted reply's tokens that the model ranks first.",
}
_INTERVAL = (
    "With other questions of the same kind, the figure would lie between these two 19 times in 20."
)


def meanings(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the names that are known, each with its meaning, and the interval's."""
    known = ((name, _MEANINGS[name]) for name in dict.fromkeys(names) if name in _MEANINGS)
    return (*known, ("95 % interval", _INTERVAL))
