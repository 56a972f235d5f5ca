"""What ``kindmark convert RUN`` is asked for, read and checked before anything is made.

Wishes(store, quants=read_quants("Q4_K_M,Q8_0"), keep=read_keep("output=Q8_0"))
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from convert.gguf.to_gguf import Kind
from convert.pipeline.run_stage import slug
from convert.quantize.quant_types import QUANTS, TENSOR_TYPES
from runtime.errors import BadInputError

STEPS = ("merge", "adapter", "gguf", "importance", "quantize", "verify", "publish")
"""What ``--step`` can name, in order."""
KINDS: Mapping[str, Kind] = {"F32": "f32", "F16": "f16", "BF16": "bf16"}
"""Types that are written by the converter, not the quantizer."""


class Wishes(NamedTuple):
    """What the command line asks for.

    ``keep`` maps a tensor ("output", "token_embd") to the type it keeps; ``importance`` and
    ``items`` are class sets, the second with labels; ``inside`` puts the head into the GGUF.
    """

    store: Path
    name: str = ""
    quants: tuple[str, ...] = ("Q4_K_M", "Q8_0")
    keep: Mapping[str, str] = {}
    importance: Path | None = None
    items: Path | None = None
    adapter_only: bool = False
    inside: bool = False
    sdist: Path | None = None
    steps: tuple[str, ...] = ()
    force: bool = False


def check_wishes(wishes: Wishes) -> None:
    """Raise ``BadInputError`` for a name that is none or a file that is not there."""
    if not wishes.quants:
        raise BadInputError("No quantization is named.", "Say --quant Q8_0.")
    if wishes.name and wishes.name != slug(wishes.name):
        raise BadInputError(
            f"{wishes.name!r} is no name for a model.", f"Say --name {slug(wishes.name)}."
        )
    for path in (wishes.importance, wishes.items, wishes.sdist):
        if path and not path.is_file():
            raise BadInputError(f"There is no file {path}.", "Correct its name.")


def read_quants(text: str) -> tuple[str, ...]:
    """Read "Q4_K_M,Q8_0". Raises ``BadInputError`` naming the nearest known type."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return tuple(dict.fromkeys(_known(name, (*QUANTS, *KINDS), "quantization") for name in names))


def read_keep(text: str) -> dict[str, str]:
    """Read "output=Q8_0,token_embd=F16": the tensors that keep more bits than the others."""
    found = {}
    for pair in (part.strip() for part in text.split(",") if part.strip()):
        tensor, equals, kind = pair.partition("=")
        if not equals or not tensor:
            raise BadInputError(f"{pair!r} is not of the form TENSOR=TYPE.", "Say output=Q8_0.")
        found[tensor] = _known(kind, TENSOR_TYPES, "type of tensor")
    return found


def _known(name: str, names: tuple[str, ...], what: str) -> str:
    if name.upper() in names:
        return name.upper()
    near = difflib.get_close_matches(name.upper(), names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(names)}."
    raise BadInputError(f"There is no {what} {name!r}.", hint)
