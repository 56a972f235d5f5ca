"""Builds llama-server out of the very source that the installed engine was built from.

    python -m benchmarks.peers.build_server --folder F           F/llama-server
    python -m benchmarks.peers.build_server --folder F --from-sdist llama_cpp_python-0.3.36.tar.gz

pip fetches the source distribution, checked against the recorded SHA-256. Needs cmake and a C++
compiler, 1 GB of disk and about half an hour of two cores. Built for this processor, as pip builds
the engine; without HTTPS and without the web page, which would be downloaded.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from convert.gguf.llama_cpp_source import REQUIREMENT, SHA256, VERSION
from runtime.judge.catalogue import sha256

INSIDE = f"llama_cpp_python-{VERSION}/vendor/llama.cpp"
OPTIONS = {
    "CMAKE_BUILD_TYPE": "Release",
    "GGML_NATIVE": "ON",
    "BUILD_SHARED_LIBS": "OFF",
    "LLAMA_OPENSSL": "OFF",
    "LLAMA_BUILD_UI": "OFF",
    "LLAMA_USE_PREBUILT_UI": "OFF",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_APP": "OFF",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Build the server and print where it is; a build that was broken off goes on."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers.build_server", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--folder", type=Path, required=True, help="where to build")
    parser.add_argument("--from-sdist", type=Path, metavar="FILE", help="do not fetch it")
    parser.add_argument("--jobs", type=int, default=2, help="compilers at a time; default 2")
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    source = args.folder / INSIDE
    if not (source / "CMakeLists.txt").is_file():
        unpack(args.from_sdist or fetch(args.folder), args.folder)
    print(build(source, args.folder, args.jobs))
    return 0


def fetch(folder: Path) -> Path:
    """Return the source distribution, fetched as pip is configured on this machine."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{REQUIREMENT} --hash=sha256:{SHA256}\n", "utf-8")
    options = ["--no-deps", "--no-binary=llama-cpp-python", "--require-hashes", "--quiet"]
    options += ["--dest", str(folder), "-r", str(wanted)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options], check=True)
    return folder / f"llama_cpp_python-{VERSION}.tar.gz"


def unpack(archive: Path, folder: Path) -> None:
    """Unpack llama.cpp out of it. Exits if it is not the recorded file."""
    if sha256(archive) != SHA256:
        raise SystemExit(f"{archive} is not the source of {REQUIREMENT}.")
    with tarfile.open(archive, "r:gz") as tar:
        members = [one for one in tar if one.name.startswith(f"{INSIDE}/")]
        # The filter refuses links and paths that lead out of the folder.
        tar.extractall(folder, members, filter="data")


def build(source: Path, folder: Path, jobs: int) -> Path:
    """Compile the server and return the program."""
    work = folder / "build"
    options = [f"-D{name}={value}" for name, value in OPTIONS.items()]
    subprocess.run(["cmake", "-S", source, "-B", work, *options], check=True)
    target = ["--target", "llama-server", "--parallel", str(jobs)]
    subprocess.run(["cmake", "--build", work, *target], check=True)
    return Path(shutil.copy2(work / "bin" / "llama-server", folder / "llama-server"))


if __name__ == "__main__":
    sys.exit(main())
