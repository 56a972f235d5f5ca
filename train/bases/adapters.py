"""LoRA adapters on a loaded base: put on, carried from stage to stage, saved and loaded again.

An adapter folder is peft's own (``adapter_config.json``, ``adapter_model.safetensors`` with the
head in it) plus the tokenizer with its template and ``base.json``, from which ``load_trained``
finds the base again.
"""

from pathlib import Path

import msgspec
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoTokenizer

from runtime.errors import ModelError
from train.bases.classes import head_modules
from train.bases.loading import Loaded, Origin, load_origin
from train.bases.quiet import library_talk
from train.recipe import Adapter

WEIGHTS = "adapter_model.safetensors"
ORIGIN = "base.json"
_TASKS = {
    "causal": TaskType.CAUSAL_LM,
    "classify": TaskType.SEQ_CLS,
    "prefer": TaskType.SEQ_CLS,
    "embed": TaskType.FEATURE_EXTRACTION,
}


def apply_adapter(loaded: Loaded, adapter: Adapter) -> PeftModel:
    """Return the base as a ``PeftModel`` with a fresh adapter and, if it has one, its head.

    Raises ``ModelError`` if the base has no layer of the names in ``targets``.
    """
    origin = loaded.origin
    config = LoraConfig(
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        lora_dropout=adapter.dropout,
        target_modules=list(adapter.targets),
        modules_to_save=head_modules(origin.base.architecture, origin.purpose) or None,
        task_type=_TASKS[origin.purpose],
    )
    try:
        with library_talk():
            return get_peft_model(loaded.model, config)
    except ValueError as error:
        raise ModelError(
            f"The base {origin.base.hub} cannot take this adapter: {str(error).rstrip('.')}.",
            "Name its linear layers as targets in the recipe, say q_proj and v_proj.",
        ) from error


def load_adapter(model: PeftModel, folder: Path) -> int:
    """Put the LoRA weights of an earlier stage into ``model``; return how many tensors.

    The head stays: it belongs to its stage. So an adapter learnt while writing goes on while
    classifying. Raises ``ModelError`` if the tensors are not exactly those of ``model``.
    """
    weights = {_active(name): w for name, w in _read(folder).items() if ".lora_" in name}
    own = {name: w.shape for name, w in model.named_parameters() if ".lora_" in name}
    if {name: w.shape for name, w in weights.items()} != own:
        raise ModelError(
            f"The adapter in {folder} has {len(weights)} tensors, which are not the {len(own)} of "
            "this model.",
            "Train the stages of one recipe in one run folder, and change no rank or target.",
        )
    model.load_state_dict(weights, strict=False)
    return len(weights)


def _active(name: str) -> str:
    """Return the name a saved LoRA tensor has in a model: the adapter's own name is in it."""
    return name.removesuffix(".weight") + ".default.weight"


def save_adapter(model: PeftModel, loaded: Loaded, folder: Path) -> None:
    """Write adapter, head, tokenizer with template and ``base.json`` into ``folder``."""
    config = model.peft_config["default"]
    config.base_model_name_or_path = loaded.origin.base.hub
    # The embeddings are never trained; left to itself, peft would ask the hub whether they were.
    model.save_pretrained(folder, selected_adapters=["default"], save_embedding_layers=False)
    config.base_model_name_or_path = ""
    # peft's card is a form with nothing filled in, in another order each time.
    (folder / "README.md").unlink(missing_ok=True)
    loaded.tokenizer.save_pretrained(folder)
    (folder / ORIGIN).write_bytes(msgspec.json.format(msgspec.json.encode(loaded.origin)) + b"\n")


def load_trained(folder: Path, *, bits: int | None = None) -> Loaded:
    """Return base, adapter and head of an adapter folder, in evaluation mode.

    The same logits as before saving, if ``bits`` is left as it was. Raises ``ModelError`` if the
    folder is no adapter of ours or its base is another one now, or as ``load_base`` does.
    """
    loaded = load_origin(_origin(folder, bits))
    # Types stay what they were saved in: the rounding of bfloat16 is part of the logits. An
    # unquantized base has one type throughout, and its head must share it.
    with library_talk():
        model = PeftModel.from_pretrained(loaded.model, folder, autocast_adapter_dtype=False)
    if loaded.origin.quantization.bits != 16:
        _restore_types(model, folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if tokenizer.get_vocab() != loaded.tokenizer.get_vocab():
        raise ModelError(
            f"The base of the adapter in {folder} has another vocabulary now.",
            "Train it again: a tiny base changes with the prompts and simulators it is made from.",
        )
    return loaded._replace(
        model=model.eval(), tokenizer=tokenizer, template=tokenizer.chat_template
    )


def _origin(folder: Path, bits: int | None) -> Origin:
    try:
        origin = msgspec.json.decode((folder / ORIGIN).read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(
            f"The folder {folder} is no adapter of Kindmark: {ORIGIN} is missing or damaged.",
            "Name the adapter folder of a stage: RUN/STAGE/adapter.",
        ) from error
    if bits is None:
        return origin
    quantization = msgspec.structs.replace(origin.quantization, bits=bits)
    return msgspec.structs.replace(origin, quantization=quantization)


def _restore_types(model: PeftModel, folder: Path) -> None:
    """Give every weight of the adapter the type it was saved in."""
    saved = _read(folder)
    for name, parameter in model.named_parameters():
        plain = name.replace(".modules_to_save.default.", ".").replace(".default.", ".")
        if plain in saved and (".lora_" in name or ".modules_to_save." in name):
            parameter.data = parameter.data.to(saved[plain].dtype)


def _read(folder: Path) -> dict[str, Tensor]:
    try:
        return dict(load_file(folder / WEIGHTS))
    except OSError as error:
        raise ModelError(
            f"There is no adapter in {folder}: {WEIGHTS} cannot be read.",
            "Train the stage it belongs to first.",
        ) from error
