"""Which tokens tell the replies to a question apart.

    question = tokenized("Score: ", ("0/5", "1/5"), vocabulary.ids)
    question.start     ids of "Score:", already part of the prompt
    question.labels    ids of " 0" and " 1": the shortest beginnings that differ

A reply is tokenized as a whole, as a model writes it, and cut where the replies part: "3" after
"Score: " may be another token than "3" alone. No label begins another one ("1/10" and "10/10" are
told apart by their second token), so that the probabilities are those of different events.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from runtime.errors import ModelError
from runtime.judge.tokens import Ids
from runtime.words import N_, _

_REMEDY = N_("Use a model with another vocabulary.")


Tokens = tuple[int, ...]


class Question(NamedTuple):
    """The ids that all replies begin with, and those that follow for each label."""

    start: Ids
    labels: tuple[Ids, ...]


def tokenized(start: str, labels: Sequence[str], encode: Callable[[str], Ids]) -> Question:
    """Return what tells the replies ``start + label`` apart; ``encode`` adds nothing of its own.

    Raises ``ModelError`` if two replies have the same tokens or one begins another, and
    ``ValueError`` for fewer than two labels.
    """
    if len(labels) < 2:
        raise ValueError("there is nothing to choose between")
    replies = [tuple(encode(start + label).tolist()) for label in labels]
    shared = min(_common(replies[0], reply) for reply in replies)
    ends = [_needed(at, replies) for at in range(len(replies))]
    for label, reply, end in zip(labels, replies, ends, strict=True):
        if end > len(reply):
            raise ModelError(
                _("To this model the reply {reply!r} does not differ from another.").format(
                    reply=start + label
                ),
                _(_REMEDY),
            )
    cut = (reply[shared:end] for reply, end in zip(replies, ends, strict=True))
    return Question(_ids(replies[0][:shared]), tuple(_ids(label) for label in cut))


def _needed(at: int, replies: Sequence[Tokens]) -> int:
    """Return how many tokens tell a reply from all others; more than it has if none do."""
    others = (reply for other, reply in enumerate(replies) if other != at)
    return 1 + max(_common(replies[at], other) for other in others)


def _common(one: Tokens, other: Tokens) -> int:
    """Return how many tokens both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _ids(tokens: Sequence[int]) -> Ids:
    return np.array(tokens, np.int32)
