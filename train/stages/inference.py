"""What a model says of a row, one row at a time: no padding, as marking does it.

    logits = class_logits(model, [row.prompt for row in rows])
    replies = read_replies(model, rows)

Used before and after a stage alike; trainers keep their own, batched way for training.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from peft import PeftModel

from train.stages.texts import Tokens

Floats = NDArray[np.float64]


class Replies(NamedTuple):
    """How likely each reply to learn is: summed natural log, tokens, and tokens ranked first."""

    log_probability: Floats
    tokens: Floats
    first: Floats


def class_logits(model: PeftModel, prompts: Sequence[Sequence[int]]) -> Floats:
    """Return the head's logits, shape (prompts, classes)."""
    with _quiet(model):
        rows = [model(**_input(model, ids)).logits[0] for ids in prompts]
        return _floats(torch.stack(rows))


def next_logits(model: PeftModel, prompt: Sequence[int], candidates: Sequence[int]) -> Floats:
    """Return the logits of some tokens as the next one, shape (candidates,)."""
    with _quiet(model):
        logits = model(**_input(model, prompt), logits_to_keep=1).logits[0, -1]
        return _floats(logits[list(candidates)])


def read_replies(model: PeftModel, rows: Sequence[Tokens]) -> Replies:
    """Return what a causal model makes of the replies of rows, each shape (rows,)."""
    with _quiet(model):
        read = [_read(model, row) for row in rows]
    sums, firsts = zip(*read, strict=True)
    counts = np.array([len(row.reply) for row in rows], np.float64)
    return Replies(np.array(sums), counts, np.array(firsts, np.float64))


def _read(model: PeftModel, row: Tokens) -> tuple[float, int]:
    # Only the reply's positions: all logits of a true vocabulary would take a gigabyte a row.
    kept = model(**_input(model, [*row.prompt, *row.reply]), logits_to_keep=len(row.reply) + 1)
    logits = kept.logits[0, :-1].float()
    reply = torch.tensor(row.reply, device=logits.device)
    chosen = logits.log_softmax(-1).gather(1, reply[:, None])
    return float(chosen.double().sum()), int((logits.argmax(-1) == reply).sum())


def _input(model: PeftModel, ids: Sequence[int]) -> dict[str, Any]:
    return {"input_ids": torch.tensor([list(ids)], device=model.device), "use_cache": False}


def _floats(tensor: torch.Tensor) -> Floats:
    found: Floats = tensor.double().cpu().numpy()
    return found


@contextmanager
def _quiet(model: PeftModel) -> Iterator[None]:
    """No dropout and no gradients, in the number type of training; then as before."""
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(training)
