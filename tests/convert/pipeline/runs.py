"""Folders as ``kindmark train --tiny`` leaves them, made without training: random adapters."""

import json
import shutil
from pathlib import Path

import torch

from runtime.judge.prompt import contract_digest
from runtime.locations import shipped_models
from train.bases.adapters import apply_adapter, save_adapter
from train.bases.classes import Purpose
from train.bases.loading import Origin, load_origin
from train.bases.quiet import bars_hidden
from train.bases.tiny import write_tiny
from train.recipe import Adapter, Architecture, Base, Quantization
from train.run_folder import replace_folder

SEED = 3
LABELS = ("incorrect", "partial", "correct")
TARGETS = {"bert": ("query", "value")}
STAGES: dict[str, Purpose] = {
    **{"write": "causal", "mark": "classify", "prefer": "prefer", "embed": "embed"}
}
KINDS = {"causal": "sft", "classify": "classify", "prefer": "prefer", "embed": "embed"}


def write_run(run: Path, architecture: Architecture, *stages: str) -> Path:
    """Write a run with these of ``STAGES`` finished, and return its folder."""
    (run / "base").mkdir(parents=True)
    with bars_hidden():
        write_tiny(architecture, SEED, run / "base")
    for name in stages:
        _write_adapter(run, architecture, name)
    facts = {"prompt": contract_digest(), "identity": {"tiny": True}}
    (run / "run.json").write_text(json.dumps(facts), "utf-8")
    (run / "recipe.toml").write_text(_recipe(stages), "utf-8")
    return run


def _write_adapter(run: Path, architecture: Architecture, name: str) -> None:
    purpose = STAGES[name]
    origin = Origin(
        base=Base(hub="ours/tiny", architecture=architecture, licence="Apache-2.0"),
        quantization=Quantization(bits=16),
        purpose=purpose,
        labels=len(LABELS) if purpose == "classify" else 1,
        tiny=True,
        seed=SEED,
    )
    targets = TARGETS.get(architecture, ("q_proj", "v_proj"))
    adapter = Adapter(rank=4, alpha=8, dropout=0.0, targets=targets)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        loaded = load_origin(origin)
        model = apply_adapter(loaded, adapter)
        for place, weight in model.named_parameters():
            if weight.requires_grad:
                # A fresh adapter adds nothing, and a fresh head is too small to tell answers apart.
                weight.data.normal_(std=0.05 if ".lora_" in place else 0.2)
        part = run / name / "part"
        part.mkdir(parents=True)
        save_adapter(model, loaded, part)
        replace_folder(part, run / name / "adapter")
    if purpose == "embed":
        # The head that ships reads the same features, whatever vectors they are made from.
        shutil.copyfile(shipped_models() / "right-wrong.json", run / name / "right-wrong.json")


def _recipe(stages: tuple[str, ...]) -> str:
    rows = [
        f"""
[[stage]]
name = "{name}"
kind = "{KINDS[STAGES[name]]}"
prompt = "{"" if name == "embed" else "mark_short_answer"}"
labels = {json.dumps(list(LABELS) if STAGES[name] == "classify" else [])}
[stage.training]
max_tokens = 400
[[stage.data]]
name = "short-answers"
licence = "ours"
"""
        for name in stages
    ]
    return 'name = "tiny-recipe"\n' + "".join(rows)
