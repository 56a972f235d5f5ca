"""What a quantization changes in what a model says: its file beside the least quantized one.

    changes = quality(paths, texts, head)
    changes[1].difference.kl, changes[1].verdicts

Needs llama.cpp alone, no torch: so it can be measured on the machine that is to mark.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from convert.gguf.tokens import ids
from convert.verify.tally import Difference, Tally
from convert.verify.ways import Way, judging, opened, reading
from runtime.errors import BadInputError
from runtime.judge.side_head import SideHead

MOST_TOKENS = 64
"""Read of each text: the reference's logits are kept, and some models have 1 MB of them a token."""
MOST_TEXTS = 16

Rows = NDArray[np.float32]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How far a file is from the reference; ``verdicts`` is the share of texts that its head gives
    the same label, ``None`` without a head."""

    file: str
    difference: Difference
    verdicts: float | None = None


class _Said(msgspec.Struct, frozen=True):
    rows: list[Rows]
    places: tuple[int, ...] | None
    encodes: bool


def quality(paths: Sequence[Path], texts: Sequence[str], side: SideHead | None) -> list[Change]:
    """Compare each file with the first one, which should be the least quantized.

    Raises ``BadInputError`` if they are not of one model, ``ModelError`` if one cannot be used.
    """
    first = _say(paths[0], texts, side)
    return [_change(path, first, _say(path, texts, side)) for path in paths]


def _say(path: Path, texts: Sequence[str], side: SideHead | None) -> _Said:
    """Return what a file says: rows for the beginnings of a few texts, labels for all of them."""
    with opened(path) as way:
        prompts = [found for text in texts if len(found := _ids(way, text))]
        kept = [prompt[:MOST_TOKENS] for prompt in prompts[:MOST_TEXTS]]
        with reading(way, MOST_TOKENS) as read:
            rows = [np.concatenate(list(read(prompt))) for prompt in kept]
        places = None
        if side:
            with judging(way, side, max(map(len, prompts))) as judge:
                places = tuple(side.verdict(judge.logits(prompt)) for prompt in prompts)
        return _Said(rows, places, way.model.encodes)


def _ids(way: Way, text: str) -> list[int]:
    """Return a text's ids as the model reads texts, no longer than it can."""
    return ids(way.model, text, special=False)[: way.model.positions]


def _change(path: Path, first: _Said, said: _Said) -> Change:
    tally = Tally()
    for wanted, found in zip(first.rows, said.rows, strict=True):
        if wanted.shape != found.shape:
            raise BadInputError(
                f"{path} is of another model than the first file: it splits texts differently.",
                "Name quantizations of one model.",
            )
        tally.add_hidden(wanted, found) if said.encodes else tally.add_logits(wanted, found)
    same = None
    if first.places is not None and said.places is not None:
        same = float(np.mean(np.array(first.places) == np.array(said.places)))
    return Change(file=path.name, difference=tally.result(), verdicts=same)
