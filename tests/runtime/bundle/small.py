"""Small bundles, whole or spoilt on purpose."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from runtime.bundle.archive import Part
from runtime.bundle.layout import Signer, write
from runtime.bundle.manifest import Machine, Manifest, Member
from runtime.bundle.trust import fingerprint

PROGRAM: tuple[Part, ...] = (("__main__.py", b"print('hello')\n"),)
FILES = {"items/week1.jsonl": b'{"id": "1"}\n' * 40, "rubrics/science.toml": b"x = 1\n"}


class Key(NamedTuple):
    """A key pair and what is called by it."""

    signer: Signer
    name: str


def key() -> Key:
    made = Ed25519PrivateKey.generate()
    public = made.public_key().public_bytes_raw()
    return Key(Signer(public, made.sign), fingerprint(public))


def member(name: str, data: bytes) -> Member:
    return Member(name, len(data), hashlib.sha256(data).hexdigest())


def manifest(files: Mapping[str, bytes], machine: Machine | None = None) -> Manifest:
    return Manifest(
        "0.1.0",
        "2026-01-01T00:00:00Z",
        machine,
        tuple(member(name, data) for name, data in files.items()),
        tuple(member(name, data) for name, data in PROGRAM),
    )


def bundle_bytes(
    folder: Path, made: Key, files: Mapping[str, bytes] = FILES, listed: Manifest | None = None
) -> bytes:
    """Return a bundle of these files; ``listed`` claims something else than what is in it."""
    paths = []
    for number, data in enumerate(files.values()):
        paths.append(folder / f"source-{number}")
        paths[-1].write_bytes(data)
    file = io.BytesIO()
    write(file, listed or manifest(files), paths, PROGRAM, made.signer)
    return file.getvalue()
