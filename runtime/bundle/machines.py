"""What wheels run on, and whether this machine is one of those.

    machine = needed(["numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl"])
    why_not(machine)          "" or what is missing here

Standard library only: this module travels inside every bundle.
"""

import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from runtime.bundle.manifest import Machine
from runtime.errors import BadInputError

_TAGS = re.compile(r"-([^-]+)-([^-]+)-([^-]+)\.whl$")
_GLIBC = re.compile(r"manylinux_(\d+)_(\d+)_")
# What the older names of manylinux stand for (PEP 600).
_OLD_NAMES = {"manylinux1": "2.5", "manylinux2010": "2.12", "manylinux2014": "2.17"}


def here() -> Machine:
    """Return what this Python runs on, with all that its CPU can do."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return Machine(version, _platform(sysconfig.get_platform()), _glibc(), _cpu())


def needed(wheels: Iterable[str]) -> Machine:
    """Return what all of these wheels need, by their names alone.

    A wheel that was built for the machine it lies on counts as needing its Python and C library.
    Raises ``BadInputError`` if one has no tags, or two are for different machines.
    """
    pythons, platforms, libraries = set(), set(), {""}
    for name in wheels:
        found = _TAGS.search(name)
        if not found:
            raise BadInputError(f"{name} is not named as wheels are.")
        python, abi, platform = found.groups()
        if python.startswith("cp") and abi != "abi3":
            pythons.add(re.sub(r"^cp(\d)(\d+).*", r"\1.\2", python))
        if platform != "any":
            platforms.add(_platform(platform))
            libraries.add(_least_glibc(platform))
    for kind, several in (("Pythons", pythons), ("machines", platforms)):
        if len(several) > 1:
            both = " and ".join(sorted(several))
            raise BadInputError(f"The wheels are for different {kind}: {both}.")
    mine = here()
    platform = platforms.pop() if platforms else mine.platform
    return Machine(
        pythons.pop() if pythons else mine.python, platform, max(libraries, key=_version)
    )


def why_not(machine: Machine) -> str:
    """Return why wheels for ``machine`` do not run here, "" if they do."""
    mine = here()
    made_for, this = _words(machine), _words(mine)
    if (machine.python, machine.platform) != (mine.python, mine.platform):
        return f"It is for {made_for}; this is {this}."
    if machine.glibc and mine.glibc and _version(mine.glibc) < _version(machine.glibc):
        return f"It needs the C library {machine.glibc} or newer; here is {mine.glibc}."
    missing = sorted(set(machine.cpu) - set(mine.cpu)) if mine.cpu else []
    if missing:
        return f"Its engine was compiled for a CPU with {', '.join(missing)}; this one has not."
    return ""


def _words(machine: Machine) -> str:
    return f"Python {machine.python} on {machine.platform}"


def _platform(tag: str) -> str:
    """Return a platform without versions, as sysconfig and the tags of wheels name it."""
    tag = tag.split(".", maxsplit=1)[0] if "linux" in tag else tag
    tag = re.sub(r"^(?:many|musl)?linux[_-]?(?:\d+_\d+|\d+)?[_-]?", "linux-", tag)
    tag = re.sub(r"^macosx[_-][\d._]+[_-]", "macosx-", tag)
    return re.sub(r"^win_", "win-", tag)


def _least_glibc(tag: str) -> str:
    """Return the least C library that one of a wheel's tags asks for, "" for none."""
    found = [f"{major}.{minor}" for major, minor in _GLIBC.findall(tag)]
    found += [version for name, version in _OLD_NAMES.items() if f"{name}_" in tag]
    if tag.startswith("linux_"):
        # Compiled where it lies: for the C library of this machine.
        return _glibc()
    return min(found, key=_version, default="")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def _glibc() -> str:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").rpartition(" ")[2]
    except (AttributeError, ValueError, OSError):
        return ""


def _cpu(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """Return what Linux says the CPU can do, nothing elsewhere."""
    try:
        text = cpuinfo.read_text("utf-8", "replace")
    except OSError:
        return ()
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return tuple(sorted(found.group(1).split())) if found else ()
