"""Comparisons small enough to work out by hand, and ones whose arrays do not fit."""

from msgspec.structs import replace

from runtime.judge.comparison import Comparison, Direction, Numbers, Rows


def that_likes_what_is_near(width: int) -> Comparison:
    """Return one that scores a token 1 less its distance from what it aligns with, 0 at least.

    Distance is over all ``width`` numbers, which are projected to themselves.
    """
    zeros = (0.0,) * width
    distance = zeros + zeros + (-1.0,) * width
    direction = Direction(
        # One unit looks at the distance, the others at nothing.
        hidden=(distance, *((zeros * 3,) * (width - 1))),
        hidden_bias=(1.0, *zeros[1:]),
        score=(1.0, *zeros[1:]),
        score_bias=0.0,
        importance=zeros,
        importance_bias=0.0,
    )
    identity = tuple(tuple(float(i == j) for j in range(width)) for i in range(width))
    return Comparison(projection=identity, wanted=direction, said=direction)


def damaged(width: int) -> dict[str, Comparison]:
    """Return comparisons that cannot be computed, by what is wrong with them."""
    sound = that_likes_what_is_near(width)
    hidden, score = sound.wanted.hidden, sound.wanted.score
    ragged: Rows = (hidden[0][1:], *hidden[1:])
    turned: Rows = tuple(zip(*hidden, strict=True))
    longer: Numbers = (*score, 0.0)
    wrong = {
        "a row is short": replace(sound.wanted, hidden=ragged),
        "rows are missing": replace(sound.wanted, hidden=hidden[1:]),
        "rows and columns are swapped": replace(sound.wanted, hidden=turned),
        "a bias is long": replace(sound.wanted, hidden_bias=longer),
        "scores are short": replace(sound.wanted, score=score[1:]),
        "importances are long": replace(sound.wanted, importance=longer),
    }
    first, *others = sound.projection
    return {
        **{name: replace(sound, wanted=direction) for name, direction in wrong.items()},
        **{f"{name}, as said": replace(sound, said=found) for name, found in wrong.items()},
        "the projection is ragged": replace(sound, projection=(first[1:], *others)),
        "the projection is short": replace(sound, projection=tuple(others)),
        "the projection is empty": replace(sound, projection=()),
        "the projection is of nothing": replace(sound, projection=((),) * width),
    }
