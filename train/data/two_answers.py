"""Rows with two answers and which is better: two examples of one group each.

The group is the row: what is worse here may be better beside another answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from train.data.labels import word_of
from train.data.schema import Example
from train.data.values import Values

PAIR_FIELDS = ("first", "second", "better", "chosen", "rejected")
"""The fields of such a row besides those of an example."""

_FIRST, _SECOND = "1 a first".split(), "2 b second".split()


def two_answers(
    common: Mapping[str, Any], row: Values, labels: Mapping[str, Sequence[str]], known: bool
) -> list[Example]:
    """Return the better and the worse answer, none where neither is better.

    ``common`` is what both share; ``known``: the fields are "chosen" and "rejected". ``labels``
    says which values of "better" mean "first" and "second". Raises ``BadInputError``.
    """
    names = ("chosen", "rejected") if known else _order(row, labels)
    if not names:
        return []
    texts = [row.text(name) for name in names]
    if None in texts:
        raise BadInputError(
            f"the field {names[texts.index(None)]!r} is missing", "Map both answers with --field."
        )
    return [
        Example(
            **(dict(common) | {"id": f"{common['id']}-{name}", "group": common["id"]}),
            answer=text or "",
            verdict=verdict,
        )
        for name, text, verdict in zip(
            names, texts, (Verdict.CORRECT, Verdict.INCORRECT), strict=True
        )
    ]


def _order(row: Values, labels: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    word = word_of(row.get("better"))
    first = [word_of(value) for value in labels.get("first", _FIRST)]
    second = [word_of(value) for value in labels.get("second", _SECOND)]
    if word in first:
        return "first", "second"
    if word in second:
        return "second", "first"
    if word in {"tie", "0", "none"}:
        return ()
    raise BadInputError(
        f"the field 'better' is wrong: {word[:40]!r} names neither answer",
        f"Use one of: {', '.join([*first, *second, 'tie'])}; or map them as first and second.",
    )
