"""Writes a wheel: a zip archive with a list of its own files and their hashes (PEP 427).

with WheelFile(Path("x-1.0-py3-none-any.whl"), "x-1.0.dist-info") as wheel:
    wheel.add("x.py", b"")
"""

import base64
import hashlib
import zipfile
from pathlib import Path

from runtime.closing import Closing


def hash_of(data: bytes, kind: str) -> str:
    """Return a hash as the list of a wheel's files spells it."""
    return base64.urlsafe_b64encode(hashlib.new(kind, data).digest()).decode().rstrip("=")


class WheelFile(Closing):
    """A wheel that is being written; its list of files is added at its end.

    ``info`` names the folder with its metadata, such as "kindmark-0.1.0.dist-info".
    """

    def __init__(self, path: Path, info: str) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._record: list[str] = []
        self._info = info

    def close(self) -> None:
        """Add the list of files and close the wheel."""
        name = f"{self._info}/RECORD"
        self._write(name, "\n".join([*self._record, f"{name},,", ""]).encode())
        self._zip.close()

    def add(self, name: str, data: bytes) -> None:
        """Add a file."""
        listed = f'"{name}"' if "," in name else name
        self._record.append(f"{listed},sha256={hash_of(data, 'sha256')},{len(data)}")
        self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        # Of one date, so that the same files give the same wheel.
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.external_attr = 0o100644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)
