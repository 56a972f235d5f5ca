"""The folder of a run: what was trained on what, the log, checkpoints that are whole, adapters.

    run = RunFolder.create(Path("runs/qwen2.5-judge-1"), recipe, identity, facts)
    run = RunFolder.reopen(path, identity)           after a kill
    run.log({"stage": "sft", "step": 1, "loss": 2.3})
    run.stage("sft").last_checkpoint()               (step, folder) or None

Every file is written under another name and then renamed: what has its name is whole.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from runtime.errors import BadInputError
from runtime.toml_text import toml_text
from train.recipe import Recipe

CHECKPOINTS_KEPT = 2
"""The newest, and the one before it in case a disk loses a file."""

_MARK = "kindmark.json"
"""What a checkpoint was made from; written last, so that it also says the checkpoint is whole."""


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What two runs must share for one to go on where the other stopped."""

    recipe: str
    digest: str
    seed: int
    tiny: bool
    max_steps: int


class Checkpoint(NamedTuple):
    """A whole checkpoint: the optimizer step it was written after, and its folder."""

    step: int
    path: Path


class StageFolder:
    """The part of a run's folder that belongs to one stage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.adapter = path / "adapter"
        self.before = path / "before.json"
        self.after = path / "after.json"
        self.result = path / "result.json"
        self.saving = path / "saving"

    def checkpoints(self) -> list[Checkpoint]:
        """Return the whole checkpoints, oldest first."""
        whole = (mark.parent for mark in self.path.glob(f"checkpoint-*/{_MARK}"))
        return sorted(Checkpoint(int(path.name.rpartition("-")[2]), path) for path in whole)

    def last_checkpoint(self, identity: Identity, data: str) -> Checkpoint | None:
        """Return where to go on, None at the start.

        Raises ``BadInputError`` if it was made by another recipe or from other data.
        """
        found = self.checkpoints()
        if not found:
            return None
        made = json.loads((found[-1].path / _MARK).read_text("utf-8"))
        what = "recipe" if made["digest"] != identity.digest else "data"
        if made != {"digest": identity.digest, "data": data}:
            raise BadInputError(
                f"{found[-1].path} was made with another {what} (its {what} hash differs).",
                "Start a new run without --resume, or remove that checkpoint.",
            )
        return found[-1]

    def keep(self, written: Path, identity: Identity, data: str) -> None:
        """Give a complete checkpoint its name; only then drop those that are too old."""
        mark = {"digest": identity.digest, "data": data}
        write_whole(written / _MARK, json.dumps(mark).encode())
        replace_folder(written, self.path / written.name)
        for old in self.checkpoints()[:-CHECKPOINTS_KEPT]:
            shutil.rmtree(old.path)

    def clear_half_written(self) -> None:
        """Remove what a kill has left half-way; the stage's folder is made if it is missing."""
        self.path.mkdir(exist_ok=True)
        for half in (self.saving, *self.path.glob("*.part")):
            if half.is_dir():
                shutil.rmtree(half)
            else:
                half.unlink(missing_ok=True)


class RunFolder:
    """``<runs>/<name>/``: recipe.toml, run.json, log.jsonl, loss.png, report.html, stages, and the
    ``base`` of a tiny run.
    """

    def __init__(self, path: Path, identity: Identity) -> None:
        self.path = path
        self.identity = identity
        self.journal = path / "log.jsonl"
        self.base = path / "base"

    @classmethod
    def create(
        cls, path: Path, recipe: Recipe, identity: Identity, facts: Mapping[str, Any]
    ) -> "RunFolder":
        """Make the folder. Raises ``BadInputError`` if there is one of that name."""
        if path.exists() and any(path.iterdir()):
            raise BadInputError(
                f"There is a run in {path} already.",
                "Go on with it by adding --resume, or choose another --name.",
            )
        path.mkdir(parents=True, exist_ok=True)
        run = cls(path, identity)
        write_whole(path / "recipe.toml", toml(recipe).encode())
        run.note(identity=msgspec.to_builtins(identity), **facts)
        run.journal.touch()
        return run

    @classmethod
    def reopen(cls, path: Path, identity: Identity) -> "RunFolder":
        """Open a run that was stopped. Raises ``BadInputError`` if it is another recipe's."""
        if not (path / "run.json").is_file():
            raise BadInputError(
                f"There is no run to resume in {path}.", "Leave out --resume, or correct --name."
            )
        run = cls(path, identity)
        begun = msgspec.convert(run.facts()["identity"], Identity)
        for field in Identity.__struct_fields__:
            was, now = getattr(begun, field), getattr(identity, field)
            if was != now:
                raise BadInputError(*_other_run(path, field, was, now))
        return run

    def stage(self, name: str) -> StageFolder:
        """Return the folder of a stage; nothing is made yet."""
        return StageFolder(self.path / name)

    def facts(self) -> dict[str, Any]:
        """Return run.json."""
        found: dict[str, Any] = json.loads((self.path / "run.json").read_text("utf-8"))
        return found

    def note(self, **facts: object) -> None:
        """Add to run.json."""
        path = self.path / "run.json"
        known = self.facts() if path.exists() else {}
        text = json.dumps(known | facts, indent=1, sort_keys=True, ensure_ascii=False)
        write_whole(path, text.encode() + b"\n")

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to log.jsonl."""
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of log.jsonl; one that a kill has cut off ends them."""
        for line in self.journal.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return

    def rewind(self, stage: str, step: int) -> None:
        """Forget what was logged of a stage after ``step``: it is trained again."""
        kept = [e for e in self.entries() if e["stage"] != stage or e["step"] <= step]
        write_whole(self.journal, "".join(json.dumps(entry) + "\n" for entry in kept).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is either whole or not there under its name."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def replace_folder(written: Path, named: Path) -> None:
    """Rename a complete folder, in place of one of that name if there is one."""
    for file in written.rglob("*"):
        if file.is_file():
            with file.open("rb") as content:
                os.fsync(content.fileno())
    if named.exists():
        shutil.rmtree(named)
    written.rename(named)


def toml(recipe: Recipe) -> str:
    """Return a recipe as TOML, as it was run: ``load_recipe`` reads the same recipe back."""
    # TOML has no null: what is left out is None again when it is read.
    return toml_text(msgspec.json.decode(msgspec.json.encode(recipe)))


def _other_run(path: Path, field: str, was: object, now: object) -> tuple[str, str]:
    fresh = "Repeat the command that began it, or start a new run without --resume."
    if field == "digest":
        return f"{path} holds checkpoints of another recipe: its numbers have changed.", fresh
    return f"{path} was begun with {field} {was!r}; now it is {now!r}.", fresh
