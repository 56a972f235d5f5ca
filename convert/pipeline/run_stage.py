"""Reads what a training run left behind: one stage's adapter, and what it was trained for.

    stage = open_stage(Path("runs/gemma3n-math"), "mark")
    stage.labels                                           ("incorrect", "correct")

Only files are read; the training half need not be installed.
"""

import difflib
import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Purpose

BARE = "base"
"""The kind of a stage that is no stage: a base as it was published."""
REWARD = "reward"
"""The one output of a head that learnt which of two answers is the better."""


class Base(msgspec.Struct, frozen=True):
    """The base that was adapted, as the recipe names it."""

    hub: str
    architecture: str
    licence: str
    revision: str = ""
    folder: str = ""


class Origin(msgspec.Struct, frozen=True):
    """``base.json`` of an adapter; what only training needs is passed over."""

    base: Base
    purpose: Purpose
    labels: int
    tiny: bool
    seed: int


class RunStage(NamedTuple):
    """One stage of a run. ``data`` is what it was trained on, with licence; ``figures`` what it was
    measured at before and after, by name; ``contract`` the hash of the prompts at that time.
    """

    run: Path
    name: str
    origin: Origin
    recipe: str
    kind: str
    prompt: str
    labels: tuple[str, ...]
    contract: str
    max_tokens: int
    data: tuple[tuple[str, str], ...]

    @property
    def folder(self) -> Path:
        """The stage's folder in the run."""
        return self.run / self.name

    @property
    def adapter(self) -> Path:
        """The adapter folder; for a bare base the base itself, whose tokenizer it is."""
        return self.run if self.bare else self.folder / "adapter"

    @property
    def bare(self) -> bool:
        """Whether there is a base only."""
        return self.kind == BARE


def stage_names(run: Path) -> list[str]:
    """Return the finished stages of a run in order. Raises ``BadInputError`` if it is no run."""
    stages = [stage["name"] for stage in _recipe(run)["stage"]]
    finished = [name for name in stages if (run / name / "adapter" / "base.json").is_file()]
    if not finished:
        raise BadInputError(
            f"No stage of the run in {run} is finished.",
            f"Go on with it: kindmark train RECIPE --resume --name {run.name}",
        )
    return finished


def open_stage(run: Path, name: str) -> RunStage:
    """Return a finished stage. Raises ``BadInputError`` naming the nearest, or what is damaged."""
    finished = stage_names(run)
    if name not in finished:
        near = difflib.get_close_matches(name, finished, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Finished are: {', '.join(finished)}."
        raise BadInputError(f"The run in {run} has no finished stage {name!r}.", hint)
    recipe = _recipe(run)
    found = next(stage for stage in recipe["stage"] if stage["name"] == name)
    origin = _origin(run / name / "adapter" / "base.json")
    labels = tuple(found.get("labels") or ())
    return RunStage(
        run=run,
        name=name,
        origin=origin,
        recipe=str(recipe["name"]),
        kind=str(found["kind"]),
        prompt=str(found.get("prompt") or ""),
        labels=_labels(origin, labels, run),
        contract=_contract(run),
        max_tokens=int(found["training"]["max_tokens"]),
        data=tuple((str(one["name"]), str(one.get("licence", ""))) for one in found["data"]),
    )


def slug(text: str) -> str:
    """Return a name for the catalogue made of ``text``."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "model"


def _recipe(run: Path) -> dict[str, Any]:
    path = run / "recipe.toml"
    if not run.is_dir():
        raise BadInputError(
            f"There is no run {run}.",
            "Name the folder of a training run; or default | base | compare.",
        )
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        if not (
            found["name"] and all(s["name"] and s["kind"] and s["data"] for s in found["stage"])
        ):
            raise ValueError("a name is missing")
        return found
    except FileNotFoundError:
        raise BadInputError(f"{run} is no training run: it has no recipe.toml.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{path} is no recipe of a run: {error}.") from error


def _origin(path: Path) -> Origin:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"{path} is damaged: {error}.", "Train the stage again.") from error


def _labels(origin: Origin, labels: tuple[str, ...], run: Path) -> tuple[str, ...]:
    if origin.purpose == "prefer":
        return (REWARD,)
    if origin.purpose != "classify":
        return ()
    if len(labels) != origin.labels:
        raise ModelError(
            f"{run / 'recipe.toml'} names {len(labels)} labels; the head has {origin.labels}.",
            "Restore recipe.toml of the run, or train the stage again.",
        )
    return labels


def _contract(run: Path) -> str:
    try:
        return str(json.loads((run / "run.json").read_bytes())["prompt"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{run / 'run.json'} is missing or damaged: {error}.") from error
