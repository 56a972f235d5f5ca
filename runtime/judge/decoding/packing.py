"""Packs what is to be read into as few steps as will hold it.

for step in packed(pieces, limits):
    context.read(step)
"""

from collections.abc import Iterable, Iterator, Sequence

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import ROW_GROUP, BranchLimits


def packed(pieces: Sequence[Piece], limits: BranchLimits) -> list[list[Piece]]:
    """Return the pieces in steps of at most ``limits.step`` tokens and ``limits.rows`` rows.

    First fit decreasing (Johnson 1973): the longest first, each into the first step with room. A
    piece that is longer than a step is cut, and its parts stay in order. A little room is left for
    what fills a step up (``BranchContext.read``, ``fixed``).
    """
    most = max(1, limits.step - 2 * ROW_GROUP)
    steps: list[_Step] = []
    for piece in sorted(pieces, key=lambda one: -len(one.ids)):
        *whole, rest = cut(piece, most)
        steps += [_Step([part]) for part in whole]
        # A part may not be read before the ones it follows.
        after = len(steps) if whole else 0
        for step in steps[after:]:
            if step.takes(rest, most, limits.rows or limits.sequences):
                step.pieces.append(rest)
                break
        else:
            steps.append(_Step([rest]))
    return [step.pieces for step in steps]


def cut(piece: Piece, size: int) -> Iterator[Piece]:
    """Yield a piece in parts of at most ``size`` tokens; what is wanted is wanted of the last."""
    last = len(piece.ids) - 1
    for at in range(0, len(piece.ids), size):
        ids = piece.ids[at : at + size]
        wanted = piece.wanted if at + size > last else 0
        yield Piece(piece.sequence, ids, piece.start + at, wanted)


class _Step:
    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = list(pieces)

    def takes(self, piece: Piece, tokens: int, rows: int) -> bool:
        """Return whether a piece fits beside the others in so many tokens and rows."""
        all_of = [*self.pieces, piece]
        return (
            sum(len(one.ids) for one in all_of) <= tokens
            and sum(one.wanted for one in all_of) <= rows
        )
