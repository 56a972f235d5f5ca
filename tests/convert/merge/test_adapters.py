"""Adapters merged into a base: what is added, and what is refused."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from convert.embedded import build as building
from convert.embedded import fetch
from convert.merge import adapters, safetensors
from runtime.errors import ModelError
from runtime.judge.catalogue import Entry, sha256
from runtime.judge.encoder import Encoder
from tests import tiny_models

Tensors = dict[str, NDArray[np.float32]]

RANK, ALPHA = 2, 6
LAYER = "encoder.layer.0.attention.self.query"
WEIGHT = f"{LAYER}.weight"
DOWN, UP = (f"base_model.model.{LAYER}.lora_{side}.weight" for side in "AB")
SETTINGS: dict[str, object] = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA}


def factors(rows: int = 5, columns: int = 3, rank: int = RANK) -> Tensors:
    random = np.random.default_rng(1)
    return {
        DOWN: random.normal(size=(rank, columns)).astype(np.float32),
        UP: random.normal(size=(rows, rank)).astype(np.float32),
    }


def base() -> Tensors:
    random = np.random.default_rng(2)
    return {
        WEIGHT: random.normal(size=(5, 3)).astype(np.float32),
        "embeddings.word_embeddings.weight": np.ones((4, 3), np.float32),
    }


def write(folder: Path, tensors: Tensors, settings: object = SETTINGS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tiny_models.write_safetensors(folder / adapters.WEIGHTS, tensors)
    (folder / adapters.SETTINGS).write_text(json.dumps(settings), "utf-8")
    return folder


class TestMerge:
    def test_it_adds_the_scaled_product(self, tmp_path: Path) -> None:
        found = adapters.merge(base(), write(tmp_path, factors()))
        expected = base()[WEIGHT] + ALPHA / RANK * factors()[UP] @ factors()[DOWN]
        np.testing.assert_allclose(found[WEIGHT], expected, atol=1e-6)
        assert found[WEIGHT].dtype == np.float32

    def test_rank_stabilized_adapters_are_scaled_by_the_root(self, tmp_path: Path) -> None:
        folder = write(tmp_path, factors(), SETTINGS | {"use_rslora": True})
        expected = base()[WEIGHT] + ALPHA / RANK**0.5 * factors()[UP] @ factors()[DOWN]
        found = adapters.merge(base(), folder)[WEIGHT]
        np.testing.assert_allclose(found, expected, atol=1e-6)

    def test_all_else_stays_and_the_base_too(self, tmp_path: Path) -> None:
        before = base()
        found = adapters.merge(before, write(tmp_path, factors()))
        assert found.keys() == before.keys()
        np.testing.assert_array_equal(before[WEIGHT], base()[WEIGHT])
        for name in before.keys() - {WEIGHT}:
            assert found[name] is before[name]

    def test_every_pair_is_merged(self, tmp_path: Path) -> None:
        one, other = base(), base()
        both = {**one, WEIGHT.replace("0", "1"): other[WEIGHT]}
        pairs = factors() | {name.replace("0", "1"): 2 * w for name, w in factors().items()}
        found = adapters.merge(both, write(tmp_path, pairs))
        changes = [found[name] - both[name] for name in (WEIGHT, WEIGHT.replace("0", "1"))]
        np.testing.assert_allclose(changes[1], 4 * changes[0], atol=1e-5)

    def test_a_half_precision_base_is_merged_in_float32(self, tmp_path: Path) -> None:
        half = {WEIGHT: base()[WEIGHT].astype(np.float16)}
        found = adapters.merge(half, write(tmp_path, factors()))[WEIGHT]
        expected = half[WEIGHT].astype(np.float32) + ALPHA / RANK * factors()[UP] @ factors()[DOWN]
        np.testing.assert_allclose(found, expected, atol=1e-6)


class TestRefused:
    @pytest.mark.parametrize("left", [UP, DOWN])
    def test_half_a_pair(self, tmp_path: Path, left: str) -> None:
        pair = factors()
        del pair[left]
        with pytest.raises(ModelError, match="no LoRA weight with its pair"):
            adapters.merge(base(), write(tmp_path, pair))

    @pytest.mark.parametrize(
        "name",
        [
            "base_model.model.classifier.weight",
            f"base_model.model.{LAYER}.lora_magnitude_vector",
            f"base_model.model.{LAYER}.lora_B.bias",
        ],
    )
    def test_what_cannot_be_merged(self, tmp_path: Path, name: str) -> None:
        more = factors() | {name: np.ones(3, np.float32)}
        with pytest.raises(ModelError, match="no LoRA weight with its pair"):
            adapters.merge(base(), write(tmp_path, more))

    def test_another_base_by_name(self, tmp_path: Path) -> None:
        other = {WEIGHT.replace("query", "q_proj"): base()[WEIGHT]}
        with pytest.raises(ModelError, match=r"for another base.*query\.weight"):
            adapters.merge(other, write(tmp_path, factors()))

    @pytest.mark.parametrize("shape", [(5, 4), (4, 3), (3, 5), (15,)])
    def test_another_base_by_shape(self, tmp_path: Path, shape: tuple[int, ...]) -> None:
        other = {WEIGHT: np.zeros(shape, np.float32)}
        with pytest.raises(ModelError, match=r"for another base.*query\.weight"):
            adapters.merge(other, write(tmp_path, factors()))

    @pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (3, 3)])
    def test_another_rank_than_the_settings_say(self, tmp_path: Path, up: int, down: int) -> None:
        pair = {UP: factors(rank=up)[UP], DOWN: factors(rank=down)[DOWN]}
        with pytest.raises(ModelError, match="not of rank 2"):
            adapters.merge(base(), write(tmp_path, pair))

    def test_a_factor_that_is_no_matrix(self, tmp_path: Path) -> None:
        flat = factors() | {UP: np.ones(10, np.float32)}
        with pytest.raises(ModelError, match="not of rank 2"):
            adapters.merge(base(), write(tmp_path, flat))

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_what_is_no_number(self, tmp_path: Path, value: float) -> None:
        pair = factors()
        pair[UP][0, 0] = value
        with pytest.raises(ModelError, match=r"damaged.*query\.weight.* is no number"):
            adapters.merge(base(), write(tmp_path, pair))

    def test_an_adapter_of_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="holds no tensor"):
            adapters.merge(base(), write(tmp_path, {}))

    @pytest.mark.parametrize(
        "change",
        [
            {"use_dora": True},
            {"peft_type": "LOHA"},
            {"fan_in_fan_out": True},
            {"rank_pattern": {"query": 4}},
            {"alpha_pattern": {"query": 4}},
            {"r": 0},
            {"r": -2},
        ],
    )
    def test_a_kind_that_is_merged_differently(
        self, tmp_path: Path, change: dict[str, object]
    ) -> None:
        with pytest.raises(ModelError, match="a kind of adapter that Kindmark cannot merge"):
            adapters.merge(base(), write(tmp_path, factors(), SETTINGS | change))

    @pytest.mark.parametrize(
        "settings",
        [[], "text", {}, {"r": 2}, SETTINGS | {"r": "2"}, SETTINGS | {"lora_alpha": None}],
    )
    def test_settings_that_say_too_little(self, tmp_path: Path, settings: object) -> None:
        with pytest.raises(ModelError, match=r"adapter_config\.json does not describe a LoRA"):
            adapters.merge(base(), write(tmp_path, factors(), settings))

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
    def test_settings_that_are_no_json(self, tmp_path: Path, content: bytes) -> None:
        write(tmp_path, factors())
        (tmp_path / adapters.SETTINGS).write_bytes(content)
        with pytest.raises(ModelError, match=r"adapter_config\.json does not describe a LoRA"):
            adapters.merge(base(), tmp_path)

    @pytest.mark.parametrize("name", adapters.FILES)
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        (write(tmp_path, factors()) / name).unlink()
        with pytest.raises(ModelError, match=f"{name} cannot be read"):
            adapters.merge(base(), tmp_path)

    def test_weights_cut_short(self, tmp_path: Path) -> None:
        path = write(tmp_path, factors()) / adapters.WEIGHTS
        path.write_bytes(path.read_bytes()[:-4])
        with pytest.raises(ModelError, match="is not a usable safetensors file"):
            adapters.merge(base(), tmp_path)


class TestBuild:
    """A base of the catalogue with an adapter beside the catalogue."""

    @pytest.fixture
    def adapter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(building, "shipped_models", lambda: tmp_path / "models")
        return write(tmp_path / "models" / "tiny-adapter", factors(rows=64, columns=64))

    @pytest.fixture
    def adapted(self, entry: Entry) -> Entry:
        assert entry.build
        changed = msgspec.structs.replace(entry.build, adapter="tiny-adapter")
        return msgspec.structs.replace(entry, build=changed)

    @pytest.fixture
    def build(self, adapted: Entry, tiny_sources: Path, tmp_path: Path) -> Callable[[], Path]:
        """Build the entry unless it is built; return the first file."""
        assert adapted.build
        supply = functools.partial(fetch.from_path, tiny_sources, adapted.build)
        return lambda: building.build(adapted, tmp_path / "store", supply, print)[0]

    def test_it_reads_like_the_merged_network(
        self, adapter: Path, build: Callable[[], Path], tiny_sources: Path
    ) -> None:
        weights = safetensors.load(tiny_sources / "model.safetensors")
        with Encoder.open(build()) as encoder:
            [found] = encoder.encode(["plants need light to grow"])
        merged = tiny_models.forward(adapters.merge(weights, adapter), found.tokens)
        np.testing.assert_allclose(found.vectors, merged, atol=0.05)
        assert np.abs(found.vectors - tiny_models.forward(weights, found.tokens)).max() > 0.2

    def test_the_record_names_the_adapter(
        self, adapter: Path, adapted: Entry, build: Callable[[], Path]
    ) -> None:
        record = json.loads((build().parent / "tiny.build.json").read_text())
        assert adapted.build
        own = {name: sha256(adapter / name) for name in adapters.FILES}
        assert record["inputs"] == adapted.build.sha256 | own

    @pytest.mark.parametrize("scale", [2, 8])
    def test_another_adapter_is_built_again(
        self, adapter: Path, adapted: Entry, build: Callable[[], Path], scale: int
    ) -> None:
        before = build().read_bytes()
        assert building.is_built(adapted, adapter.parents[1] / "store")
        (adapter / adapters.SETTINGS).write_text(json.dumps(SETTINGS | {"lora_alpha": scale}))
        assert not building.is_built(adapted, adapter.parents[1] / "store")
        assert build().read_bytes() != before

    def test_a_build_without_it_is_another(
        self, adapter: Path, entry: Entry, build: Callable[[], Path]
    ) -> None:
        assert not building.is_built(entry, build().parent)

    def test_a_missing_adapter_is_named_and_leaves_nothing(
        self, adapter: Path, build: Callable[[], Path]
    ) -> None:
        (adapter / adapters.WEIGHTS).unlink()
        with pytest.raises(ModelError, match="tiny-adapter"):
            build()
        assert not list((adapter.parents[1] / "store").iterdir())
