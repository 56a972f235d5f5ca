"""Gets llama.cpp's own converter: out of the source distribution of the engine that is installed.

    source = llama_cpp_source(print)     a folder with conversion/ and gguf-py/

So converter and engine always match. Fetched once with pip, checked against a recorded SHA-256,
unpacked without trust and kept in the user's cache.
"""

import contextlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import platformdirs

from convert.say import Say
from runtime.errors import ModelError
from runtime.judge.catalogue import sha256

VERSION = "0.3.36"
SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
REQUIREMENT = f"llama-cpp-python=={VERSION}"
BY_HAND = (
    f"Check the network; or bring llama_cpp_python-{VERSION}.tar.gz, the source distribution of "
    "that release, by hand: kindmark convert RUN --from-sdist FILE"
)

_INSIDE = PurePosixPath(f"llama_cpp_python-{VERSION}/vendor/llama.cpp")
# All that conversion needs, 2 of the 170 MB; the licence goes with them.
_FOLDERS = ("conversion", "gguf-py/gguf")
_FILES = ("convert_lora_to_gguf.py", "LICENSE")
# The true archive unpacks to 170 MB; a hostile one must not fill the disk.
_LARGEST = 20_000_000


def llama_cpp_source(say: Say, sdist: Path | None = None) -> Path:
    """Return the folder of llama.cpp, fetched unless it is in the cache (or ``sdist`` is brought).

    ``KINDMARK_LLAMA_CPP`` names another folder, for those who package Kindmark. Raises
    ``ModelError`` if pip cannot fetch it or the file is not the recorded one.
    """
    installed = importlib.metadata.version("llama-cpp-python")
    if installed != VERSION:
        raise ModelError(
            f"The installed llama-cpp-python is {installed}, and the converter is of {VERSION}.",
            "Set Kindmark up again: make run",
        )
    if chosen := os.environ.get("KINDMARK_LLAMA_CPP"):
        return _checked(Path(chosen))
    target = _cache() / f"llama.cpp-{VERSION}-{SHA256[:8]}"
    if sdist is not None or not target.is_dir():
        with _working_folder(target.parent) as folder:
            archive = sdist or _download(folder, say)
            _unpack(archive, folder / "unpacked")
            _move(folder / "unpacked", target)
    return _checked(target)


def _cache() -> Path:
    return platformdirs.user_cache_path("kindmark") / "sources"


@contextlib.contextmanager
def _working_folder(parent: Path) -> Iterator[Path]:
    # In the same folder as the target, so that the last step is a rename.
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=parent) as folder:
        yield Path(folder)


def _checked(folder: Path) -> Path:
    for name in (*_FOLDERS, *_FILES):
        if not (folder / name).exists():
            raise ModelError(
                f"The folder {folder} is not llama.cpp's source: it lacks {name}.",
                "Delete the folder, and it is fetched again.",
            )
    return folder


def _download(folder: Path, say: Say) -> Path:
    """Download the source distribution as pip is configured on this machine."""
    say(f"Fetching llama.cpp's converter, the source of {REQUIREMENT} (77 MB; a minute or two) ...")
    options = ["--no-deps", "--no-binary=llama-cpp-python", "--no-cache-dir", "--quiet"]
    # In a file with its hash, so that pip refuses another file before it runs any of it.
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{REQUIREMENT} --hash=sha256:{SHA256}\n", "utf-8")
    options += ["--require-hashes", "--retries", "1", "-d", str(folder), "-r", str(wanted)]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(folder.glob("*.tar.gz"))
    if run.returncode or not found:
        said = run.stderr.strip().splitlines() or ["no reason given"]
        raise ModelError(f"pip cannot download {REQUIREMENT}: {said[-1]}.", BY_HAND)
    return found[0]


def _unpack(archive: Path, target: Path) -> None:
    """Copy the converter out of the archive, plain files only. Raises ``ModelError``."""
    if not archive.is_file():
        raise ModelError(f"There is no file {archive}.", BY_HAND)
    if (found := sha256(archive)) != SHA256:
        raise ModelError(
            f"{archive} is damaged or another release: its SHA-256 is {found[:12]}..., and "
            f"{SHA256[:12]}... is needed.",
            BY_HAND,
        )
    try:
        unpack_members(archive, target)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise ModelError(f"{archive} cannot be unpacked: {error}.", BY_HAND) from error


def unpack_members(archive: Path, target: Path) -> None:
    """Copy the files that conversion needs; whatever is no plain file of ours is passed over.

    Raises ``ValueError`` if they are larger than they can be.
    """
    room = _LARGEST
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            inside = _wanted(member)
            if inside is None:
                continue
            room -= member.size
            source = tar.extractfile(member)
            if room < 0 or source is None:
                raise ValueError(f"{member.name} is larger than it can be")
            path = target / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(source, file)


def _wanted(member: tarfile.TarInfo) -> PurePosixPath | None:
    """Return where a member goes, or ``None`` if it is not one of ours."""
    name = PurePosixPath(member.name)
    if not member.isreg() or ".." in name.parts or not name.is_relative_to(_INSIDE):
        return None
    inside = name.relative_to(_INSIDE)
    ours = any(inside.is_relative_to(folder) for folder in _FOLDERS) or str(inside) in _FILES
    return inside if ours else None


def _move(unpacked: Path, target: Path) -> None:
    # A folder cannot be replaced in one step; a cache that is whole already is as good.
    with contextlib.suppress(OSError):
        unpacked.rename(target)
    if not target.is_dir():
        raise ModelError(f"{target} cannot be written.", "Check the room and rights on that disk.")
