"""The working memory of a judge: planned from what is asked, and made anew when more is.

    memory = Memory(model, Means(memory=2_000_000_000))
    sequences = memory.for_(needs)          the same ones as long as they suffice
    memory.close()

Planned before anything is read: what cannot fit is refused with the numbers, and what can is read
in batches as large as memory allows.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from runtime.closing import Closing
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.prefix_store import PrefixStore
from runtime.judge.decoding.room import Needs, plan
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.engine import Model
from runtime.judge.measure.tuned import Tuned

ANSWERS = 32
"""More answers than these are not read at once: a step is full long before."""

SHARED_STEP, OWN_STEP = 128, 32
"""Tokens that needs are rounded up to: a slightly longer answer is no reason to begin anew."""

TURN = 256
"""Tokens of a turn that asks for words, about: room for it is made at once, since a larger context
later would have to read the class again."""


class Means(NamedTuple):
    """What a judge may use: bytes of ``memory`` (``None``: what is free), and a store of prefixes.

    ``reply`` is how many tokens of words are written about an answer, 0 if none are. ``tuned`` is
    how this machine computes fastest; no step is longer than was planned for.
    """

    memory: int | None = None
    store: PrefixStore | None = None
    reply: int = 0
    tuned: Tuned = Tuned()


class Memory(Closing):
    """Opens a context for what is needed, and a larger one when that is too small.

    ``stopping``, if set, is asked many times a step whether to give up (``StoppedError``).
    """

    def __init__(self, model: Model, means: Means) -> None:
        self.stopping: Callable[[], bool] | None = None
        self._model, self._means = model, means
        self._needs: Needs | None = None
        self._sequences: Sequences | None = None

    @property
    def current(self) -> Sequences | None:
        """What is open now, if anything is."""
        return self._sequences

    def check(self, needs: Needs) -> BranchLimits:
        """Return what would be opened. Raises ``ModelError`` with the numbers if it cannot fit."""
        return plan(self._model, needs, self._means.memory)

    def for_(self, needs: Needs) -> Sequences:
        """Return sequences that suffice for ``needs``. Raises ``ModelError`` as ``check`` does."""
        needs = self._within(needs)
        if not self._sequences or not self._needs or not _covers(self._needs, needs):
            wider = self._within(_joined(self._needs or self._for_words(needs), needs))
            self.close()
            limits, (threads, step) = self.check(wider), self._means.tuned
            limits = limits._replace(threads=threads, step=min(step, limits.step))
            context = BranchContext(self._model, limits)
            self._sequences, self._needs = Sequences(context, self._means.store), wider
        self._sequences.context.stopping = self.stopping
        return self._sequences

    def _within(self, needs: Needs) -> Needs:
        """Return needs that no one prompt exceeds: the longest beginning and the longest answer
        may be of two questions."""
        positions = self._model.positions
        shared = min(needs.shared, positions - needs.reply - 1)
        longest = min(needs.longest, positions - needs.reply - shared)
        return needs._replace(shared=shared, longest=longest)

    def _for_words(self, needs: Needs) -> Needs:
        return needs._replace(longest=needs.longest + (TURN if self._means.reply else 0))

    def close(self) -> None:
        """Free the context; a second call does nothing."""
        if self._sequences:
            context = self._sequences.context
            self._sequences.close()
            context.close()
            self._sequences = None


def needs_of(prompts: Sequence[Prompt], answers: int, reply: int) -> Needs:
    """Return what prompts need: the longest public beginning, and the longest of what follows."""
    return Needs(
        shared=_rounded(max((prompt.public for prompt in prompts), default=0), SHARED_STEP),
        longest=_rounded(max(map(_own, prompts), default=0), OWN_STEP),
        answers=min(answers, ANSWERS),
        reply=reply,
    )


def _own(prompt: Prompt) -> int:
    return len(prompt.ids) - prompt.public


def _rounded(tokens: int, step: int) -> int:
    return -(-tokens // step) * step


def _covers(there: Needs, needs: Needs) -> bool:
    return all(have >= want for have, want in zip(there, needs, strict=True))


def _joined(one: Needs, other: Needs) -> Needs:
    return Needs(*map(max, one, other))
