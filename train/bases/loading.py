"""Loads the base of a recipe: from disk or the hub or built on the spot, quantized, ready for LoRA.

    loaded = load_base(recipe, "causal", tiny=True)
    loaded.model, loaded.tokenizer, loaded.template

QLoRA (Dettmers et al. 2023): the frozen base in 4 bits, computed in the recipe's type on a GPU and
in float32 on a CPU, where bfloat16 is emulated at a third of the speed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from bitsandbytes.nn import Linear4bit
from peft import prepare_model_for_kbit_training
from transformers import AutoTokenizer, BitsAndBytesConfig, PreTrainedModel, PreTrainedTokenizerBase

from train.bases.classes import Purpose, model_class, renamed_weights, skipped_modules
from train.bases.missing import check_complete, unloadable
from train.bases.quiet import bars_hidden, library_talk, reports_hidden
from train.bases.tiny import TEMPLATES, write_tiny
from train.recipe import Base, Quantization, Recipe


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """All it takes to load a base again: written beside every adapter as ``base.json``."""

    base: Base
    quantization: Quantization
    purpose: Purpose
    labels: int
    tiny: bool
    seed: int


class Loaded(NamedTuple):
    """A model, its tokenizer, its chat template, and what they came from.

    ``checkpointing`` says whether activations are recomputed in the backward pass: pass it on to
    the trainer, whose own default may differ.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    template: str
    origin: Origin
    checkpointing: bool

    def encode(self, text: str, special: bool) -> list[int]:
        """Return the ids of ``text``; without ``special``, "<end_of_turn>" is plain text."""
        ids = self.tokenizer.encode(
            text, add_special_tokens=False, split_special_tokens=not special
        )
        return list(ids)


def load_base(
    recipe: Recipe,
    purpose: Purpose,
    labels: int = 1,
    *,
    tiny: bool = False,
    bits: int | None = None,
) -> Loaded:
    """Load the base of a recipe for a purpose; ``labels`` is the size of the head of ``classify``.

    ``bits`` replaces the recipe's width, to measure a finished model in another. ``tiny`` builds a
    random model of the same architecture from the recipe's seed. Raises ``ModelError`` if the base
    is neither on disk nor to be fetched.
    """
    quantization = recipe.quantization
    if bits is not None:
        quantization = msgspec.structs.replace(quantization, bits=bits)
    return load_origin(
        Origin(
            base=recipe.base,
            quantization=quantization,
            purpose=purpose,
            labels=labels if purpose == "classify" else 1,
            tiny=tiny,
            seed=recipe.seed,
        )
    )


def load_origin(origin: Origin) -> Loaded:
    """Load what ``origin`` describes. Raises ``ModelError`` as ``load_base`` does."""
    architecture = origin.base.architecture
    # A tiny model is loaded in an instant.
    with (
        bars_hidden(origin.tiny),
        reports_hidden(),
        _folder(origin) as (name, revision),
    ):
        try:
            tokenizer = AutoTokenizer.from_pretrained(name, revision=revision)
            model = _model(origin, name, revision)
        except (OSError, ValueError) as error:
            raise unloadable(origin.base, error) from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    # The classification mixin finds the last token of a row by this id.
    model.config.pad_token_id = tokenizer.pad_token_id
    # True bases here have a billion weights and more; only BERT fits with all its activations.
    checkpointing = architecture != "bert"
    # With a name here peft would look for its files on the hub at every checkpoint.
    model.name_or_path = ""
    _keep_layout(model)
    model = _prepared(model, origin, checkpointing)
    tokenizer.chat_template = tokenizer.chat_template or TEMPLATES[architecture]
    return Loaded(model, tokenizer, tokenizer.chat_template, origin, checkpointing)


@contextmanager
def _folder(origin: Origin) -> Iterator[tuple[str, str | None]]:
    """Yield where to load from; a tiny model lies in a folder that is gone when it is loaded."""
    if not origin.tiny:
        base = origin.base
        yield (base.folder, None) if base.folder else (base.hub, base.revision or None)
        return
    state = PartialState(cpu=not torch.cuda.is_available())
    with TemporaryDirectory(prefix="kindmark-tiny-") as folder:
        # transformers saves in the first process only, so the others read what that one wrote.
        shared = [folder]
        broadcast_object_list(shared)
        if state.is_main_process:
            write_tiny(origin.base.architecture, origin.seed, Path(folder))
        state.wait_for_everyone()
        yield shared[0], None
        state.wait_for_everyone()


def _model(origin: Origin, name: str, revision: str | None) -> PreTrainedModel:
    kind = model_class(origin.base.architecture, origin.purpose)
    compute = compute_type(origin.quantization)
    head = {} if origin.purpose in {"causal", "embed"} else {"num_labels": origin.labels}
    # The new head is random: the seed makes it the same in every run.
    with torch.random.fork_rng():
        torch.manual_seed(origin.seed)
        model, report = kind.from_pretrained(
            name,
            revision=revision,
            dtype=compute,
            device_map=device_map(),
            quantization_config=_bitsandbytes(origin, compute),
            key_mapping=renamed_weights(kind),
            output_loading_info=True,
            **head,
        )
    check_complete(origin.base, report["missing_keys"])
    return model


def compute_type(quantization: Quantization) -> torch.dtype:
    """Return the type that is computed in: the recipe's on a GPU, float32 on a CPU."""
    if not torch.cuda.is_available():
        return torch.float32
    found: torch.dtype = getattr(torch, quantization.compute)
    return found


def device_map() -> dict[str, int | str]:
    """Return where the whole model goes: each process of ``accelerate launch`` has its own GPU."""
    if torch.cuda.is_available():
        return {"": PartialState().local_process_index}
    return {"": "cpu"}


def _bitsandbytes(origin: Origin, compute: torch.dtype) -> BitsAndBytesConfig | None:
    wanted = origin.quantization
    if wanted.bits == 16:
        return None
    return BitsAndBytesConfig(
        load_in_4bit=wanted.bits == 4,
        load_in_8bit=wanted.bits == 8,
        bnb_4bit_quant_type=wanted.type,
        bnb_4bit_use_double_quant=wanted.double,
        bnb_4bit_compute_dtype=compute,
        llm_int8_skip_modules=skipped_modules(origin.base.architecture, origin.purpose),
    )


def _keep_layout(model: PreTrainedModel) -> None:
    """Stop bitsandbytes from packing weights for good at the first evaluation on some CPUs.

    With AVX-512 BF16 it rounds the constants to bfloat16 then, computes in it from there on, and
    passes no gradient any more: training after an evaluation would learn next to nothing.
    """
    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.support_avx512bf16_for_cpu = False


def _prepared(model: PreTrainedModel, origin: Origin, checkpointing: bool) -> PreTrainedModel:
    """Freeze the base and hold its norms in float32, as QLoRA does."""
    if origin.quantization.bits == 16:
        return model.requires_grad_(False)
    with library_talk():
        model = prepare_model_for_kbit_training(
            model,
            use_gradient_checkpointing=checkpointing,
            gradient_checkpointing_kwargs={"use_reentrant": False},
        )
    # peft holds everything that is not 4-bit in float32. For Gemma 3n's per-layer table that is
    # 8 GB instead of 4, for no gain: it is only looked up, and the sum that follows is float32.
    for module_name, module in model.named_modules():
        if module_name.endswith("embed_tokens_per_layer"):
            module.to(compute_type(origin.quantization))
    return model
