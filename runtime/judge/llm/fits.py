"""What was fitted here to teachers' labels: how the probabilities of a model are to be read.

    put(model_store(), [Fit(name="mine", model=sha256, prompt="mark_maths", ...)])
    fits_of(model_store(), sha256)

Kept in ``calibrations.toml`` beside the models, by what the files are and not by their names: a
file that is replaced starts uncalibrated, and what a catalogue says of a model stays as it came.
Written by: kindmark models calibrate.
"""

import os
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from runtime.errors import ModelError
from runtime.judge.catalogue import Sha256, Trained
from runtime.judge.prompt import contract_digest
from runtime.judge.shelf import without_defaults
from runtime.toml_text import toml_text
from runtime.words import _

FILE = "calibrations.toml"
_HEADING = """\
# How the probabilities of models are to be read: fitted to teachers' labels on this machine.
# Written by: kindmark models calibrate. Undone by: kindmark models calibrate NAME --reset

"""


class Scaling(NamedTuple):
    """How probabilities are to be read: ``temperature`` divides their logarithms.

    ``cuts`` part the expected place among ``labels``; they say nothing about other labels.
    """

    temperature: float = 1.0
    cuts: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()

    def cuts_of(self, labels: tuple[str, ...]) -> tuple[float, ...]:
        """Return the cuts if they are those of ``labels``."""
        return self.cuts if labels == self.labels else ()


class Fit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fit to labelled answers.

    ``model`` and ``adapter`` are the SHA-256 of the base's file and of the adapter's (with its
    head), "" for the base alone. ``prompt`` is a function of the prompt contract and ``contract``
    the contract's hash. ``held_out`` are the figures on questions that it was not fitted to.
    """

    name: str
    model: Sha256
    adapter: str = ""
    prompt: str
    contract: Sha256
    temperature: Annotated[float, msgspec.Meta(gt=0)]
    cuts: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    answers: int
    questions: int
    held_out: dict[str, float] = {}
    fitted: str = ""

    @property
    def scaling(self) -> Scaling:
        """What it comes to."""
        return Scaling(self.temperature, self.cuts, self.labels)

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is a fit of; there is one at a time."""
        return self.model, self.adapter, self.prompt


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fit: tuple[Fit, ...] = ()


def text_of(fits: Iterable[Fit]) -> str:
    """Return fits as TOML, in the form of the file."""
    rows = [without_defaults(one) for one in fits]
    return _HEADING + (toml_text({"fit": rows}) if rows else "")


def fits_in(text: str) -> tuple[Fit, ...]:
    """Return the fits of a file's text. Raises ``ValueError`` for what is none."""
    return msgspec.convert(tomllib.loads(text), _File).fit


def fits_of(store: Path, model: str) -> tuple[Fit, ...]:
    """Return what was fitted with the base of this SHA-256.

    Raises ``ModelError`` naming the file and the key if it cannot be used.
    """
    return tuple(one for one in all_fits(store) if one.model == model)


def put(store: Path, fits: Iterable[Fit]) -> Path:
    """Keep fits in place of those of the same; return the file.

    Raises ``ModelError`` as ``fits_of`` does, ``OSError`` if it cannot be written.
    """
    new = {one.key: one for one in fits}
    return _write(store, [*(one for one in all_fits(store) if one.key not in new), *new.values()])


def drop(store: Path, fits: Iterable[Fit]) -> None:
    """Forget fits; what was trained counts again."""
    gone = {one.key for one in fits}
    _write(store, [one for one in all_fits(store) if one.key not in gone])


def trained_scaling(trained: Trained | None, prompt: str) -> Scaling | None:
    """Return what training fitted for this prompt in these very words; None if nothing was.

    A temperature of just 1 is what a model has that was never fitted.
    """
    if trained is None or trained.temperature == 1.0 or trained.prompt != prompt:
        return None
    return Scaling(trained.temperature) if same_words(trained) else None


def same_words(trained: Trained | None) -> bool:
    """Whether a model was trained with the very words that it is asked with."""
    return trained is not None and trained.contract == contract_digest()


def all_fits(store: Path) -> tuple[Fit, ...]:
    """Return every fit. Raises ``ModelError`` naming the file and the key if it cannot be used."""
    path = store / FILE
    if not path.exists():
        return ()
    try:
        return fits_in(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            _("{path} cannot be used: {error}.").format(path=path, error=error),
            _("Mend it or delete it: without it, no model counts as calibrated here."),
        ) from error


def _write(store: Path, fits: Iterable[Fit]) -> Path:
    store.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=f"{FILE}.", suffix=".part", dir=store)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text_of(fits))
        Path(part).replace(store / FILE)
    finally:
        Path(part).unlink(missing_ok=True)
    return store / FILE
