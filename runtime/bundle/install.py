"""Installs Kindmark from a bundle where there is nothing but Python: no network, no compiler.

    install(bundle, Path.home() / "kindmark", say)

Everything lies in one folder: env-... (Python and Kindmark), models, items, rubrics, and the
command ``kindmark``, which is written last. Started again after a kill it goes on; to undo it,
delete the folder. Standard library only: this module travels inside every bundle.
"""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from runtime.bundle.environment import Environment, last_words
from runtime.bundle.machines import why_not
from runtime.bundle.reading import Bundle
from runtime.errors import BadInputError

Say = Callable[[str], None]

COMMAND = "kindmark"
_MARK = ".kindmark-folder"
# Unpacked wheels take about four times their size (measured: 70 MB become 270 MB).
_UNPACKED = 4


def install(bundle: Bundle, folder: Path, say: Say) -> Path:
    """Install everything and return the command. Check the bundle's members first.

    Raises ``BadInputError`` if the bundle is for other machines, there is too little room or the
    folder is in use for something else; then nothing is written.
    """
    check_machine(bundle)
    folder = folder.absolute()
    _check_folder(folder)
    _check_room(bundle, folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    environment = Environment(folder / f"env-{bundle.digest[:12]}")
    store = folder / "models"
    if not environment.stamp.exists():
        say("Installing Kindmark (a minute) ...")
        environment.build(bundle)
    say("Taking models and question sets ...")
    _take(bundle, environment, folder, store)
    say("Marking an answer to see that it works ...")
    environment.check(store)
    environment.stamp.touch()
    command = _write_command(folder, environment, store)
    for other in folder.glob("env-*"):
        if other != environment.folder:
            shutil.rmtree(other, ignore_errors=True)
    return command


def check_machine(bundle: Bundle) -> None:
    """Raise ``BadInputError`` if the wheels of a bundle do not run on this machine."""
    machine = bundle.manifest.machine
    if machine is None:
        have = "Where Kindmark is installed: kindmark bundle import FILE --trust KEY"
        raise BadInputError(f"{bundle.path} has no wheels: nothing can be installed.", have)
    if reason := why_not(machine):
        again = "Make the bundle anew on a machine of this kind: kindmark bundle export"
        raise BadInputError(f"{bundle.path} cannot be installed here. {reason}", again)


def _check_folder(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise BadInputError(
            f"{folder} holds something else already.", "Choose another folder with --to."
        )
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder} is not a folder.", "Choose another one with --to.")


def _check_room(bundle: Bundle, folder: Path) -> None:
    members = bundle.manifest.members
    wheels = sum(member.bytes for member in bundle.manifest.within("wheels"))
    size = sum(member.bytes for member in members) + _UNPACKED * wheels
    above = next(place for place in (folder, *folder.parents) if place.exists())
    if shutil.disk_usage(above).free < size:
        need = f"{size / 1e6:,.0f} MB are needed there."
        raise BadInputError(f"There is too little room in {above}.", need)


def _take(bundle: Bundle, environment: Environment, folder: Path, store: Path) -> None:
    """Have the installed Kindmark take the rest; it checks models before they get their names."""
    options = ["--store", str(store), "--to", str(folder), "--members-checked"]
    command = ["bundle", "import", str(bundle.path.absolute()), "--trust", bundle.trusted, *options]
    done = environment.run("-P", "-m", "runtime.cli.main", *command)
    if done.returncode:
        said = done.stderr.removeprefix("kindmark: ").strip() or last_words(done)
        raise BadInputError(f"What is in the bundle cannot be taken. {said}")


def _write_command(folder: Path, environment: Environment, store: Path) -> Path:
    """Write the command that starts Kindmark with its own models, and only then show it."""
    path = folder / COMMAND
    partial = folder / f".{COMMAND}.partial"
    # -P: a folder named "runtime" where someone works must not be taken for ours.
    start = f"{shlex.quote(str(environment.python))} -P -m runtime.cli.main"
    models = shlex.quote(str(store))
    partial.write_text(f'#!/bin/sh\nKINDMARK_MODELS={models} exec {start} "$@"\n', "utf-8")
    partial.chmod(0o755)
    return partial.replace(path)
