"""LoRA adapters as GGUF files: loaded beside a model, put on and taken off while it runs.

    with Model(path) as model, LoraAdapter.open(model, adapter_path) as maths:
        context.use([(maths, 1.0)])

One base serves several subjects: an adapter of a few megabytes is switched in a moment, and its
head lies beside it in a side file (see ``side_head``).
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from llama_cpp import llama_cpp as llama

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge.engine import Model
from runtime.words import N_, _

REMEDY = N_("Convert the adapter again for this base: kindmark convert RUN --adapter-only")

Scaled = tuple["LoraAdapter", float]
"""An adapter and how much of it counts; 1.0 is as it was trained."""


class LoraAdapter(Closing):
    """The low-rank weights of one GGUF file, made to fit one loaded model.

    Close it before the model, and take it off every context first.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self.model = model
        self.path = path
        self.handle: Any = llama.llama_adapter_lora_init(model.handle, os.fsencode(path))
        if not self.handle:
            raise ModelError(
                _("The adapter {path} does not fit the model {model}.").format(
                    path=path, model=model.path
                ),
                _(REMEDY),
            )

    @classmethod
    def open(cls, model: Model, path: Path) -> Self:
        """Load an adapter for ``model``.

        Raises ``ModelError`` if the file is missing, damaged, no adapter or made for another base.
        """
        header = gguf_header.check(path, {model.architecture}, _(REMEDY))
        kind = header.metadata.get("general.type"), header.metadata.get("adapter.type")
        # llama.cpp ends the process if the number is of another kind.
        if kind != ("adapter", "lora") or not isinstance(
            header.metadata.get("adapter.lora.alpha"), float
        ):
            raise ModelError(_("{path} is no LoRA adapter.").format(path=path), _(REMEDY))
        return cls(model, path)

    def close(self) -> None:
        """Free the weights; a second call does nothing, nor one after the model was closed."""
        # A model frees its adapters with itself.
        if self.handle and self.model.handle:
            llama.llama_adapter_lora_free(self.handle)
        self.handle = None


def put_on(context: object, model: Model, adapters: Sequence[Scaled]) -> None:
    """Let a native context of ``model`` use just these adapters; none leaves the base alone.

    Raises ``ModelError`` as ``check`` does.
    """
    check(model, adapters)
    # llama.cpp compares addresses only and might take a new adapter at an old address for the old
    # one; so everything is taken off first.
    llama.llama_set_adapters_lora(context, None, 0, None)
    if adapters:
        count = len(adapters)
        handles = (llama.llama_adapter_lora_p_ctypes * count)(*(a.handle for a, _ in adapters))
        scales = (ctypes.c_float * count)(*(scale for _, scale in adapters))
        llama.llama_set_adapters_lora(context, handles, count, scales)


def check(model: Model, adapters: Sequence[Scaled]) -> None:
    """Raise ``ModelError`` if an adapter was closed or belongs to another model."""
    for adapter, _scale in adapters:
        if not adapter.handle:
            raise ModelError(
                _("The adapter {adapter} was closed.").format(adapter=adapter.path),
                _("Open it again."),
            )
        if adapter.model is not model:
            raise ModelError(
                _("The adapter {adapter} was opened for another model.").format(
                    adapter=adapter.path
                ),
                _(REMEDY),
            )
