"""The bundle file: how its bytes lie, and how it is written.

    write(file, manifest, paths, program, signer)

One file holds, in this order,

    the members, byte after byte, behind two lines that say what this is
    a small zip archive: manifest.json, manifest.sig (key and signature), the installing program
    the archive's comment, of fixed length: where the members end, how long the manifest is

Python runs a file that ends with a zip archive, and members of any size may lie in front of it.
Members are never packed, so there is nothing to unpack too far. ``reading`` writes the archive
again and compares it as a whole: nothing that is not signed has a place to hide.
Standard library only: this module travels inside every bundle.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from runtime.bundle.archive import Part, archive
from runtime.bundle.manifest import Manifest, encode
from runtime.errors import BadInputError

PREAMBLE = b"#!/usr/bin/env python3\n# A bundle of Kindmark. Read it with: python3 FILE --help\n"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
# In front of what is signed: a signature for something else is never one for a bundle.
SIGNED = b"kindmark bundle 1\n"
COMMENT = re.compile(rb"kindmark-bundle ([0-9a-f]{16}) ([0-9a-f]{8})")
COMMENT_BYTES = 41
_CHUNK = 1 << 20


class Signer(NamedTuple):
    """A key that signs: its public part (32 bytes), and what signs with the other part."""

    public: bytes
    sign: Callable[[bytes], bytes]


def write(
    file: BinaryIO,
    manifest: Manifest,
    paths: Sequence[Path],
    program: Sequence[Part],
    signer: Signer,
) -> None:
    """Write a bundle whose ``manifest`` lists the files at ``paths`` and ``program`` in order.

    Raises ``BadInputError`` if a file changed since the manifest was made.
    """
    file.write(PREAMBLE)
    for member, path in zip(manifest.members, paths, strict=True):
        with path.open("rb") as source:
            if copy_bytes(source, member.bytes, file) != member.sha256 or source.read(1):
                raise BadInputError(f"{path} changed while the bundle was written.", "Try again.")
    payload = file.tell()
    listed = encode(manifest)
    proof = signer.public + signer.sign(SIGNED + listed)
    file.write(tail(payload, [(MANIFEST, listed), (SIGNATURE, proof), *program]))


def tail(payload: int, parts: Sequence[Part]) -> bytes:
    """Return what follows the members, which end at ``payload``; the first part is the manifest."""
    comment = f"kindmark-bundle {payload:016x} {len(parts[0][1]):08x}"
    return archive(parts, comment.encode())


def copy_bytes(source: BinaryIO, count: int, target: BinaryIO | None) -> str:
    """Copy ``count`` bytes, or just read them, and return the SHA-256 of what was there."""
    digest = hashlib.sha256()
    for chunk in _chunks(source, count):
        digest.update(chunk)
        if target:
            target.write(chunk)
    return digest.hexdigest()


def _chunks(source: BinaryIO, count: int) -> Iterator[bytes]:
    while count and (chunk := source.read(min(count, _CHUNK))):
        count -= len(chunk)
        yield chunk
