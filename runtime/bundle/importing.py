"""Takes models, question sets and rubrics out of a checked bundle.

    with check(path, trusted(key), verify) as bundle:
        bundle.check_members()
        take(bundle, store, folder)

Every file is copied beside its place, compared with what was signed and looked at; only when all
are sound they get their names. The models' catalogue is written last, with what was fitted to
teachers' labels with them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.bundle.manifest import ENTRIES, FITS, Member
from runtime.bundle.models import check_entries, new_fits
from runtime.bundle.reading import Bundle
from runtime.errors import BadInputError
from runtime.judge import catalogue, gguf_header
from runtime.judge.catalogue import Entry, sha256
from runtime.judge.llm.fits import Fit, fits_in
from runtime.judge.llm.fits import put as put_fits
from runtime.judge.shelf import CATALOGUE, check_name, model_shelf, put
from runtime.locations import shipped_models

_SETS = ("items", "rubrics")
_REMEDY = "Nothing was taken from the bundle. Ask who made it for another one."


def take(bundle: Bundle, store: Path, folder: Path) -> list[Path]:
    """Put models into ``store`` and the rest into ``folder``; return the files that are new.

    Raises ``BadInputError`` or ``ModelError`` for what cannot be taken, and then takes nothing.
    """
    places = _places(bundle, store, folder)
    _check_room(places, store, folder)
    with _beside(store, ".bundle-models-") as models, _beside(folder, ".bundle-sets-") as sets:
        entries = _entries(bundle, store, models)
        fits = _fits(bundle, store, models)
        staged = {}
        for member, place in places.items():
            staged[place] = (models if member.folder == "models" else sets) / member.name
            staged[place].parent.mkdir(exist_ok=True)
            bundle.copy(member, staged[place])
            if place.suffix == ".gguf":
                gguf_header.read(staged[place], _REMEDY)
        for place, copy in staged.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            copy.replace(place)
        if entries:
            put(store, entries)
        if fits:
            put_fits(store, fits)
    return list(staged)


def _places(bundle: Bundle, store: Path, folder: Path) -> dict[Member, Path]:
    """Return where each file goes that is not there yet."""
    places = {member: store / member.file for member in bundle.manifest.within("models")}
    for kind in _SETS:
        places |= {member: folder / kind / member.file for member in bundle.manifest.within(kind)}
    new = {member: place for member, place in places.items() if not _same(member, place)}
    for member, place in new.items():
        # A model belongs to its entry, which is replaced; a question set may be a teacher's work.
        if member.folder != "models" and place.exists():
            raise BadInputError(f"There is another file {place}.", "Move it away first.")
    return new


def _same(member: Member, place: Path) -> bool:
    return (
        place.is_file() and place.stat().st_size == member.bytes and sha256(place) == member.sha256
    )


def _check_room(places: dict[Member, Path], store: Path, folder: Path) -> None:
    # Both may lie on one disk.
    size = sum(member.bytes for member in places)
    for place in (store, folder):
        place.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(place).free < size:
            need = f"{size / 1e6:,.0f} MB are needed there."
            raise BadInputError(f"There is too little room in {place}.", need)


@contextmanager
def _beside(folder: Path, prefix: str) -> Iterator[Path]:
    """Yield a new folder in ``folder``, gone at the end: files can be renamed out of it."""
    for left in folder.glob(f"{prefix}*"):
        # By a run that was killed; it may be gigabytes.
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as inside:
        yield Path(inside)


def _entries(bundle: Bundle, store: Path, inside: Path) -> list[Entry]:
    """Return the entries that this machine's own catalogue gets."""
    listed = next((m for m in bundle.manifest.members if m.name == ENTRIES), None)
    members = bundle.manifest.within("models")
    if not listed:
        if members:
            raise BadInputError("The bundle has models without entries.", _REMEDY)
        return []
    bundle.copy(listed, inside / ENTRIES)
    shipped = catalogue.read(shipped_models() / CATALOGUE).entry
    found = catalogue.read(inside / ENTRIES, known=shipped).entry
    check_entries(found, {member.file: (member.bytes, member.sha256) for member in members})
    ours = {entry.name: entry for entry in shipped if not entry.hub}
    for entry in found:
        if entry.name in ours:
            _check_same(entry, ours[entry.name])
        else:
            check_name(entry)
        _check_files(entry, store)
    return [entry for entry in found if entry.name not in ours]


def _fits(bundle: Bundle, store: Path, inside: Path) -> list[Fit]:
    """Return the fits that this machine does not have yet."""
    listed = next((m for m in bundle.manifest.members if m.name == FITS), None)
    if not listed:
        return []
    bundle.copy(listed, inside / FITS)
    try:
        found = fits_in((inside / FITS).read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"The bundle's {FITS} cannot be used: {error}.", _REMEDY) from None
    digests = {member.sha256 for member in bundle.manifest.within("models")}
    return new_fits(found, digests, store)


def _check_same(entry: Entry, ours: Entry) -> None:
    """Refuse another file in the place of one that comes with, or is built by, Kindmark."""
    known = {file.name: file for file in ours.file}
    for file in entry.file:
        mine = known.get(file.name)
        if not mine or (mine.sha256 or file.sha256, mine.bytes or file.bytes) != (
            file.sha256,
            file.bytes,
        ):
            raise BadInputError(f"The bundle's {file.name} is not Kindmark's {ours.name}.", _REMEDY)


def _check_files(entry: Entry, store: Path) -> None:
    """Refuse to write over a file of another entry."""
    names = {file.name for file in entry.file}
    for other in model_shelf(store).models:
        taken = names & {file.name for file in other.entry.file}
        if other.entry.name != entry.name and taken:
            raise BadInputError(
                f"The bundle's {min(taken)} has the name of a file of {other.entry.name}.",
                "Remove that model first: kindmark models remove NAME",
            )
