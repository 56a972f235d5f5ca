"""Which model files ``kindmark bench`` measures.

chosen(["qwen2.5-1.5b", "other.gguf"])   # in this order
chosen([])                               # every network that is installed
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from runtime.errors import ModelError
from runtime.judge.shelf import Shelved, model_shelf

_KIND = re.compile(r"(?:^|[-._])(i?q\d\w*|bf16|f16|f32)$")


class ModelFile(NamedTuple):
    """A network's file: its name in the catalogue, or that of the file."""

    name: str
    path: Path
    quantization: str


def chosen(names: Sequence[str]) -> list[ModelFile]:
    """Return the files that are meant.

    Raises ``BadInputError`` for an unknown name, ``ModelError`` for one that is not there or is no
    network.
    """
    found = [one for name in names for one in _named(name)] if names else list(_installed())
    if not found:
        raise ModelError("No model is installed.", "Build the default: kindmark convert default")
    return found


def catalogue_files() -> Iterator[tuple[str, Path, bool]]:
    """Yield name, file and whether it is there, for each network of the catalogues."""
    for model in model_shelf().models:
        if model.entry.kind == "base":
            yield from ((model.entry.name, path, path.is_file()) for path in _paths(model))


def _named(name: str) -> list[ModelFile]:
    if name.endswith(".gguf") or Path(name).is_file():
        path = Path(name)
        return [ModelFile(path.stem, path, quantization(path))]
    model = model_shelf().named(name)
    if model.entry.kind != "base":
        raise ModelError(
            f"{name} is no network but a part of {model.entry.base}.",
            f"Measure that one: kindmark bench {model.entry.base}",
        )
    there = [_file(model, path) for path in _paths(model) if path.is_file()]
    if not there:
        build = "kindmark convert default" if model.entry.build else f"kindmark models pull {name}"
        raise ModelError(f"{name} is not installed.", f"Get it with: {build}")
    return there


def _installed() -> Iterator[ModelFile]:
    for model in model_shelf().models:
        if model.entry.kind == "base":
            yield from (_file(model, path) for path in _paths(model) if path.is_file())


def _file(model: Shelved, path: Path) -> ModelFile:
    return ModelFile(model.entry.name, path, quantization(path))


def _paths(model: Shelved) -> list[Path]:
    names = (file.name for file in model.entry.file)
    return [model.folder / name for name in names if name.endswith(".gguf")]


def quantization(path: Path) -> str:
    """Return what the name of a file ends with, such as "q8_0"; "" if that is no quantization."""
    found = _KIND.search(path.stem.lower())
    return found[1] if found else ""
