"""The practice judge's network, Qwen3 in small, and a trainer that reads shared prompts once.

trainer = PracticeTrainer(model=new_network(settings, tokenizer), train_dataset=ClassSets(...))
"""

from typing import Any

import torch
from transformers import (
    DynamicCache,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Qwen3Config,
    Qwen3ForCausalLM,
    Trainer,
)

from train.scratch.first_weights import begin_with_lookup
from train.scratch.settings import Settings
from train.scratch.trees import Step

Tensors = dict[str, torch.Tensor]

POSITIONS = 4096
"""Far more than it is trained on; a longer prompt is refused before it is read."""


def new_network(settings: Settings, tokenizer: PreTrainedTokenizerBase) -> PreTrainedModel:
    """Return the network with random weights; the same seed gives the same weights."""
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=settings.width,
        intermediate_size=settings.inner,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        num_key_value_heads=settings.heads,
        head_dim=settings.width // settings.heads,
        max_position_embeddings=POSITIONS,
        tie_word_embeddings=True,
        initializer_range=settings.spread,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        model = Qwen3ForCausalLM(config)
    if settings.lookup:
        begin_with_lookup(model, settings.seed)
    return model


def tensors(steps: list[Step]) -> Tensors:
    """Collate: a step holds all rows of a batch already."""
    [step] = steps
    found = {name: torch.from_numpy(value) for name, value in step._asdict().items()}
    return found | {"allowed": found["allowed"][:, None]}


class PracticeTrainer(Trainer):  # type: ignore[misc]  # transformers ships no types
    """Foretells weighted targets of token trees (``trees``)."""

    def compute_loss(
        self, model: PreTrainedModel, inputs: Tensors, *_: object, **__: object
    ) -> torch.Tensor:
        """Return ``loss`` of a step."""
        return loss(model, inputs)


def loss(model: PreTrainedModel, inputs: Tensors) -> torch.Tensor:
    """Return the weighted mean of the cross-entropies of a step's targets."""
    weights = inputs["weights"]
    counted = weights > 0
    logits = model.lm_head(read(model, inputs)[counted])
    losses = torch.nn.functional.cross_entropy(
        logits.float(), inputs["targets"][counted], reduction="none"
    )
    return (losses * weights[counted]).sum() / weights.sum()


def read(model: PreTrainedModel, inputs: Tensors) -> torch.Tensor:
    """Return the hidden states ``(rows, length, width)`` of a step."""
    cache = DynamicCache(config=model.config)
    if len(inputs["prefix"]):
        model.model(inputs["prefix"][None], past_key_values=cache, use_cache=True)
        cache.batch_repeat_interleave(len(inputs["ids"]))
    found: Any = model.model(
        inputs["ids"],
        attention_mask=inputs["allowed"],
        position_ids=inputs["positions"],
        past_key_values=cache,
        use_cache=True,
    )
    hidden: torch.Tensor = found.last_hidden_state
    return hidden
