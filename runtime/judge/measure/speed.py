"""How fast a loaded decoder reads and writes, in llama-bench's terms.

    seconds(lambda: pp(context, 512))     # to read a prompt of 512 tokens ("pp512")
    seconds(lambda: tg(context, 128))     # to write 128 tokens one after another ("tg128")
    seconds(lambda: tg(context, 16, 8))   # the same in 8 sequences at once ("pl 8")

As there (and in llama-batched-bench, for pl), tokens are random, memory is empty at the start, and
logits are made of a prompt's last token alone. Tokens a second are those of all sequences together.
"""

import numpy as np

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import BranchContext
from runtime.judge.tokens import Ids


def random_ids(vocabulary: int, count: int, seed: int = 0) -> Ids:
    """Return tokens as good as any others for measuring."""
    return np.random.default_rng(seed).integers(vocabulary, size=count).astype(np.int32)


def pp(context: BranchContext, tokens: int) -> None:
    """Read a prompt of so many tokens into empty memory ("prompt processing")."""
    context.clear()
    ids = random_ids(context.model.vocabulary, tokens)
    step = min(context.limits.step, context.limits.tokens)
    for at in range(0, tokens, step):
        piece = ids[at : at + step]
        context.read([Piece(0, piece, at, int(at + step >= tokens))])


def tg(context: BranchContext, tokens: int, sequences: int = 1) -> None:
    """Write so many tokens in each sequence, in all of them at once ("text generation")."""
    context.clear()
    ids = random_ids(context.model.vocabulary, tokens * sequences).reshape(tokens, sequences)
    step = context.limits.step
    for at, row in enumerate(ids):
        pieces = [Piece(s, [int(token)], at, 1) for s, token in enumerate(row)]
        for start in range(0, sequences, step):
            context.read(pieces[start : start + step])
