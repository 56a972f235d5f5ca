"""Tiny models: the true architecture with random weights, built on the spot from a seed.

write_tiny("qwen2", seed=1, folder)     config, weights, tokenizer and template, as on the hub

Every shape keeps what tells its architecture from the others: Gemma's single key-value head,
Qwen3's heads wider than hidden / heads, Gemma 3n's two kinds of attention, sparse layers and
per-layer inputs. Such a model shows that a path works; it has never seen a text.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    BertConfig,
    GemmaConfig,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Qwen2Config,
    Qwen3Config,
)
from transformers.models.gemma3n.configuration_gemma3n import Gemma3nTextConfig

from runtime.judge.prompt import CHATML_TEMPLATE, GEMMA_TEMPLATE, PLAIN_TEMPLATE
from train.bases.tokenizers import tiny_tokenizer
from train.recipe import Architecture

Shape = dict[str, int]

# Multiples of 64, the block of bitsandbytes: no quantized block spans two rows.
_COMMON = {"hidden_size": 64, "num_hidden_layers": 2, "max_position_embeddings": 2048}
_DECODER = {**_COMMON, "intermediate_size": 128, "num_attention_heads": 4, "use_cache": False}

TEMPLATES: Mapping[Architecture, str] = {
    "gemma3n": GEMMA_TEMPLATE,
    # The tokenizer of the first Gemma has the turn tokens too; only its weights never saw them.
    "gemma": GEMMA_TEMPLATE,
    "qwen2": CHATML_TEMPLATE,
    "qwen3": CHATML_TEMPLATE,
    "llama": PLAIN_TEMPLATE,
    "bert": PLAIN_TEMPLATE,
}
"""The template of a base that brings none."""


def tiny_config(
    architecture: Architecture, tokenizer: PreTrainedTokenizerBase, **changes: int
) -> PreTrainedConfig:
    """Return the configuration of a tiny model; ``changes`` override single values of it."""
    tokens = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    return _CONFIGS[architecture](tokens, changes)


def write_tiny(
    architecture: Architecture,
    seed: int,
    folder: Path,
    dtype: torch.dtype = torch.float32,
    **changes: int,
) -> None:
    """Write a model folder as the hub has it. The same seed gives the same weights."""
    tokenizer = tiny_tokenizer(architecture)
    tokenizer.chat_template = TEMPLATES[architecture]
    config = tiny_config(architecture, tokenizer, **changes)
    tiny_model(config, seed, dtype).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def tiny_model(
    config: PreTrainedConfig, seed: int, dtype: torch.dtype = torch.float32
) -> PreTrainedModel:
    """Return the randomly initialised model; the generator of the caller is left as it was."""
    kind = AutoModelForMaskedLM if config.model_type == "bert" else AutoModelForCausalLM
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = kind.from_config(config, dtype=dtype)
        _spread(model)
    return model


def _spread(model: PreTrainedModel) -> None:
    """Widen the weights, so that the layers say as much as the embeddings.

    At the usual 0.02 a net this narrow passes its input on almost unchanged, and no adapter on its
    layers can lower the loss.
    """
    head = model.get_output_embeddings()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding):
                module.weight.normal_(std=0.1)
            elif isinstance(module, torch.nn.Linear) and module is not head:
                # 1 / sqrt(64): what comes out is as large as what went in.
                module.weight.normal_(std=0.125)


def _gemma3n(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    shape: dict[str, Any] = {
        **_DECODER,
        # Four layers look through a window and one at everything: the pattern of the true model.
        "num_hidden_layers": 5,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "sliding_window": 64,
        # These three are fixed in llama.cpp's code: 256 per-layer inputs, rank 64, ten sparse
        # layers. It shares keys and values from layer 20 on, so five layers share none.
        "hidden_size_per_layer_input": 256,
        "laurel_rank": 64,
        "num_kv_shared_layers": 0,
        "vocab_size_per_layer_input": tokens["vocab_size"],
        **tokens,
        **changes,
    }
    layers = shape["num_hidden_layers"]
    sparse = min(10, layers)
    shape.setdefault("activation_sparsity_pattern", [0.95] * sparse + [0.0] * (layers - sparse))
    return Gemma3nTextConfig(**shape)


def _gemma(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    heads = {"num_key_value_heads": 1, "head_dim": 16}
    return GemmaConfig(**{**_DECODER, **heads, **tokens, **changes})


def _qwen2(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    heads = {"num_key_value_heads": 2, "tie_word_embeddings": True}
    return Qwen2Config(**{**_DECODER, **heads, **tokens, **changes})


def _qwen3(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    heads = {"num_key_value_heads": 2, "head_dim": 32, "tie_word_embeddings": True}
    return Qwen3Config(**{**_DECODER, **heads, **tokens, **changes})


def _llama(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    return LlamaConfig(**{**_DECODER, "num_key_value_heads": 2, **tokens, **changes})


def _bert(tokens: Shape, changes: Shape) -> PreTrainedConfig:
    # MiniLM's six layers: a recipe may name single ones as targets.
    shape = {**_COMMON, "intermediate_size": 128, "num_attention_heads": 4, "num_hidden_layers": 6}
    return BertConfig(**{**shape, **tokens, **changes})


_CONFIGS: Mapping[Architecture, Callable[[Shape, Shape], PreTrainedConfig]] = {
    "gemma3n": _gemma3n,
    "gemma": _gemma,
    "qwen2": _qwen2,
    "qwen3": _qwen3,
    "llama": _llama,
    "bert": _bert,
}
