"""Turns a Hugging Face folder into a GGUF file with llama.cpp's own converter.

    to_gguf(folder, Path("essay-f16.gguf"), "f16", llama_cpp_source(print), say=print)

The converter runs in a process of its own, whose ``gguf`` is the one that came with it; ours stays
the installed one. Memory: one tensor at a time.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from convert.gguf.converter import REFUSAL, REFUSED, Job
from convert.merge.head import HeadWeights
from convert.say import Say
from runtime.errors import ModelError

Kind = Literal["f32", "f16", "bf16"]

# Of what the converter said before it failed; the reason stands last.
_LAST_LINES = 8


class GgufHead(NamedTuple):
    """A head that goes into the GGUF: BERT's with its pooler, Qwen3's without."""

    labels: tuple[str, ...]
    weights: HeadWeights


def to_gguf(  # noqa: PLR0913 - the last three are options
    folder: Path,
    target: Path,
    kind: Kind,
    source: Path,
    *,
    head: GgufHead | None = None,
    name: str = "",
    say: Say,
) -> None:
    """Write ``target`` from the config, weights and tokenizer in ``folder``.

    ``source`` is the folder of ``llama_cpp_source``; ``name`` is what the file says the model is
    called. Matrices become ``kind``; norms and biases stay f32. Raises ``ModelError`` naming what
    cannot be converted: architecture, tokenizer, head.
    """
    say(f"Converting {folder.name} to GGUF ({kind}) ...")
    with _working_folder(target) as working:
        job = Job(
            folder=str(folder.resolve()),
            target=str(working / target.name),
            kind=kind,
            name=name or target.stem,
            labels=list(head.labels) if head else [],
            head=_write_head(head, working) if head else "",
        )
        (working / "job.json").write_text(json.dumps(job._asdict()), "utf-8")
        _run("convert.gguf.converter", working / "job.json", source)
        (working / target.name).replace(target)


@contextmanager
def _working_folder(target: Path) -> Iterator[Path]:
    """Give a folder beside the target; one that a kill left behind is emptied first."""
    folder = target.with_name(f".{target.name}.part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_head(head: GgufHead, folder: Path) -> str:
    """Write each array of the head into a file of its own and return their folder."""
    arrays = {"weight": head.weights.weight}
    if head.weights.bias is not None:
        arrays["bias"] = head.weights.bias
    if head.weights.pooler is not None:
        arrays["pooler.weight"], arrays["pooler.bias"] = head.weights.pooler
    (folder / "head").mkdir()
    for name, array in arrays.items():
        np.save(folder / "head" / f"{name}.npy", array, allow_pickle=False)
    return str(folder / "head")


def _run(module: str, job: Path, source: Path) -> None:
    """Run a driver of ours on the given llama.cpp. Raises ``ModelError`` if it fails."""
    log = job.with_name("log.txt")
    with log.open("wb") as file:
        code = subprocess.run(
            [sys.executable, "-P", "-m", module, str(job)],
            env=environment(source),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            check=False,
        ).returncode
    if code == REFUSED:
        raise ModelError(**json.loads(job.with_name(REFUSAL).read_bytes()))
    if code:
        raise ModelError(failure(code, log.read_text("utf-8", "replace")))


def environment(source: Path) -> dict[str, str]:
    """Return the environment of a process that runs llama.cpp's own converter and ``gguf``."""
    ours = Path(__file__).resolve().parents[1]
    before = [str(source / "gguf-py"), str(source), str(ours)]
    after = [path for path in [os.environ.get("PYTHONPATH")] if path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(before + after),
        # Everything it needs lies in the folder; a name in a config must not be looked up.
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "PYTHONWARNINGS": "ignore",
    }


def failure(code: int, said: str) -> str:
    """Return the end of what a converter said before it failed, as one message."""
    lines = [line for line in said.splitlines() if line.strip()]
    tail = "".join(f"\n  | {line}" for line in lines[-_LAST_LINES:])
    return f"llama.cpp's converter failed (exit code {code}); the end of what it said:{tail}"
