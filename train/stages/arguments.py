"""A recipe's numbers in the words of transformers and trl.

    SFTConfig(**arguments(recipe, stage, folder.saving, examples=900, max_steps=0), packing=False)

Nothing is reported anywhere but in the run's folder, and the network stays untouched.
"""

import math
from pathlib import Path
from typing import Any

import torch

from train.recipe import Recipe, Stage, Training


def arguments(  # noqa: PLR0913 - each is a fact of its own, all but three named by the caller
    recipe: Recipe,
    stage: Stage,
    output: Path,
    *,
    examples: int,
    max_steps: int,
    devices: int,
    checkpointing: bool,
) -> dict[str, Any]:
    """Return what every trainer's configuration shares.

    ``max_steps`` 0: all epochs. ``devices`` is how many processes share the examples;
    ``checkpointing``, whether activations are computed again in the backward pass.
    """
    training, on_gpu = stage.training, torch.cuda.is_available()
    compute = recipe.quantization.compute
    return {
        "output_dir": str(output),
        "num_train_epochs": training.epochs,
        "max_steps": max_steps or -1,
        "per_device_train_batch_size": training.batch,
        "per_device_eval_batch_size": training.batch,
        "gradient_accumulation_steps": training.accumulation,
        "learning_rate": training.learning_rate,
        "lr_scheduler_type": training.schedule,
        # transformers reads a number below 1 as a share of all steps.
        "warmup_steps": training.warmup_steps or training.warmup,
        "optim": optimizer(training, on_gpu),
        "weight_decay": training.weight_decay,
        "max_grad_norm": training.max_grad_norm,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        # bfloat16 is emulated on a CPU, three times slower than float32 there.
        "use_cpu": not on_gpu,
        "bf16": on_gpu and compute == "bfloat16",
        "fp16": on_gpu and compute == "float16",
        # Recomputed in the backward pass as the base was prepared for it (train/bases).
        "activation_checkpointing": checkpointing,
        "activation_checkpointing_kwargs": {"use_reentrant": False} if checkpointing else None,
        "logging_steps": 1,
        # A loss that is not a number is to be seen, not averaged away.
        "logging_nan_inf_filter": False,
        "save_strategy": "steps",
        "save_steps": save_every(training, examples, devices),
        "report_to": "none",
        # Progress is ours (train/progress.py): transformers' bar would mix with it.
        "disable_tqdm": True,
    }


def steps(training: Training, examples: int, devices: int) -> int:
    """Return the optimizer steps of an epoch, the last of which may be short."""
    batches = math.ceil(examples / (training.batch * devices))
    return math.ceil(batches / training.accumulation)


def save_every(training: Training, examples: int, devices: int) -> int:
    """Return after how many steps a checkpoint is written."""
    return max(1, steps(training, examples, devices) // training.checkpoints)


def optimizer(training: Training, on_gpu: bool) -> str:
    """Return the optimizer's name in transformers.

    There is nothing to page to from a CPU's memory, and bitsandbytes warns when it is asked to:
    there the same 8-bit AdamW is used without paging.
    """
    if training.optimizer == "paged_adamw_8bit" and not on_gpu:
        return "adamw_bnb_8bit"
    return training.optimizer
