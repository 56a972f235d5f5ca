"""Tries a model file out in a process of its own, where it can do no harm but to itself.

    try_out(path)             raises ModelError if llama.cpp refuses it or dies of it

For files from elsewhere, once, when they are brought in: the header's check (``gguf_header``) keeps
out what is known to end llama.cpp; this finds the rest, such as a network whose parts do not fit.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.errors import KindmarkError, ModelError
from runtime.judge.batches import Batch, Piece
from runtime.judge.engine import Model
from runtime.judge.tokens import Ids
from runtime.words import N_, _

# Loading reads the file once: at 20 MB a second, as from a slow USB stick, and some more.
_SECONDS, _BYTES_A_SECOND = 120, 20_000_000
_POSITIONS = 64
_TEXT = "Kim: 3/4 + 1/8 = 7/8, è vero? 水 🙂 \\frac{1}{2}\n\t<end_of_turn>[SEP]".encode() + bytes(
    range(256)
)
_REFUSED = 3


def try_out(path: Path) -> None:
    """Load a model, read a text and compute with it, elsewhere. Raises ``ModelError``."""
    seconds = _SECONDS + path.stat().st_size / _BYTES_A_SECOND
    command = [sys.executable, "-P", "-m", "runtime.judge.trial", str(path)]
    # Else ggml would have a debugger look at a process that it ends.
    quiet = {**os.environ, "GGML_NO_BACKTRACE": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False, text=True, env=quiet
        )
    except subprocess.TimeoutExpired:
        raise ModelError(
            _("{path} keeps llama.cpp busy for ever.").format(path=path), _(_REMEDY)
        ) from None
    if done.returncode == _REFUSED:
        raise ModelError(done.stderr.strip().splitlines()[-1], _(_REMEDY))
    if done.returncode:
        raise ModelError(
            _("{path} ends llama.cpp (code {code}).").format(path=path, code=done.returncode),
            _(_REMEDY),
        )


_REMEDY = N_("Do not use this file; get it again, or another one, from where it is published.")


def run(path: Path) -> None:
    """Do in this process what may end it. Raises ``ModelError`` for a refusal."""
    with Model(path) as model:
        ids = _ids(model)
        params = llama.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = _POSITIONS
        params.n_threads = params.n_threads_batch = 1
        context = llama.llama_init_from_model(model.handle, params)
        if not context:
            raise ModelError(_("llama.cpp cannot prepare {path}.").format(path=path))
        kept = ids[: min(_POSITIONS, model.positions)]
        batch = Batch([Piece(0, kept, 0, len(kept))])
        step = llama.llama_encode if model.encodes else llama.llama_decode
        code = int(step(context, batch.native))
        llama.llama_free(context)
    if code:
        raise ModelError(
            _("llama.cpp cannot compute with {path} (code {code}).").format(path=path, code=code)
        )


def _ids(model: Model) -> Ids:
    """Read a text with every byte there is, with and without the marks at its ends."""
    found = np.zeros(4 * len(_TEXT), np.int32)
    room = found.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
    counts = [
        int(llama.llama_tokenize(model.vocab, _TEXT, len(_TEXT), room, len(found), *special))
        for special in ((True, True), (False, False))
    ]
    if counts[-1] <= 0:
        raise ModelError(_("llama.cpp cannot read a text with {path}.").format(path=model.path))
    return found[: counts[-1]]


if __name__ == "__main__":
    try:
        run(Path(sys.argv[1]))
    except KindmarkError as failure:
        print(failure.message, file=sys.stderr)
        sys.exit(_REFUSED)
    sys.stdout.flush()
    # Whatever else would happen as Python ends is not the file's doing.
    os._exit(0)
