"""What cannot be merged is named before anything is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from convert import disk
from convert.merge import floats, safetensors
from convert.merge.base_folder import INDEX, SINGLE, open_base, shards
from convert.merge.merging import merge_folder
from convert.merge.safetensors import Described
from runtime.errors import KindmarkError, ModelError
from tests.convert.merge.conftest import Make


class Work(NamedTuple):
    """Copies of a base in shards and an adapter, to be damaged."""

    base: Path
    adapter: Path
    target: Path

    def refused(self, match: str, kind: type[KindmarkError] = ModelError) -> None:
        with pytest.raises(kind, match=match) as caught:
            merge_folder(self.base, self.adapter, self.target, lambda _: None)
        assert caught.value.remedy
        assert sorted(p.name for p in self.target.parent.iterdir()) == ["adapter", "base"]


@pytest.fixture
def work(make: Make, tmp_path: Path) -> Work:
    base, adapter, _ = make("qwen2")
    shutil.copytree(base, tmp_path / "base")
    shutil.copytree(adapter, tmp_path / "adapter")
    return Work(tmp_path / "base", tmp_path / "adapter", tmp_path / "merged")


def shard(base: Path, tensor: str) -> Path:
    """Return the file that a tensor lies in."""
    return base / str(json.loads((base / INDEX).read_text())["weight_map"][tensor])


def change(path: Path, values: Callable[[str, np.ndarray], np.ndarray], kind: str = "F32") -> None:
    """Write a file anew with other values, in another type."""
    tensors = {name: values(name, np.array(t)) for name, t in safetensors.load(path).items()}
    described = [Described(name, kind, t.shape) for name, t in tensors.items()]
    safetensors.write(
        path.with_suffix(".new"),
        described,
        lambda one: [floats.narrow(tensors[one.name].astype("<f4"), kind)],
    )
    path.with_suffix(".new").replace(path)


class TestTheBase:
    @pytest.mark.parametrize("kind", ["llama", "qwen3"])
    def test_another_architecture_by_its_record(self, work: Work, kind: str) -> None:
        record = {"base": {"hub": "someone/something", "architecture": kind}}
        (work.adapter / "base.json").write_text(json.dumps(record))
        work.refused(f"trained on a {kind} base.*is qwen2")

    def test_another_architecture_by_its_names(self, work: Work, make: Make) -> None:
        shutil.rmtree(work.adapter)
        shutil.copytree(make("bert", "embed").adapter, work.adapter)
        (work.adapter / "tokenizer.json").unlink()
        work.refused(r"for another base: it changes 'encoder\.layer\.0")

    def test_another_shape(self, work: Work) -> None:
        def wider(name: str, tensor: np.ndarray) -> np.ndarray:
            if "layers.1.self_attn.q_proj.lora_A" not in name:
                return tensor
            return np.hstack([tensor, tensor])

        change(work.adapter / "adapter_model.safetensors", wider)
        work.refused(r"for another base: it changes 'model\.layers\.1\.self_attn\.q_proj\.weight'")

    def test_another_vocabulary(self, work: Work) -> None:
        path = work.base / "tokenizer.json"
        tokenizer = json.loads(path.read_text())
        vocabulary = tokenizer["model"]["vocab"]
        one, other = list(vocabulary)[100:102]
        vocabulary[one], vocabulary[other] = vocabulary[other], vocabulary[one]
        path.write_text(json.dumps(tokenizer))
        work.refused("numbers 2 tokens differently")

    def test_a_missing_shard(self, work: Work) -> None:
        lost = shard(work.base, "model.layers.1.mlp.up_proj.weight")
        lost.unlink()
        work.refused(f"lacks the shard {lost.name}")

    def test_a_shard_cut_short(self, work: Work) -> None:
        cut = shard(work.base, "model.layers.1.mlp.up_proj.weight")
        cut.write_bytes(cut.read_bytes()[:-2])
        work.refused(rf"{cut.name} is not a usable safetensors file: it is cut short")

    def test_a_shard_of_something_else(self, work: Work) -> None:
        name = "model.layers.1.mlp.up_proj.weight"
        path = shard(work.base, name)
        shutil.copy(next(p for p in work.base.glob("*.safetensors") if p != path), path)
        work.refused("lack 'model")

    def test_a_tensor_that_lies_in_two_shards(self, work: Work) -> None:
        path = shard(work.base, "model.norm.weight")
        tensors = safetensors.load(path)
        extra = {**tensors, "model.embed_tokens.weight": np.zeros((2, 2), np.float32)}
        described = [Described(name, "F32", t.shape) for name, t in extra.items()]
        safetensors.write(path.with_suffix(".new"), described, lambda one: [extra[one.name]])
        path.with_suffix(".new").replace(path)
        work.refused("hold a tensor twice")

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    @pytest.mark.parametrize("name", ["model.layers.1.mlp.up_proj.weight", "model.norm.weight"])
    def test_what_is_no_number(self, work: Work, name: str, value: float) -> None:
        def damaged(found: str, tensor: np.ndarray) -> np.ndarray:
            if found == name:
                tensor.flat[-1] = value
            return tensor

        change(shard(work.base, name), damaged)
        work.refused(f"{shard(work.base, name).name} is damaged: '{name}'")

    def test_no_weights(self, work: Work) -> None:
        for path in (*work.base.glob("*.safetensors"), work.base / INDEX):
            path.unlink()
        work.refused(f"neither {SINGLE} nor {INDEX}")

    def test_quantized_weights(self, work: Work) -> None:
        path = work.base / "config.json"
        config = json.loads(path.read_text()) | {"quantization_config": {"load_in_4bit": True}}
        path.write_text(json.dumps(config))
        work.refused("is quantized already")

    def test_weights_of_whole_numbers(self, work: Work) -> None:
        path = shard(work.base, "model.layers.1.mlp.up_proj.weight")
        raw = path.read_bytes()
        length = int.from_bytes(raw[:8], "little")
        header = raw[8 : 8 + length].replace(b'"BF16"', b'"I16" ')
        path.write_bytes(raw[:8] + header + raw[8 + length :])
        work.refused("stored as I16")

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"model_type": 3}', "[" * 100_000])
    def test_a_config_that_says_nothing(self, work: Work, content: str) -> None:
        (work.base / "config.json").write_text(content)
        work.refused(r"config\.json")

    @pytest.mark.parametrize("name", ["../adapter/adapter_model.safetensors", "/etc/passwd", "", 3])
    def test_an_index_that_points_elsewhere(self, work: Work, name: object) -> None:
        index = {"weight_map": {"model.norm.weight": name}}
        (work.base / INDEX).write_text(json.dumps(index))
        work.refused("does not say where the weights are")

    def test_no_folder(self, work: Work) -> None:
        with pytest.raises(ModelError, match="cannot be read"):
            merge_folder(work.base / "none", work.adapter, work.target, print)

    def test_a_tokenizer_that_is_none(self, work: Work) -> None:
        (work.base / "tokenizer.json").write_text('{"model": {}}')
        work.refused("does not describe a tokenizer")


class TestTheAdapter:
    def test_what_is_no_number(self, work: Work) -> None:
        def damaged(name: str, tensor: np.ndarray) -> np.ndarray:
            if "layers.1.mlp.up_proj.lora_B" in name:
                tensor[-1, 0] = np.nan
            return tensor

        change(work.adapter / "adapter_model.safetensors", damaged)
        work.refused(r"damaged: what it adds to 'model\.layers\.1\.mlp\.up_proj\.weight'")

    def test_a_weight_changed_under_two_names(self, work: Work) -> None:
        path = work.adapter / "adapter_model.safetensors"
        tensors = {name: np.array(tensor) for name, tensor in safetensors.load(path).items()}
        for name in [name for name in tensors if "layers.1.mlp.up_proj" in name]:
            tensors[name.replace("model.layers", "layers")] = tensors[name]
        described = [Described(name, "F32", t.shape) for name, t in tensors.items()]
        safetensors.write(path.with_suffix(".new"), described, lambda one: [tensors[one.name]])
        path.with_suffix(".new").replace(path)
        work.refused("for another base")

    def test_what_grows_too_large_for_half_precision(self, work: Work) -> None:
        for path in work.base.glob("*.safetensors"):
            change(path, lambda _name, tensor: tensor, "F16")
        change(
            work.adapter / "adapter_model.safetensors",
            lambda name, tensor: tensor * 1e6 if "layers.1.mlp.up_proj.lora_B" in name else tensor,
        )
        work.refused(r"'model\.layers\.1\.mlp\.up_proj\.weight' grows too large for F16")

    def test_dora(self, work: Work) -> None:
        path = work.adapter / "adapter_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"use_dora": True}))
        with pytest.raises(ModelError, match="a kind of adapter that Kindmark cannot merge"):
            merge_folder(work.base, work.adapter, work.target, print)


class TestTheDisk:
    def test_it_is_asked_first(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil.disk_usage(work.base)
        needed = sum(s.described.size for f in shards(open_base(work.base)).values() for s in f)
        tight = usage._replace(free=needed + disk.SPARE - 1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: tight)
        work.refused("1 MB are needed", disk.NoRoomError)
        roomy = usage._replace(free=needed + disk.SPARE)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: roomy)
        merge_folder(work.base, work.adapter, work.target, lambda _: None)

    def test_of_a_folder_still_to_be_made(self, tmp_path: Path) -> None:
        with pytest.raises(disk.NoRoomError) as caught:
            disk.check_room(tmp_path / "a" / "b", 2**60)
        assert "1,152,921,504,607 MB are needed" in caught.value.message
        assert caught.value.exit_code == ModelError.exit_code
