"""What a bundle says about itself: the signed list of everything that is in it.

    manifest = parse(text)
    manifest.members[0].name    "wheels/numpy-2.4.6-cp311-cp311-linux_x86_64.whl"

Standard library only: this module travels inside every bundle. Every name is checked here, so that
no one can write outside the folder it was given, whatever signed the bundle.
"""

import json
import re
from typing import Any, NamedTuple

FORMAT = 1
ENTRIES = "entries.toml"
"""The catalogue entries of the models inside."""

FITS = "calibrations.toml"
"""What was fitted to teachers' labels with the models inside, if anything was."""

FOLDERS = ("wheels", "models", "items", "rubrics")
# One folder of ours and a plain file name: no "..", no "/", no drive, nothing hidden.
_MEMBER = re.compile(rf"(?:{'|'.join(FOLDERS)})/[A-Za-z0-9][A-Za-z0-9._+!-]{{0,199}}")
_PROGRAM = re.compile(r"(?:[a-z_][a-z0-9_]{0,40}/){0,3}[a-z_][a-z0-9_]{0,40}\.py")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Windows would open a device instead of a file.
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_WORD = re.compile(r"[A-Za-z0-9._+-]{0,100}")


class Member(NamedTuple):
    """One file: its name inside the bundle, its size in bytes and its SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str

    @property
    def folder(self) -> str:
        """The part of the bundle it belongs to, of ``FOLDERS``; "" for ``ENTRIES`` and ``FITS``."""
        return self.name.rpartition("/")[0]

    @property
    def file(self) -> str:
        """Its plain name."""
        return self.name.rpartition("/")[2]


class Machine(NamedTuple):
    """What the wheels inside run on.

    ``python`` is "3.11", ``platform`` such as "linux-x86_64", ``glibc`` the least version ("": any)
    and ``cpu`` the instruction sets the engine was compiled for, as Linux names them.
    """

    python: str
    platform: str
    glibc: str = ""
    cpu: tuple[str, ...] = ()


class Manifest(NamedTuple):
    """What is signed. ``machine`` is ``None`` for a bundle without wheels."""

    kindmark: str
    made: str
    machine: Machine | None
    members: tuple[Member, ...]
    program: tuple[Member, ...]

    def within(self, folder: str) -> tuple[Member, ...]:
        """Return the members of one of ``FOLDERS``."""
        return tuple(member for member in self.members if member.folder == folder)


class ManifestError(ValueError):
    """What is wrong with a manifest, as the end of a sentence."""


def encode(manifest: Manifest) -> bytes:
    """Return the bytes that are signed."""
    fields: dict[str, Any] = {"format": FORMAT, **manifest._asdict()}
    fields["machine"] = manifest.machine._asdict() if manifest.machine else None
    for part in ("members", "program"):
        fields[part] = [member._asdict() for member in fields[part]]
    return (json.dumps(fields, indent=1) + "\n").encode()


def parse(data: bytes) -> Manifest:
    """Read a manifest. Raises ``ManifestError`` for whatever is not exactly as it should be."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ManifestError("its list of contents is no JSON") from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ManifestError("it was made by another version of Kindmark")
    found = _manifest(_of(fields, "format", *Manifest._fields))
    # One spelling only: what was signed is what is read, with nothing between the lines.
    if encode(found) != data:
        raise ManifestError("its list of contents is not written as Kindmark writes it")
    return found


def _manifest(fields: dict[str, Any]) -> Manifest:
    machine = fields["machine"]
    found = Manifest(
        _word(fields["kindmark"]),
        _word(str(fields["made"]).replace(":", "")) and str(fields["made"]),
        None if machine is None else _machine(_of(machine, *Machine._fields)),
        _members(fields["members"]),
        _members(fields["program"]),
    )
    for member in found.members:
        if member.name not in (ENTRIES, FITS) and not _MEMBER.fullmatch(member.name):
            raise ManifestError(f"it has a file with an impossible name, {member.name[:80]!r}")
        if _DEVICE.fullmatch(member.file) or member.file.endswith("."):
            raise ManifestError(f"it has a file with a forbidden name, {member.name!r}")
    if not all(_PROGRAM.fullmatch(member.name) for member in found.program):
        raise ManifestError("its program has a file with an impossible name")
    return found


def _machine(fields: dict[str, Any]) -> Machine:
    if not isinstance(fields["cpu"], list):
        raise ManifestError("its list of contents is damaged")
    python, platform, glibc = (_word(fields[name]) for name in Machine._fields[:3])
    return Machine(python, platform, glibc, tuple(_word(name) for name in fields["cpu"]))


def _members(found: object) -> tuple[Member, ...]:
    if not isinstance(found, list):
        raise ManifestError("its list of contents is damaged")
    members = tuple(_member(_of(fields, *Member._fields)) for fields in found)
    # Some file systems do not tell upper from lower case.
    names = [member.name.lower() for member in members]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ManifestError(f"it has {twice!r} twice")
    return members


def _member(fields: dict[str, Any]) -> Member:
    name, size, digest = fields["name"], fields["bytes"], fields["sha256"]
    sound = isinstance(name, str) and isinstance(digest, str) and type(size) is int
    if not sound or not 0 <= size < 2**50 or not _SHA256.fullmatch(digest):
        raise ManifestError("its list of contents is damaged")
    return Member(name, size, digest)


def _of(fields: object, *names: str) -> dict[str, Any]:
    if not isinstance(fields, dict) or set(fields) != set(names):
        raise ManifestError("its list of contents is damaged")
    return fields


def _word(found: object) -> str:
    if not isinstance(found, str) or not _WORD.fullmatch(found):
        raise ManifestError("its list of contents is damaged")
    return found
