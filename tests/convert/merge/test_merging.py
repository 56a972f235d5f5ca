"""Merged folders against peft's own merge, for every architecture."""

import json
import shutil
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import torch

from convert.merge import floats, safetensors
from convert.merge.adapters import change_shape, read_adapter
from convert.merge.base_folder import INDEX, SINGLE, open_base, shards
from convert.merge.merging import merge_folder
from runtime.errors import BadInputError
from tests.convert.merge.conftest import ALL, LABELS, Make, load
from train.bases.classes import Purpose
from train.recipe import Architecture


def silent(_line: str) -> None:
    pass


def tensors(folder: Path) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name in shards(open_base(folder)):
        found |= safetensors.load(folder / name)
    return found


@pytest.mark.parametrize("architecture", ALL)
def test_it_is_what_peft_merges_in_float32_rounded_once(
    make: Make, architecture: Architecture, tmp_path: Path
) -> None:
    purpose: Purpose = "embed" if architecture == "bert" else "causal"
    base, adapter, model = make(architecture, purpose)
    merge_folder(base, adapter, tmp_path / "merged", silent)
    before, merged = tensors(base), tensors(tmp_path / "merged")
    expected = peft_merged(model)
    assert merged.keys() == before.keys()
    changed = 0
    for name, found in merged.items():
        wanted = expected[name]
        assert found.shape == wanted.shape
        # Half a step of bfloat16: the nearest number to the exact sum.
        np.testing.assert_allclose(found, wanted, rtol=2**-8, atol=1e-6)
        np.testing.assert_array_equal(found, floats.widen(floats.narrow(found, "BF16"), "BF16"))
        changed += not np.array_equal(found, before[name])
    assert changed == len(safetensors.load(adapter / "adapter_model.safetensors")) // 2


def peft_merged(model: torch.nn.Module) -> dict[str, np.ndarray]:
    """Return the float32 weights with the adapter in them; the model is left as it was."""
    model.merge_adapter()  # type: ignore[operator]
    state = {
        name.removeprefix("base_model.model.").replace(".base_layer.", "."): value.numpy().copy()
        for name, value in model.state_dict().items()
        if "lora_" not in name
    }
    model.unmerge_adapter()  # type: ignore[operator]
    return state


@pytest.mark.parametrize("architecture", ALL)
def test_transformers_reads_it_and_computes_what_the_adapted_base_does(
    make: Make, architecture: Architecture, tmp_path: Path
) -> None:
    purpose: Purpose = "classify"
    base, adapter, model = make(architecture, purpose)
    # From a float32 base, so that nothing is rounded and what differs would be a fault.
    exact = tmp_path / "exact"
    load(base, architecture, "embed" if architecture == "bert" else "causal").save_pretrained(exact)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(base / name, exact)
    merge_folder(exact, adapter, tmp_path / "merged", silent, keep_head=("no", "half", "yes"))
    merged = load(tmp_path / "merged", architecture, purpose)
    ids = torch.tensor([[5, 17, 300, 42, 7, 9, 1000, 8]])
    with torch.no_grad():
        found, wanted = merged(ids).logits, model(ids).logits
    assert found.shape == (1, LABELS)
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)
    assert merged.config.id2label == {0: "no", 1: "half", 2: "yes"}


def test_rank_stabilized_adapters_are_scaled_by_the_root(make: Make, tmp_path: Path) -> None:
    base, adapter, model = make("qwen2", rslora=True)
    merge_folder(base, adapter, tmp_path / "merged", silent)
    expected = peft_merged(model)
    for name, found in tensors(tmp_path / "merged").items():
        np.testing.assert_allclose(found, expected[name], rtol=2**-8, atol=1e-6)


class TestWithoutTheHead:
    def test_it_is_the_plain_model(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2", "classify")
        merge_folder(base, adapter, tmp_path / "merged", silent)
        assert tensors(tmp_path / "merged").keys() == tensors(base).keys()
        config = json.loads((tmp_path / "merged" / "config.json").read_text())
        assert config["architectures"] == ["Qwen2ForCausalLM"]

    def test_a_head_of_the_base_goes_too(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2", "classify")
        merge_folder(base, adapter, tmp_path / "classifier", silent, keep_head=True)
        plain = make("qwen2").adapter
        merge_folder(tmp_path / "classifier", plain, tmp_path / "merged", silent)
        assert "score.weight" in tensors(tmp_path / "classifier")
        assert tensors(tmp_path / "merged").keys() == tensors(base).keys()
        config = json.loads((tmp_path / "merged" / "config.json").read_text())
        assert config["architectures"] == ["Qwen2ForCausalLM"]

    def test_names_for_other_than_its_outputs_are_refused(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2", "classify")
        with pytest.raises(BadInputError, match="3 outputs, and 2 names"):
            merge_folder(base, adapter, tmp_path / "m", silent, keep_head=("no", "yes"))
        assert not list(tmp_path.iterdir())


class TestFiles:
    def test_shards_stay_shards_with_an_index(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2")
        said: list[str] = []
        merge_folder(base, adapter, tmp_path / "merged", said.append)
        index = json.loads((tmp_path / "merged" / INDEX).read_text())
        assert index == json.loads((base / INDEX).read_text()) | {"metadata": index["metadata"]}
        sizes = [sum(s.described.size for s in f) for f in shards(open_base(base)).values()]
        assert index["metadata"] == {"total_size": sum(sizes)}
        assert len(said) == len(sizes) > 1
        for name in set(index["weight_map"].values()):
            assert (tmp_path / "merged" / name).stat().st_mode & 0o777 == 0o644

    def test_one_file_stays_one(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2")
        merge_folder(base.parent / "whole", adapter, tmp_path / "merged", silent)
        assert (tmp_path / "merged" / SINGLE).is_file()
        assert not (tmp_path / "merged" / INDEX).exists()

    def test_tokenizer_and_template_are_the_adapters(self, make: Make, tmp_path: Path) -> None:
        base, adapter, _ = make("qwen2")
        adapter = Path(shutil.copytree(adapter, tmp_path / "adapter"))
        (adapter / "chat_template.jinja").write_text("{{ messages[0].content }}")
        base = Path(shutil.copytree(base, tmp_path / "base"))
        (base / "merges.txt").write_text("of the base alone")
        merge_folder(base, adapter, tmp_path / "merged", silent)
        for name in ("chat_template.jinja", "tokenizer.json", "tokenizer_config.json"):
            assert (tmp_path / "merged" / name).read_bytes() == (adapter / name).read_bytes()
        assert (tmp_path / "merged" / "merges.txt").read_text() == "of the base alone"

    def test_a_tokenizer_without_template_does_not_get_the_bases(
        self, make: Make, tmp_path: Path
    ) -> None:
        base, adapter, _ = make("qwen2")
        adapter = Path(shutil.copytree(adapter, tmp_path / "adapter"))
        (adapter / "chat_template.jinja").unlink()
        merge_folder(base, adapter, tmp_path / "merged", silent)
        assert not (tmp_path / "merged" / "chat_template.jinja").exists()

    def test_an_adapter_of_two_files_takes_all_from_the_base(
        self, make: Make, tmp_path: Path
    ) -> None:
        base, adapter, _ = make("qwen2")
        bare = tmp_path / "adapter"
        bare.mkdir()
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copy(adapter / name, bare)
        merge_folder(base, bare, tmp_path / "merged", silent)
        for name in ("chat_template.jinja", "tokenizer.json"):
            assert (tmp_path / "merged" / name).read_bytes() == (base / name).read_bytes()

    def test_an_earlier_merge_is_replaced_and_other_folders_are_not(
        self, make: Make, tmp_path: Path
    ) -> None:
        base, adapter, _ = make("qwen2")
        target = tmp_path / "merged"
        merge_folder(base, adapter, target, silent)
        (target / "left over").touch()
        merge_folder(base, adapter, target, silent)
        assert not (target / "left over").exists()
        (tmp_path / "letters").mkdir()
        (tmp_path / "letters" / "to grandmother").touch()
        for wrong in (tmp_path / "letters", tmp_path / "letters" / "to grandmother"):
            with pytest.raises(BadInputError, match="something else"):
                merge_folder(base, adapter, wrong, silent)
        with pytest.raises(BadInputError, match="what is to be merged"):
            merge_folder(base, adapter, base, silent)


def test_a_base_that_sees_keeps_its_names(make: Make, tmp_path: Path) -> None:
    """The published Gemma 3n has its text half under another name than the adapter."""
    base, adapter, _ = make("gemma3n")
    wrapped = tmp_path / "base"
    wrapped.mkdir()
    own = {name: tensor.astype(np.float32) for name, tensor in tensors(base).items()}
    renamed = {name.replace("model.", "model.language_model.", 1): t for name, t in own.items()}
    described = [safetensors.Described(n, "F32", t.shape) for n, t in renamed.items()]
    safetensors.write(wrapped / SINGLE, described, lambda one: [renamed[one.name]])
    shutil.copy(base / "config.json", wrapped)
    merge_folder(base, adapter, tmp_path / "plain", silent)
    merge_folder(wrapped, adapter, tmp_path / "merged", silent)
    plain, merged = tensors(tmp_path / "plain"), tensors(tmp_path / "merged")
    assert merged.keys() == renamed.keys()
    for name, tensor in plain.items():
        found = merged[name.replace("model.", "model.language_model.", 1)]
        np.testing.assert_allclose(found, tensor, rtol=2**-8, atol=1e-6)


def test_a_merge_loads_no_torch(make: Make, tmp_path: Path) -> None:
    base, adapter, _ = make("qwen2")
    code = (
        "import sys; from pathlib import Path; from convert.merge.merging import merge_folder\n"
        "merge_folder(*map(Path, sys.argv[1:]), print)\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'peft')))"
    )
    arguments = [str(base), str(adapter), str(tmp_path / "merged")]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("at", ["write", "rename"])
def test_a_stopped_merge_leaves_the_earlier_one(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    base, adapter, _ = make("qwen2")
    target = tmp_path / "merged"
    merge_folder(base, adapter, target, silent)
    before = {path.name: path.read_bytes() for path in target.iterdir()}

    def stopped(line: str) -> None:
        if "(2 of" in line or at == "rename":
            raise KeyboardInterrupt

    if at == "rename":
        monkeypatch.setattr("convert.merge.merging.write_config", lambda *_: stopped(""))
    with pytest.raises(KeyboardInterrupt):
        merge_folder(base, adapter, target, stopped if at == "write" else silent)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["merged"]


@pytest.mark.parametrize("piece", [1, 1000])
def test_the_size_of_pieces_changes_nothing(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    base, adapter, _ = make("qwen2")
    merge_folder(base, adapter, tmp_path / "one", silent)
    monkeypatch.setattr(safetensors, "PIECE", piece)
    merge_folder(base, adapter, tmp_path / "other", silent)
    other = tensors(tmp_path / "other")
    for name, tensor in tensors(tmp_path / "one").items():
        np.testing.assert_allclose(other[name], tensor, rtol=2**-7, atol=1e-6)


def test_it_holds_a_piece_and_not_a_tensor(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, adapter, _ = make("qwen2")
    base = tmp_path / "base"
    base.mkdir()
    names = {pair.weight: change_shape(pair) for pair in read_adapter(adapter).pairs}
    described = [
        # 64 MB that no adapter changes, and what it does change.
        safetensors.Described("model.embed_tokens.weight", "BF16", (2**18, 128)),
        *(safetensors.Described(name, "BF16", shape) for name, shape in names.items()),
    ]
    safetensors.write(base / SINGLE, described, lambda one: [np.zeros(one.shape, "<u2")])
    (base / "config.json").write_text('{"model_type": "qwen2"}')
    monkeypatch.setattr(safetensors, "PIECE", 2**16)
    tracemalloc.start()
    try:
        merge_folder(base, adapter, tmp_path / "merged", silent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_a_killed_merge_is_cleared_up_by_the_next(make: Make, tmp_path: Path) -> None:
    base, adapter, _ = make("qwen2")
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from convert.merge.merging import merge_folder\n"
        "kill = lambda line: '(2 of' in line and os.kill(os.getpid(), signal.SIGKILL)\n"
        "merge_folder(*map(Path, sys.argv[1:]), kill)"
    )
    target = tmp_path / "merged"
    command = [sys.executable, "-c", code, str(base), str(adapter), str(target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not target.exists()
    assert list(tmp_path.iterdir())
    merge_folder(base, adapter, target, silent)
    assert list(tmp_path.iterdir()) == [target]
