"""What can stop a training run, said in a sentence with what to do about it.

with explained(stage, progress):
    trainer.train()
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from runtime.errors import BadInputError, KindmarkError
from train.recipe import Recipe, Stage

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SPARE_BYTES = 64 * 2**20
"""torch gives no reason where a file comes out short; on a full disk less than this is left."""


@contextmanager
def explained(stage: Stage, folder: Path) -> Iterator[None]:
    """Turn out-of-memory and a full disk into ``BadInputError``; other errors pass."""
    try:
        yield
    except KindmarkError:
        raise
    except torch.OutOfMemoryError:
        raise _out_of_memory(stage) from None
    except Exception as error:
        if is_full_disk(error, folder):
            raise _disk_full(folder) from error
        raise


def is_full_disk(error: BaseException, folder: Path) -> bool:
    """Whether an error, ours or a library's, comes from a disk without room."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    said = str(error).lower()
    if "no space left" in said:
        return True
    # torch.save: "[enforce fail at inline_container.cc:672] . unexpected pos 71680 vs 71568".
    return "inline_container" in said and shutil.disk_usage(folder).free < _SPARE_BYTES


def check_machine(recipe: Recipe, *, tiny: bool, on_cpu: bool) -> None:
    """Refuse a recipe at its true size where it cannot run well.

    Raises ``BadInputError`` without a GPU (unless ``on_cpu`` insists), or with one that cannot
    compute in the recipe's number type.
    """
    if tiny or on_cpu:
        return
    if not torch.cuda.is_available():
        raise BadInputError(
            f"Recipe {recipe.name} needs a GPU, and torch finds none on this machine.",
            "Try the whole path at a tiny size with --tiny, or insist with --cpu (it takes days).",
        )
    compute = recipe.quantization.compute
    if compute == "bfloat16" and not torch.cuda.is_bf16_supported(including_emulation=False):
        raise BadInputError(
            f"Recipe {recipe.name} computes in bfloat16, which this GPU cannot "
            f"({torch.cuda.get_device_name()}).",
            'Copy the recipe, set quantization.compute = "float16" and train with that file.',
        )


def _out_of_memory(stage: Stage) -> BadInputError:
    training = stage.training
    shorter = max(16, training.max_tokens // 2)
    together = training.batch * training.accumulation
    return BadInputError(
        f"The GPU has too little memory for stage {stage.name} "
        f"(batch {training.batch}, {training.max_tokens} tokens).",
        f"Copy the recipe, set batch = 1, accumulation = {together} and max_tokens = {shorter} "
        "for this stage, and train with that file.",
    )


def _disk_full(folder: Path) -> BadInputError:
    return BadInputError(
        f"The disk with {folder} is full; the run has stopped. The checkpoints it has are whole.",
        "Make room, then go on with the same command and --resume.",
    )
