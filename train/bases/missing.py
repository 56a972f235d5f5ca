"""Says why a base cannot be loaded and what to do: no network, no licence accepted, not a model."""

import re
from collections.abc import Iterable
from pathlib import Path

from huggingface_hub.errors import GatedRepoError

from runtime.errors import ModelError
from train.recipe import Base

_HEAD = re.compile(r"^(score|classifier)\.|(^|\.)pooler\.")


def unloadable(base: Base, error: Exception) -> ModelError:
    """Return the error a user meets for what transformers raised."""
    if _caused_by(error, GatedRepoError):
        return ModelError(
            f"The hub keeps {base.hub} behind its licence ({base.licence}).",
            f"Accept it at https://huggingface.co/{base.hub} and log in with: hf auth login",
        )
    folder = base.folder or base.hub
    if Path(folder).is_dir():
        return ModelError(
            f"The folder {folder} holds no {base.architecture} model that can be loaded "
            f"({_first_line(error)}).",
            "It needs config.json, the weights as safetensors and tokenizer.json.",
        )
    return ModelError(
        f"The base {base.hub} is not on this disk and cannot be fetched.",
        f"With a network, run: hf download {base.hub}. Without one, copy the folder from another "
        'machine and write its path as hub = "..." in a copy of the recipe. '
        "--tiny tries the recipe without any base.",
    )


def check_complete(base: Base, missing: Iterable[str]) -> None:
    """Raise ``ModelError`` if weights other than those of a new head were not found."""
    lost = sorted(name for name in missing if not _HEAD.search(name))
    if lost:
        raise ModelError(
            f"The base {base.hub} lacks {len(lost)} weights of a {base.architecture} model, "
            f"{lost[0]} first.",
            "Check the architecture in the recipe, or fetch the base again.",
        )


def _caused_by(error: BaseException | None, kind: type[Exception]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
