"""Packs models, question sets, rubrics and Kindmark itself into one signed file.

export(Path("school.kindmark"), Chosen(items=(Path("week1.jsonl"),)), signer, say)
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from runtime import __version__
from runtime.bundle import wheels
from runtime.bundle.archive import Part
from runtime.bundle.engine_cpu import compiled_for
from runtime.bundle.layout import Signer, write
from runtime.bundle.machines import needed
from runtime.bundle.manifest import ENTRIES, FITS, Machine, Manifest, Member
from runtime.bundle.models import Model, choose, entries_text, fits_with
from runtime.errors import BadInputError
from runtime.judge.catalogue import sha256
from runtime.judge.llm.fits import text_of
from runtime.locations import model_store

Say = Callable[[str], None]

ENGINE = "llama_cpp_python-"
MAIN = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("kindmark: This needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])

from runtime.bundle.program import main

sys.exit(main(sys.argv[1:]))
"""
"""What Python runs first; older ones must be able to read it."""

PROGRAM = (
    *("runtime/__init__.py", "runtime/errors.py", "runtime/closing.py", "runtime/command_line.py"),
    "runtime/words.py",
    *("runtime/bundle/__init__.py", "runtime/bundle/archive.py", "runtime/bundle/ed25519.py"),
    *("runtime/bundle/trust.py", "runtime/bundle/manifest.py", "runtime/bundle/machines.py"),
    *("runtime/bundle/layout.py", "runtime/bundle/reading.py", "runtime/bundle/install.py"),
    *("runtime/bundle/environment.py", "runtime/bundle/program.py"),
)
"""The modules that travel in front of the wheels: they use the standard library alone."""


class Chosen(NamedTuple):
    """What goes in. ``models`` ``None``: all that are here. ``wheels`` is a folder of wheels,
    ``None`` for those of this very installation; ``bare`` leaves them out.
    """

    models: tuple[str, ...] | None = None
    items: tuple[Path, ...] = ()
    rubrics: tuple[Path, ...] = ()
    wheels: Path | None = None
    bare: bool = False


class Exported(NamedTuple):
    """A finished bundle: its whole size in bytes and SHA-256, and what is in it."""

    bytes: int
    sha256: str
    manifest: Manifest


def export(target: Path, chosen: Chosen, signer: Signer, say: Say) -> Exported:
    """Write a bundle to ``target``, which must be new.

    Raises ``BadInputError`` for what cannot go in, before anything is written there.
    """
    if target.exists():
        raise BadInputError(f"{target} is there already.", "Choose another name.")
    if not target.parent.is_dir():
        raise BadInputError(f"There is no folder {target.parent}.", "Make it first.")
    models = choose(chosen.models, model_store())
    with tempfile.TemporaryDirectory() as temporary:
        packed = () if chosen.bare else _wheels(chosen.wheels, Path(temporary), say)
        entries = Path(temporary) / ENTRIES
        entries.write_text(entries_text(models), "utf-8")
        contents = [(ENTRIES, entries), *_contents(models, chosen, packed)]
        if fits := fits_with(models, model_store()):
            (Path(temporary) / FITS).write_text(text_of(fits), "utf-8")
            contents.insert(1, (FITS, Path(temporary) / FITS))
        say(f"Reading {len(contents)} files ...")
        manifest = _manifest(contents, _machine(packed))
        _check_room(target, manifest)
        say(f"Writing {target} ...")
        return _write(target, manifest, [path for _, path in contents], signer)


def program() -> list[Part]:
    """Return the installing program, ``__main__.py`` first."""
    root = Path(__file__).parents[2]
    return [
        ("__main__.py", MAIN.encode()),
        *((name, (root / name).read_bytes()) for name in PROGRAM),
    ]


def _wheels(folder: Path | None, temporary: Path, say: Say) -> tuple[Path, ...]:
    if folder is None:
        say("Packing Kindmark and all it needs as wheels (half a minute) ...")
        return tuple(wheels.pack(temporary))
    found = sorted(folder.glob("*.whl"))
    if not found:
        raise BadInputError(f"There are no wheels (.whl) in {folder}.", "Name another folder.")
    names = {path.name.partition("-")[0].lower() for path in found}
    # The two that are ours to give: this Kindmark, and what installs the rest.
    own = [wheels.pack_own(temporary)] if wheels.OWN not in names else []
    installer = wheels.INSTALLER not in names
    more = [wheels.pack_installed(wheels.INSTALLER, temporary)] if installer else []
    return (*found, *own, *more)


def _machine(packed: Iterable[Path]) -> Machine | None:
    paths = list(packed)
    if not paths:
        return None
    engines = [path for path in paths if path.name.startswith(ENGINE)]
    flags = {flag for path in engines for flag in compiled_for(path)}
    return needed(path.name for path in paths)._replace(cpu=tuple(sorted(flags)))


def _contents(
    models: Iterable[Model], chosen: Chosen, packed: Iterable[Path]
) -> list[tuple[str, Path]]:
    """Return the names inside and where the files lie."""
    files = [path for model in models for path in model.files]
    kinds = {"wheels": packed, "models": files, "items": chosen.items, "rubrics": chosen.rubrics}
    found: dict[str, Path] = {}
    for kind, paths in kinds.items():
        for path in paths:
            if not path.is_file():
                raise BadInputError(f"There is no file {path}.", "Correct its name.")
            name = f"{kind}/{_plain(path.name)}"
            if name.lower() in {one.lower() for one in found}:
                raise BadInputError(f"Two files would be {name} in the bundle.", "Rename one.")
            found[name] = path
    return list(found.items())


def _plain(name: str) -> str:
    """Return a file name that every system takes."""
    plain = re.sub(r"[^A-Za-z0-9._+!-]+", "-", name).lstrip("._+!-").rstrip(".")
    return plain or "unnamed"


def _manifest(contents: Iterable[tuple[str, Path]], machine: Machine | None) -> Manifest:
    members = tuple(Member(name, path.stat().st_size, sha256(path)) for name, path in contents)
    parts = tuple(
        Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in program()
    )
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Manifest(__version__, made, machine, members, parts)


def _check_room(target: Path, manifest: Manifest) -> None:
    size = sum(member.bytes for member in manifest.members)
    if shutil.disk_usage(target.parent).free < size:
        need = f"{size / 1e6:,.0f} MB are needed there."
        raise BadInputError(f"There is too little room in {target.parent}.", need)


def _write(target: Path, manifest: Manifest, paths: list[Path], signer: Signer) -> Exported:
    partial = target.with_name(f"{target.name}.partial")
    try:
        with partial.open("wb") as file:
            write(file, manifest, paths, program(), signer)
            file.flush()
            os.fsync(file.fileno())
        done = Exported(partial.stat().st_size, sha256(partial), manifest)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return done
