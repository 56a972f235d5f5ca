"""Ways of reading a converted model: with an adapter or without, its logits or its classes.

with opened(path, adapter=None) as way, judging(way, side, longest=800) as judge:
    judge.logits(ids)       # (labels,)
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.judge import gguf_header
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.classes import ClassContext
from runtime.judge.context import EncoderContext, Limits, Vectors
from runtime.judge.engine import Model, default_threads
from runtime.judge.lora import LoraAdapter, Scaled
from runtime.judge.side_head import SideHead
from runtime.judge.tokens import AnyIds

Floats = NDArray[np.float64]
Read = Callable[[AnyIds], Iterable[Vectors]]


class Way(NamedTuple):
    """A loaded model and the adapters on it; ``exact`` as in ``CausalLimits``."""

    model: Model
    adapters: tuple[Scaled, ...]
    exact: bool


class Judge(NamedTuple):
    """``logits`` gives ``(labels,)`` for a text; ``softmaxed`` if they are log-probabilities."""

    labels: tuple[str, ...]
    logits: Callable[[AnyIds], Floats]
    softmaxed: bool


@contextmanager
def opened(gguf: Path, adapter: Path | None = None, *, exact: bool = False) -> Iterator[Way]:
    """Load a file, and an adapter to put on it. Raises ``ModelError`` if one cannot be used."""
    gguf_header.read(gguf)
    with ExitStack() as stack:
        model = stack.enter_context(Model(gguf))
        adapters: tuple[Scaled, ...] = ()
        if adapter:
            adapters = ((stack.enter_context(LoraAdapter.open(model, adapter)), 1.0),)
        yield Way(model, adapters, exact)


@contextmanager
def reading(way: Way, longest: int) -> Iterator[Read]:
    """Give a function from ids to rows in pieces: logits, or an encoder's hidden states."""
    with _context(way, longest) as context:
        if isinstance(context, EncoderContext):
            yield lambda ids: context.encode([ids])
        else:
            yield context.pieces


@contextmanager
def judging(way: Way, side: SideHead | None, longest: int) -> Iterator[Judge]:
    """Give the class logits of texts, by a side head or (``None``) by the head in the file."""
    if side is None:
        with ClassContext(way.model, CausalLimits(longest, exact=way.exact)) as classes:
            classes.use(way.adapters)
            yield Judge(
                classes.labels,
                lambda ids: np.asarray(classes.outputs(ids), np.float64),
                classes.softmaxed,
            )
        return
    with _context(way, longest) as context:

        def vector(ids: AnyIds) -> Vectors:
            if isinstance(context, CausalContext):
                return context.last(ids)
            [rows] = context.encode([ids])
            return np.asarray(rows[0 if side.pooling == "first" else -1])

        yield Judge(side.labels, lambda ids: side.logits(vector(ids)), False)


@contextmanager
def _context(way: Way, longest: int) -> Iterator[EncoderContext | CausalContext]:
    context: EncoderContext | CausalContext
    if way.model.encodes:
        limits = Limits(longest, 1, default_threads(), flash=not way.exact)
        context = EncoderContext(way.model, limits)
    else:
        context = CausalContext(way.model, CausalLimits(longest, exact=way.exact))
    with context:
        context.use(way.adapters)
        yield context
