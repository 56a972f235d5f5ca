"""llama.cpp itself: started once a process, a model loaded and freed.

    with Model(path) as model:
        model.vocab

Uses llama-cpp-python's low-level API: its high-level class hides what the judge needs.
"""

import ctypes
import functools
import os
import platform
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as llama

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge import logs
from runtime.words import _

REPACK = platform.machine().lower() not in {"x86_64", "amd64"}
"""Whether llama.cpp copies quantized weights into an order of its own as it loads them.

On x86 its kernels for K-quants as they lie in the file read 480 tokens in 7.3 s where those for the
copy take 10.7 (two cores, 1.5 B weights: ``python -m benchmarks.repacking MODEL``), and the copy
takes two thirds of the file's size in memory. Other processors have no such kernels."""


@functools.cache
def start() -> None:
    """Prepare llama.cpp for this process and silence it; the first call does the work."""
    logs.route()
    llama.llama_backend_init()


def build_info() -> str:
    """Return which CPU features this build of llama.cpp uses, as it names them itself."""
    start()
    return str(llama.llama_print_system_info().decode("utf-8", "replace").strip())


def default_threads() -> int:
    """Return how many threads to compute with: the CPUs this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


class Model(Closing):
    """The weights and the vocabulary of one GGUF file, memory-mapped.

    Raises ``ModelError`` if llama.cpp refuses the file; check it first with
    ``gguf_header.check``, since llama.cpp ends the process on some damaged files.
    """

    def __init__(self, path: Path, *, repack: bool = REPACK) -> None:
        start()
        self.path = path
        params = _model_params(repack)
        self.handle: Any = llama.llama_model_load_from_file(os.fsencode(path), params)
        if not self.handle:
            raise ModelError(
                _("llama.cpp cannot load {path}.").format(path=path),
                _("Build it again with: kindmark convert default --force"),
            )
        self.vocab = llama.llama_model_get_vocab(self.handle)

    @property
    def width(self) -> int:
        """Length of one hidden vector."""
        return int(llama.llama_model_n_embd(self.handle))

    @property
    def architecture(self) -> str:
        """The network's name in llama.cpp, such as "bert"."""
        return self.metadata("general.architecture")

    @property
    def vocabulary(self) -> int:
        """How many tokens the model knows."""
        return int(llama.llama_vocab_n_tokens(self.vocab))

    @property
    def positions(self) -> int:
        """Longest sequence the model knows positions for, in tokens."""
        return int(llama.llama_model_n_ctx_train(self.handle))

    @property
    def encodes(self) -> bool:
        """Whether it is an encoder: it reads a text as a whole and predicts no next token."""
        return self.metadata(f"{self.architecture}.attention.causal") == "false"

    def metadata(self, key: str) -> str:
        """Return one value of the file's header as text; a list or what is not there gives ""."""
        room = ctypes.create_string_buffer(256)
        found = llama.llama_model_meta_val_str(self.handle, key.encode(), room, len(room))
        if found >= len(room):
            room = ctypes.create_string_buffer(found + 1)
            llama.llama_model_meta_val_str(self.handle, key.encode(), room, len(room))
        return room.value.decode("utf-8", "replace")

    def close(self) -> None:
        """Free the weights; a second call does nothing."""
        if self.handle:
            llama.llama_model_free(self.handle)
            self.handle = None


def _model_params(repack: bool) -> llama.llama_model_params:
    params = llama.llama_model_default_params()
    params.n_gpu_layers = 0
    params.load_mode = llama.LLAMA_LOAD_MODE_MMAP
    params.use_extra_bufts = repack
    return params
