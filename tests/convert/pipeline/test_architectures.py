"""A run becomes models that a machine can mark with: every architecture and kind of stage."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from runtime.errors import ExitCode
from runtime.judge.catalogue import State
from runtime.judge.causal import CausalLimits
from runtime.judge.classes import ClassContext
from runtime.judge.engine import Model
from runtime.judge.prompt import contract_digest
from runtime.judge.removing import state_of
from runtime.judge.shelf import model_shelf, own_entries
from runtime.judge.side_head import load_side_head
from tests.convert.pipeline.conftest import Convert, Runs
from tests.convert.pipeline.runs import LABELS
from train.recipe import Architecture

CASES: list[tuple[Architecture, str, Sequence[str], dict[str, str]]] = [
    ("qwen2", "write", [], {"qwen2-write": "base"}),
    ("qwen3", "mark", ["--head", "inside"], {"qwen3-mark": "base"}),
    ("llama", "prefer", [], {"llama-prefer": "base", "llama-prefer-head": "head"}),
    (
        *("gemma", "mark", ["--adapter-only"]),
        {
            "tiny-gemma-3": "base",
            "gemma-mark-adapter": "adapter",
            "gemma-mark-adapter-head": "head",
        },
    ),
    ("bert", "mark", [], {"bert-mark": "base"}),
    ("bert", "embed", [], {"bert-embed": "base", "bert-embed-head": "head"}),
    ("gemma3n", "mark", [], {"gemma3n-mark": "base", "gemma3n-mark-head": "head"}),
]


@pytest.mark.parametrize(("architecture", "stage", "options", "entries"), CASES)
def test_every_architecture_and_kind_of_stage(
    *,
    runs: Runs,
    store: Path,
    convert: Convert,
    architecture: Architecture,
    stage: str,
    options: Sequence[str],
    entries: dict[str, str],
) -> None:
    run = runs(architecture)
    argv = (run, "--stage", stage, "--quant", "Q8_0", *options)
    assert convert(*argv) == ExitCode.DONE
    found = {entry.name: entry for entry in own_entries(store)}
    assert {name: entry.kind for name, entry in found.items()} == entries
    for one in model_shelf(store).models:
        if one.own:
            assert set(state_of(one, hashes=True).values()) == {State.OK}
            assert one.entry.licence == "Apache-2.0"
    # Nothing half-written is left, in the store or beside the run.
    assert not [path for path in (*store.iterdir(), *run.rglob("convert/**/*.part*"))
                if ".part" in path.name]  # fmt: skip
    trained = [entry.trained for entry in found.values() if entry.trained]
    assert {one.contract for one in trained} == {contract_digest()}
    if stage == "mark":
        assert {one.labels for one in trained} == {LABELS}
        assert _read_labels(store, list(entries)) == LABELS


def _read_labels(store: Path, names: list[str]) -> tuple[str, ...]:
    """Return the labels as marking reads them: beside the model, else inside."""
    heads = list(store.glob("*.head.json"))
    if heads:
        return load_side_head(heads[0]).labels
    path = store / f"{names[0]}-q8_0.gguf"
    with Model(path) as model, ClassContext(model, CausalLimits(64)) as context:
        return context.labels
