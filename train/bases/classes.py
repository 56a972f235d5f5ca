"""Which transformers class serves a base for a purpose, and which of its layers stay unquantized.

model_class("gemma3n", "classify").from_pretrained(folder, num_labels=2)
"""

from typing import Literal

from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    PreTrainedModel,
)
from transformers.modeling_layers import GenericForSequenceClassification
from transformers.models.gemma3n.configuration_gemma3n import Gemma3nTextConfig
from transformers.models.gemma3n.modeling_gemma3n import (
    Gemma3nForCausalLM,
    Gemma3nPreTrainedModel,
)

from runtime.errors import BadInputError
from train.recipe import Architecture

Purpose = Literal["causal", "classify", "prefer", "embed"]
"""What a base is loaded for: to write, to name a class, to score (one label), to embed."""


_AUTO = {
    "causal": AutoModelForCausalLM,
    "classify": AutoModelForSequenceClassification,
    "prefer": AutoModelForSequenceClassification,
    "embed": AutoModel,
}


class Gemma3nTextForSequenceClassification(
    GenericForSequenceClassification,  # type: ignore[misc]  # transformers ships no types
    Gemma3nPreTrainedModel,  # type: ignore[misc]
):
    """Gemma 3n with a linear head on the last token, as transformers has it for Gemma 3.

    transformers 5.23 has no such class for Gemma 3n; this is its own mixin on its own model.
    """

    config: Gemma3nTextConfig
    input_modalities = ("text",)


def model_class(architecture: Architecture, purpose: Purpose) -> type[PreTrainedModel]:
    """Return the class. Raises ``BadInputError`` if the architecture cannot do it."""
    if architecture == "bert" and purpose == "causal":
        raise BadInputError(
            "A bert base reads but cannot write, so it has no sft and no dpo stage.",
            "Use classify, prefer or embed, or another base.",
        )
    if architecture == "gemma3n" and purpose in {"classify", "prefer"}:
        kind: type[PreTrainedModel] = Gemma3nTextForSequenceClassification
    elif architecture == "gemma3n" and purpose == "causal":
        # The published checkpoint also sees and hears; only its text half is wanted.
        kind = Gemma3nForCausalLM
    else:
        kind = _AUTO[purpose]
    return kind


def renamed_weights(kind: type[PreTrainedModel]) -> dict[str, str] | None:
    """Return how names in the checkpoint become those of the class, where transformers cannot know.

    Gemma 3n's text half lies under ``model.language_model``; transformers finds it for classes of
    its own only, and would leave every weight of ours random with no more than a warning.
    """
    if kind is not Gemma3nTextForSequenceClassification:
        return None
    return {r"^model\.language_model\.": "model."}


def head_modules(architecture: Architecture, purpose: Purpose) -> list[str]:
    """Return the modules that are new and trained whole: the head, and what feeds it."""
    if purpose not in {"classify", "prefer"}:
        return []
    # The pooler of a sentence encoder was never trained on anything, so it goes with the head.
    return ["classifier", "pooler"] if architecture == "bert" else ["score"]


def skipped_modules(architecture: Architecture, purpose: Purpose) -> list[str]:
    """Return the layers that bitsandbytes must leave alone.

    A list of ours replaces its own, so ``lm_head`` is named again. A quantized head could not be
    trained: its first forward would end in an assertion on the shape of its weight. Gemma 3n's
    AltUp clamps its coefficients in place, which 4-bit storage cannot do. A pattern is a regex
    from the start of a layer's full name, or its very end: "altup" or "pooler" alone match nothing.
    """
    skipped = ["lm_head", *head_modules(architecture, purpose)]
    if architecture == "gemma3n":
        skipped += ["prediction_coefs", "correction_coefs", "modality_router"]
    if architecture == "bert":
        skipped.append(".*pooler")
    return skipped
