"""What one conversion is to make, and the name of every file on the way.

job = open_job(stage, base, wishes, print)
job.merged, job.plain, job.file("Q8_0"), job.head, job.lora
"""

import math
from pathlib import Path
from typing import Literal, NamedTuple

from convert.gguf.to_gguf import Kind
from convert.merge.base_folder import Base, open_base, shards
from convert.pipeline.run_stage import RunStage, slug
from convert.pipeline.wishes import KINDS, Wishes, check_wishes
from convert.say import Say
from runtime.errors import BadInputError
from runtime.judge.shelf import model_shelf

_EXACT_BYTES = 12_000_000_000
"""A larger model is not written in 32 bits, too: its 16 bits are the most exact that is checked."""


class Job(NamedTuple):
    """One stage, its base, and where everything lies; ``work`` is the stage's working folder."""

    stage: RunStage
    base: Base
    wishes: Wishes
    work: Path
    name: str
    model: str
    plain_kind: Kind
    parameters: int
    say: Say

    @property
    def merged(self) -> Path:
        """The base with the adapter in it, as a folder."""
        return self.work / "merged"

    @property
    def source(self) -> Path:
        """The folder that the GGUF files are made of: with run-time adapters, the bare base."""
        return self.base.folder if self.wishes.adapter_only else self.merged

    @property
    def with_adapter(self) -> bool:
        """Whether an adapter is converted by itself, to be put on the base at run time."""
        return self.wishes.adapter_only and not self.stage.bare

    @property
    def truth(self) -> Path:
        """The folder that every GGUF file must read as."""
        return self.base.folder if self.stage.bare else self.merged

    @property
    def plain(self) -> Path:
        """The GGUF file in the type of the base: what is quantized."""
        return self.file(self.plain_kind)

    @property
    def exact(self) -> Path | None:
        """The GGUF file in 32 bits, in which the conversion is checked; None if it is too large."""
        return self.file("f32") if 4 * self.parameters <= _EXACT_BYTES else None

    @property
    def lora(self) -> Path:
        """The adapter for run time."""
        return self.work / f"{self.name}.gguf"

    @property
    def head(self) -> Path:
        """The side head."""
        return self.work / f"{self.name}.head.json"

    @property
    def head_kind(self) -> Literal["", "inside", "beside", "features"]:
        """Where the head goes: nowhere, into the GGUF, beside it, or (``embed``) over features."""
        purpose = self.stage.origin.purpose
        if purpose == "embed":
            return "features"
        if purpose not in {"classify", "prefer"}:
            return ""
        inside = self.base.architecture == "bert" or self.wishes.inside
        return "inside" if inside and not self.wishes.adapter_only else "beside"

    def file(self, kind: str) -> Path:
        """Return the GGUF file of a type, such as "f16" or "Q8_0"."""
        return self.work / f"{self.model}-{kind.lower()}.gguf"


def open_job(stage: RunStage, base: Path, wishes: Wishes, say: Say) -> Job:
    """Look at the base and settle all names.

    Raises ``BadInputError`` for a wish that cannot be met, ``ModelError`` if the base is not whole.
    """
    check_wishes(wishes)
    found = open_base(base)
    _check_head(found, stage, wishes)
    stored = [one.described for ones in shards(found).values() for one in ones]
    name = wishes.name or _name(stage, wishes)
    _check_name(name, wishes.store)
    largest = max(stored, key=lambda one: one.size)
    return Job(
        stage=stage,
        base=found,
        wishes=wishes,
        work=_work_folder(stage, wishes),
        name=name,
        model=base_name(stage, wishes.store) if wishes.adapter_only and not stage.bare else name,
        plain_kind=KINDS.get(largest.kind, "f16"),
        parameters=sum(math.prod(one.shape) for one in stored),
        say=say,
    )


def _work_folder(stage: RunStage, wishes: Wishes) -> Path:
    if stage.bare:
        return wishes.store / f".converting-{stage.name}"
    # The two ways share no file, so neither undoes what the other has made.
    return stage.run / "convert" / f"{stage.name}{_ending(wishes)}"


def _name(stage: RunStage, wishes: Wishes) -> str:
    run = stage.run.resolve().name
    return slug(stage.name if stage.bare else f"{run}-{stage.name}{_ending(wishes)}")


def _ending(wishes: Wishes) -> str:
    return "-adapter" if wishes.adapter_only else ""


def base_name(stage: RunStage, store: Path) -> str:
    """Return what the catalogue calls, or is to call, the base that an adapter is put on."""
    origin = stage.origin
    if origin.tiny:
        return f"tiny-{origin.base.architecture}-{origin.seed}"
    shelved = [one.entry for one in model_shelf(store).models]
    known = [entry.name for entry in shelved if entry.hub and entry.hub.weights == origin.base.hub]
    return known[0] if known else slug(origin.base.hub.rpartition("/")[2])


def _check_head(base: Base, stage: RunStage, wishes: Wishes) -> None:
    """Refuse what llama.cpp cannot do before anything is made."""
    # Qwen3's head ends in a softmax, which makes any one output 1.
    known = base.architecture == "bert" or (
        base.architecture == "qwen3" and stage.origin.purpose != "prefer"
    )
    if wishes.inside and (wishes.adapter_only or not known):
        raise BadInputError(
            f"The head of stage {stage.name} ({base.architecture}) cannot lie in the GGUF file.",
            "Leave out --head: it goes into a file beside the model.",
        )


def _check_name(name: str, store: Path) -> None:
    """Refuse the name of a model that no conversion has made: it would be lost."""
    found = [one for one in model_shelf(store).models if one.entry.name == name]
    if found and not found[0].entry.trained and not found[0].entry.hub:
        raise BadInputError(
            f"There is another model of the name {name!r}.", "Choose a name with --name."
        )
