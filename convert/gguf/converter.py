"""Drives llama.cpp's converter; runs in a process of its own, started by ``convert.gguf.to_gguf``.

    python -P -m convert.gguf.converter JOB.json     with llama.cpp and its gguf-py in PYTHONPATH

A refusal is written beside the job, for the caller to raise.
"""

import difflib
import importlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from convert.gguf.adapted import Adapted, Foreign
from convert.gguf.pre_tokenizers import Json
from runtime.errors import ModelError

REFUSED = 3
"""Exit code once the refusal is written."""
REFUSAL = "refusal.json"

_KINDS = {"f32": "ALL_F32", "f16": "MOSTLY_F16", "bf16": "MOSTLY_BF16"}


class Job(NamedTuple):
    """What to convert; paths are strings, since a job travels as JSON."""

    folder: str
    target: str
    kind: str
    name: str
    labels: list[str]
    head: str


def main(argv: list[str]) -> int:
    """Convert as the job file says; return the exit code."""
    path = Path(argv[0])
    try:
        convert(Job(**json.loads(path.read_bytes())))
    except ModelError as error:
        refusal = {"message": error.message, "remedy": error.remedy}
        path.with_name(REFUSAL).write_text(json.dumps(refusal), "utf-8")
        return REFUSED
    return 0


def convert(job: Job) -> None:
    """Write the GGUF file. Raises ``ModelError`` for what cannot be converted."""
    conversion: Foreign = importlib.import_module("conversion")
    gguf: Foreign = importlib.import_module("gguf")
    folder = Path(job.folder)
    parent = _model_class(conversion, conversion.ModelBase.load_hparams(folder, False))
    # A class of llama.cpp must name its architecture itself.
    own = {"model_arch": parent.model_arch, "parent": parent, "gguf": gguf}
    kind = type("Adapted", (Adapted, parent), own)
    file_type = gguf.LlamaFileType[_KINDS[job.kind]]
    model = kind(folder, file_type, Path(job.target), model_name=job.name)
    arrays = Path(job.head).glob("*.npy") if job.head else ()
    model.prepare({path.stem: np.load(path) for path in arrays}, job.labels)
    model.write()


def _model_class(conversion: Foreign, config: Json) -> Foreign:
    name = conversion.get_model_architecture(config, conversion.ModelType.TEXT)
    try:
        return conversion.get_model_class(name)
    except NotImplementedError as error:
        nearest = difflib.get_close_matches(name, conversion.TEXT_MODEL_MAP, 1, 0.0)[0]
        raise ModelError(
            f"llama.cpp's converter does not know the architecture {name!r}; the nearest that it "
            f"knows is {nearest!r}.",
            "Train on another base, or wait for a newer llama-cpp-python.",
        ) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
