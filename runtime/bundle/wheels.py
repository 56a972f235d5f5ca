"""A wheelhouse without a network: every package Kindmark runs with, as a wheel again.

    for path in pack(folder): ...

What is installed lists its own files and their hashes (RECORD, PEP 376 and 427), so a wheel can be
made of it: the very files that were tested here, llama.cpp as it was compiled here included.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from runtime import __version__
from runtime.bundle.wheel_file import WheelFile, hash_of
from runtime.errors import BadInputError
from runtime.locations import shipped_examples, shipped_models

OWN = "kindmark"
PACKAGES = ("runtime", "train", "convert")
# Installs the others; a classroom's Python often comes without it.
INSTALLER = "pip"
# Of this installation alone; pip writes them anew.
_LOCAL = re.compile(r"\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$|\.pyc$")
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


def pack(folder: Path) -> list[Path]:
    """Write Kindmark's wheel, those of all it needs and pip's into ``folder``.

    Raises ``BadInputError`` if a package is missing or its files were changed.
    """
    names = sorted({*closure(requirements()), INSTALLER})
    return [pack_own(folder), *(pack_installed(name, folder) for name in names)]


def requirements() -> list[str]:
    """Return what Kindmark itself needs, from its checkout or its installation."""
    project = _checkout() / "pyproject.toml"
    if project.is_file():
        return list(tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"])
    return metadata.requires(OWN) or []


def closure(needs: list[str], extras: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of all installed packages that are needed, directly or not.

    What is needed only elsewhere (``; sys_platform == ...``) counts where it is installed.
    """
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(need, extras) for need in needs]
    while waiting:
        need, asked = waiting.pop()
        name, options, condition = _parsed(need)
        if not _applies(condition, asked):
            continue
        wanted = frozenset(_plain(option) for option in options.split(",") if option)
        installed = _installed(name, optional=bool(condition))
        if installed and (_plain(name), wanted) not in seen:
            seen.add((_plain(name), wanted))
            waiting += [(need, wanted) for need in installed.requires or []]
    return {name for name, _ in seen}


def _parsed(need: str) -> tuple[str, str, str]:
    """Return the name, the extras and the condition of a requirement (PEP 508)."""
    found = _REQUIREMENT.match(need)
    if not found:
        raise BadInputError(f"{need!r} is no requirement that can be read.")
    name, options, condition = found.groups()
    return name, options or "", condition or ""


def _applies(condition: str, extras: frozenset[str]) -> bool:
    asked = _EXTRA.search(condition)
    return not asked or _plain(asked.group(1)) in extras


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _installed(name: str, *, optional: bool) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        if optional:
            return None
        mend = "Install Kindmark anew, or give a folder of wheels with --wheels."
        raise BadInputError(f"The package {name} is not installed here.", mend) from None


def pack_installed(name: str, folder: Path) -> Path:
    """Write the wheel of an installed package into ``folder`` and return its path."""
    found = metadata.distribution(name)
    head, info = found.read_text("WHEEL"), _info(found)
    if head is None or info is None:
        raise BadInputError(f"The package {name} was not installed from a wheel.", "Use --wheels.")
    path = folder / f"{info.removesuffix('.dist-info')}-{_tag(head)}.whl"
    with WheelFile(path, info) as wheel:
        for file in found.files or ():
            # Commands and manual pages lie outside; pip makes the commands anew.
            if ".." in file.parts or _LOCAL.search(str(file)):
                continue
            wheel.add(str(file), _read(found, file))
    return path


def _read(found: metadata.Distribution, file: metadata.PackagePath) -> bytes:
    data = Path(str(found.locate_file(file))).read_bytes()
    if file.hash and hash_of(data, file.hash.mode) != file.hash.value:
        mend = "Install it anew: a bundle carries what was published, not what was changed here."
        raise BadInputError(f"{file} of the package {found.name} was changed.", mend)
    return data


def _info(found: metadata.Distribution) -> str | None:
    """Return the name of the folder with the package's metadata."""
    names = (file.parts[0] for file in found.files or ())
    return next((name for name in names if name.endswith(".dist-info")), None)


def _tag(head: str) -> str:
    """Return the tag of a wheel's name; several of one kind are joined by dots."""
    tags = re.findall(r"^Tag: (.+)-(.+)-(.+)$", head, re.MULTILINE)
    kinds = zip(*(tuple(part.strip() for part in tag) for tag in tags), strict=True)
    return "-".join(".".join(sorted(set(kind))) for kind in kinds)


def pack_own(folder: Path) -> Path:
    """Write Kindmark's own wheel into ``folder``: its packages, models and examples as they are."""
    info = f"{OWN}-{__version__}.dist-info"
    path = folder / f"{OWN}-{__version__}-py3-none-any.whl"
    with WheelFile(path, info) as wheel:
        for name, source in _own_files():
            wheel.add(name, source.read_bytes())
        needs = "".join(f"Requires-Dist: {need}\n" for need in requirements() if ";" not in need)
        head = f"Metadata-Version: 2.1\nName: {OWN}\nVersion: {__version__}\n"
        wheel.add(f"{info}/METADATA", (head + needs).encode())
        commands = f"[console_scripts]\n{OWN} = runtime.cli.main:main\n"
        wheel.add(f"{info}/entry_points.txt", commands.encode())
        tag = f"Wheel-Version: 1.0\nGenerator: {OWN}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.add(f"{info}/WHEEL", tag.encode())
    return path


def _own_files() -> Iterator[tuple[str, Path]]:
    places = {name: _checkout() / name for name in PACKAGES}
    places |= {"runtime/_models": shipped_models(), "runtime/_examples": shipped_examples()}
    seen = set()
    for inside, place in places.items():
        for path in sorted(place.rglob("*")):
            name = f"{inside}/{path.relative_to(place).as_posix()}"
            if path.is_file() and "__pycache__" not in path.parts and name not in seen:
                seen.add(name)
                yield name, path


def _checkout() -> Path:
    """Return the folder that holds our packages."""
    return Path(__file__).parents[2]
