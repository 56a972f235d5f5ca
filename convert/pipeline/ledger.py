"""Steps that are skipped when what they made is still there, made from the same.

    ledger = Ledger(Path("RUN/convert/mark"))
    run_steps([Step("merge", inputs, outputs, make), ...], ledger, say)

A step is known by the hash of all that goes into it: files, settings, and the steps before it. What
it made is written down with its hashes, so that a damaged or foreign file is made again. An
intermediate file may be deleted: it is made again only if a later step needs it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from convert.say import Say
from convert.whole import whole_file
from runtime.errors import BadInputError
from runtime.judge.catalogue import sha256

_HASHES = "hashes.json"
_VERSION = 1
"""Raised when a step makes something else of the same: then everything is made again."""


class Step(NamedTuple):
    """One thing to make. ``inputs`` are files by name, ``settings`` whatever else decides;
    ``after`` are the steps whose outputs it reads. ``group`` is what it is called on the command
    line, where several steps share a name.
    """

    name: str
    group: str
    inputs: Mapping[str, Path]
    settings: Mapping[str, object]
    after: tuple[str, ...]
    outputs: tuple[Path, ...]
    make: Callable[[], None]


class Goals(NamedTuple):
    """The steps that are asked for; ``alone``: only they, and nothing they stand on."""

    names: frozenset[str]
    alone: bool


class Ledger:
    """The records of a folder's steps, and the hashes of files, read once as long as they rest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hashes: dict[str, list[object]] = _read(folder / _HASHES)

    def key(self, step: Step, keys: Mapping[str, str]) -> str:
        """Return the hash of all that goes into a step; ``keys`` are those of the steps before."""
        content = {
            "version": _VERSION,
            "step": step.name,
            "inputs": {name: self.hash(path) for name, path in sorted(step.inputs.items())},
            "settings": dict(sorted(step.settings.items())),
            "after": [keys[name] for name in step.after],
            "outputs": [path.name for path in step.outputs],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def is_done(self, step: Step, key: str) -> bool:
        """Tell whether a step was made from the same and its outputs are as it left them."""
        record = _read(self._path(step))
        if record.get("key") != key:
            return False
        return record.get("outputs") == self._outputs(step)

    def note(self, step: Step, key: str) -> bool:
        """Write down that a step is made; return whether it made something else than last time."""
        before = _read(self._path(step)).get("outputs")
        record = {"step": step.name, "key": key, "outputs": self._outputs(step)}
        inputs = {name: self.hash(path) for name, path in sorted(step.inputs.items())}
        _write(self._path(step), record | {"inputs": inputs, "settings": dict(step.settings)})
        return record["outputs"] != before

    def forget(self, step: Step) -> None:
        """Take back what was written down."""
        self._path(step).unlink(missing_ok=True)

    def hash(self, path: Path) -> str:
        """Return the SHA-256 of a file, or one over all files of a folder; "" if there is none."""
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            lines = [f"{one.relative_to(path).as_posix()} {self.hash(one)}" for one in inside]
            return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""
        if not path.is_file():
            return ""
        about, where = path.stat(), str(path.resolve())
        stamp = [about.st_size, about.st_mtime_ns]
        known = self._hashes.get(where)
        if known and known[:2] == stamp:
            return str(known[2])
        found = sha256(path)
        self._hashes[where] = [*stamp, found]
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / _HASHES, self._hashes)
        return found

    def _outputs(self, step: Step) -> dict[str, str]:
        return {path.name: self.hash(path) for path in step.outputs}

    def _path(self, step: Step) -> Path:
        return self.folder / f"{step.name}.step.json"


def run_steps(
    steps: Sequence[Step], ledger: Ledger, say: Say, *, only: Collection[str] = (), force: bool
) -> None:
    """Make the last step and what it needs, or the steps of the groups in ``only``.

    With ``force`` all of them are made again. Raises ``BadInputError`` if a step is asked for
    alone and one it stands on is not made.
    """
    wanted = {step.name for step in steps if not only or step.group in only}
    for step in steps:
        if force and step.name in wanted:
            ledger.forget(step)
    goals = Goals(frozenset(wanted if only else {steps[-1].name}), alone=bool(only))
    told: set[str] = set()

    def tell(name: str) -> None:
        if name not in told:
            say(f"{name}: there already.")
        told.add(name)

    while not _made(steps, ledger, tell, goals):
        continue


def _made(steps: Sequence[Step], ledger: Ledger, tell: Say, goals: Goals) -> bool:
    """Make what the goals need; return whether all that stands on it may stay as it is."""
    keys: dict[str, str] = {}
    for step in steps:
        keys[step.name] = ledger.key(step, keys)
    done = {step.name for step in steps if ledger.is_done(step, keys[step.name])}
    needed = _needed(steps, goals, done)
    settled = True
    for step in steps:
        if step.name in done:
            tell(step.name)
        if step.name not in needed:
            continue
        step.make()
        if ledger.note(step, keys[step.name]):
            for later in steps:
                if step.name in later.after and later.name in done:
                    # It was made from other bytes, so it counts no more.
                    ledger.forget(later)
                    settled = False
    return settled


def _needed(steps: Sequence[Step], goals: Goals, done: Collection[str]) -> set[str]:
    """Return the steps to make: the goals, and what those of them stand on that are not done."""
    needed: set[str] = set()
    for step in reversed(steps):
        if step.name in done:
            continue
        below = [later for later in steps if later.name in needed and step.name in later.after]
        if step.name not in goals.names and not below:
            continue
        if step.name not in goals.names and goals.alone:
            raise BadInputError(
                f"{below[0].name} needs what {step.name} makes, which is not there.",
                f"Add --step {step.group}, or leave --step out.",
            )
        needed.add(step.name)
    return needed


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, content: object) -> None:
    with whole_file(path) as part:
        part.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
