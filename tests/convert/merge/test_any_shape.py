"""Merges of any shape, rank and type against the formula, and names in any wrapping."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convert.merge import floats, safetensors
from convert.merge.base_folder import SINGLE
from convert.merge.merging import merge_folder
from convert.merge.safetensors import Described
from convert.merge.weight_names import find_weights

NAME = "model.layers.0.mlp.up_proj.weight"
OTHER = "model.norm.weight"


def write(path: Path, kind: str, tensors: dict[str, np.ndarray]) -> None:
    described = [Described(name, kind, tensor.shape) for name, tensor in tensors.items()]
    safetensors.write(path, described, lambda one: [floats.narrow(tensors[one.name], kind)])


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    rank=st.integers(1, 4),
    alpha=st.integers(1, 32),
    kinds=st.tuples(*[st.sampled_from(["BF16", "F16", "F32"])] * 2),
    piece=st.sampled_from([1, 7, 1000]),
    seed=st.integers(0, 2**32 - 1),
)
def test_it_is_the_formula(  # noqa: PLR0917 - what hypothesis varies
    tmp_path_factory: pytest.TempPathFactory,
    rows: int,
    columns: int,
    rank: int,
    alpha: int,
    kinds: tuple[str, str],
    piece: int,
    seed: int,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    random = np.random.default_rng(seed)
    weight, down, up = (
        random.normal(size=shape).astype(np.float32)
        for shape in ((rows, columns), (rank, columns), (rows, rank))
    )
    kept = np.arange(columns, dtype=np.float32)
    for name in ("base", "adapter"):
        (folder / name).mkdir()
    write(folder / "base" / SINGLE, kinds[0], {NAME: weight, OTHER: kept})
    (folder / "base" / "config.json").write_text('{"model_type": "qwen2"}')
    stem = "base_model.model." + NAME.removesuffix(".weight")
    pair = {f"{stem}.lora_A.weight": down, f"{stem}.lora_B.weight": up}
    write(folder / "adapter" / "adapter_model.safetensors", kinds[1], pair)
    told = {"r": rank, "lora_alpha": alpha}
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps(told))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(safetensors, "PIECE", piece)
        merge_folder(folder / "base", folder / "adapter", folder / "merged", lambda _: None)
    found = safetensors.load(folder / "merged" / SINGLE)
    exact = [floats.widen(floats.narrow(w, k), k).astype(float) for w, k in (
        (weight, kinds[0]), (up, kinds[1]), (down, kinds[1]))]  # fmt: skip
    expected = exact[0] + alpha / rank * exact[1] @ exact[2]
    half_a_step = {"BF16": 2**-8, "F16": 2**-11, "F32": 2**-24}[kinds[0]]
    # What is added up cancels out at times, so float32 is exact to its largest part only.
    largest = np.abs(exact[0]).max() + alpha / rank * (np.abs(exact[1]) @ np.abs(exact[2])).max()
    np.testing.assert_allclose(
        found[NAME].astype(float), expected, rtol=1.01 * half_a_step, atol=1e-6 * largest
    )
    np.testing.assert_array_equal(found[OTHER], kept)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        ("model.layers.0.q", ["model.layers.0.q"], "model.layers.0.q"),
        (
            "model.layers.0.q",
            ["model.language_model.layers.0.q"],
            "model.language_model.layers.0.q",
        ),
        (
            "model.layers.0.q",
            ["language_model.model.layers.0.q"],
            "language_model.model.layers.0.q",
        ),
        ("model.layers.0.q", ["layers.0.q"], "layers.0.q"),
        ("layers.0.q", ["model.layers.0.q"], "model.layers.0.q"),
        ("bert.encoder.q", ["encoder.q"], "encoder.q"),
        ("encoder.q", ["bert.encoder.q", "vision.encoder.q"], "bert.encoder.q"),
        ("model.layers.0.q", ["model.vision_tower.layers.0.q"], None),
        ("model.layers.0.q", ["layers.0.q", "bert.layers.0.q"], None),
        ("model.layers.0.q", ["layers.0.q", "model.layers.0.q"], "model.layers.0.q"),
        ("model.layers.0.q", ["model.layers.0.qq", "model.layers.00.q"], None),
    ],
)
def test_names_are_found_in_any_wrapping(wanted: str, names: list[str], found: str | None) -> None:
    assert find_weights([wanted], names) == {wanted: found}
