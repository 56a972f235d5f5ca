"""Wheels with next to nothing in them."""

from collections.abc import Mapping
from pathlib import Path

from runtime.bundle.wheel_file import WheelFile


def wheel(folder: Path, name: str, files: Mapping[str, bytes], tag: str = "py3-none-any") -> Path:
    info = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-{tag}.whl"
    with WheelFile(path, info) as written:
        for inside, data in files.items():
            written.add(inside, data)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        written.add(f"{info}/METADATA", about.encode())
        kind = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n"
        written.add(f"{info}/WHEEL", kind.encode())
    return path
