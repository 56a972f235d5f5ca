"""Zip files whose bytes depend on nothing but their contents: no times, no owners, sorted names."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can write down."""
_UNIX = 3
_MODE = 0o644 << 16


def write_archive(path: Path, members: Mapping[str, bytes]) -> None:
    """Write ``members`` by name, compressed."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = _UNIX
            info.external_attr = _MODE
            archive.writestr(info, members[name])


def read_archive(path: Path) -> dict[str, bytes]:
    """Return what is in a zip by name. Raises ``zipfile.BadZipFile`` if it is none or damaged."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
