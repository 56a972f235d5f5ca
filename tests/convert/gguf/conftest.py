"""llama.cpp's source, and tiny models of every architecture that are converted once a session."""

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from convert.gguf.llama_cpp_source import llama_cpp_source
from convert.gguf.to_gguf import Kind, to_gguf
from tests.convert.gguf.reading import quiet
from train.bases.tiny import write_tiny
from train.recipe import Architecture

DECODERS: tuple[Architecture, ...] = ("gemma3n", "gemma", "qwen2", "qwen3", "llama")
ALL: tuple[Architecture, ...] = (*DECODERS, "bert")

Tiny = Callable[[Architecture], Path]
Converted = Callable[[Architecture, Kind], Path]


@pytest.fixture(scope="session")
def llama_cpp() -> Path:
    """Return llama.cpp's source: out of the cache, or fetched once."""
    return llama_cpp_source(quiet)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Return a function that writes a random tiny model once and returns its folder."""

    @functools.cache
    def folder(architecture: Architecture) -> Path:
        path: Path = tmp_path_factory.mktemp("tiny") / architecture
        write_tiny(architecture, 1, path)
        return path

    return folder


@pytest.fixture(scope="session")
def converted(tiny: Tiny, llama_cpp: Path, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """Return a function that returns the GGUF file of a tiny model, made once.

    The first call starts all of them, two at a time: each is a process of its own.
    """
    files = tmp_path_factory.mktemp("gguf")
    pool = ThreadPoolExecutor(2)

    def convert(architecture: Architecture, kind: Kind) -> Path:
        path: Path = files / f"{architecture}-{kind}.gguf"
        to_gguf(tiny(architecture), path, kind, llama_cpp, say=quiet)
        return path

    @functools.cache
    def started() -> dict[tuple[Architecture, Kind], Future[Path]]:
        folders = [tiny(architecture) for architecture in ALL]
        assert len(folders) == len(ALL)
        kinds: tuple[Kind, ...] = ("f32", "f16")
        return {(a, kind): pool.submit(convert, a, kind) for kind in kinds for a in ALL}

    return lambda architecture, kind: started()[architecture, kind].result()
