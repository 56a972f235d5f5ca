"""Opens a bundle, and gives nothing out that was not signed.

    with check(path, trusted("3f2a-...")) as bundle:
        bundle.check_members()
        bundle.copy(member, target)

Standard library only: this module travels inside every bundle.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from runtime.bundle import ed25519
from runtime.bundle.archive import header_bytes
from runtime.bundle.layout import (
    COMMENT,
    COMMENT_BYTES,
    MANIFEST,
    PREAMBLE,
    SIGNATURE,
    SIGNED,
    copy_bytes,
    tail,
)
from runtime.bundle.manifest import Manifest, ManifestError, Member, encode, parse
from runtime.bundle.trust import fingerprint
from runtime.closing import Closing
from runtime.errors import BadInputError

# Far more than the list of thousands of files and the program take.
_MOST_TAIL = 16_000_000
_PROOF_BYTES = ed25519.PUBLIC_BYTES + ed25519.SIGNATURE_BYTES
_AGAIN = "Nothing was taken from it. Copy the bundle again from where it was made."

Verify = Callable[[bytes, bytes, bytes], bool]


class Bundle(Closing):
    """A bundle that the owner of the ``trusted`` fingerprint signed, with nothing else in it."""

    def __init__(self, path: Path, file: BinaryIO, manifest: Manifest, trusted: str) -> None:
        """Keep the file open: whoever swaps it on the disk changes nothing here."""
        self.path, self.manifest, self.trusted = path, manifest, trusted
        self._file = file
        self._starts: dict[str, int] = {}
        at = len(PREAMBLE)
        for member in manifest.members:
            self._starts[member.name] = at
            at += member.bytes

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def digest(self) -> str:
        """SHA-256 of the signed list, which stands for all contents."""
        return hashlib.sha256(encode(self.manifest)).hexdigest()

    def check_members(self) -> None:
        """Read every member. Raises ``BadInputError`` naming the first that was altered."""
        for member in self.manifest.members:
            self._file.seek(self._starts[member.name])
            self._compare(member, copy_bytes(self._file, member.bytes, None))

    def copy(self, member: Member, target: Path) -> None:
        """Copy one member and check it on the way; a wrong one never gets its name.

        Raises ``BadInputError`` if it was altered, ``OSError`` if it cannot be written.
        """
        partial = target.with_name(f"{target.name}.partial")
        self._file.seek(self._starts[member.name])
        try:
            with partial.open("wb") as file:
                self._compare(member, copy_bytes(self._file, member.bytes, file))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def _compare(self, member: Member, found: str) -> None:
        if found != member.sha256:
            raise altered(self.path, f"{member.name} is not what was signed")


def check(path: Path, trusted: str, verify: Verify = ed25519.verify) -> Bundle:
    """Open a bundle that was signed with the key of the ``trusted`` fingerprint.

    Raises ``BadInputError`` if it is no bundle, another key signed it, or anything but its members
    was altered; those are read by ``Bundle.check_members`` and, once more, as they are copied.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return Bundle(path, file, _checked(path, file, trusted, verify), trusted)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
        raise


def altered(path: Path, what: str) -> BadInputError:
    """Return the error for a bundle that is not as it was signed."""
    return BadInputError(f"{path} was altered or damaged: {what}.", _AGAIN)


def _checked(path: Path, file: BinaryIO, trusted: str, verify: Verify) -> Manifest:
    payload, end, length = _ends(path, file)
    parts = _Parts(end)
    listed, proof = parts.take(MANIFEST, length), parts.take(SIGNATURE, _PROOF_BYTES)
    _check_signature(path, listed, proof, trusted, verify)
    try:
        manifest = parse(listed)
    except ManifestError as error:
        raise BadInputError(f"{path} cannot be used: {error}.") from error
    program = [(part.name, parts.take(part.name, part.bytes)) for part in manifest.program]
    for part, (_, data) in zip(manifest.program, program, strict=True):
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise altered(path, f"its program's {part.name} is not what was signed")
    file.seek(0)
    members = len(PREAMBLE) + sum(member.bytes for member in manifest.members)
    whole = tail(payload, [(MANIFEST, listed), (SIGNATURE, proof), *program])
    if whole != end or file.read(len(PREAMBLE)) != PREAMBLE or members != payload:
        raise altered(path, "it holds something that is not signed")
    return manifest


def _ends(path: Path, file: BinaryIO) -> tuple[int, bytes, int]:
    """Return where the members end, all that follows, and the length of the manifest."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - COMMENT_BYTES))
    found = COMMENT.fullmatch(file.read())
    payload, length = (int(group, 16) for group in found.groups()) if found else (0, 0)
    if not found or not 0 <= size - payload <= _MOST_TAIL:
        raise BadInputError(
            f"{path} is no bundle of Kindmark, or it is cut short.",
            "Copy it again; a bundle is made with: kindmark bundle export",
        )
    file.seek(payload)
    return payload, file.read(), length


class _Parts:
    """Takes the files of the archive one after another, from where they must lie."""

    def __init__(self, end: bytes) -> None:
        self._end, self._at = end, 0

    def take(self, name: str, length: int) -> bytes:
        start = self._at + header_bytes(name)
        self._at = start + length
        # Past the end it is short, and then no hash and no signature fits.
        return self._end[start : self._at]


def _check_signature(path: Path, listed: bytes, proof: bytes, trusted: str, verify: Verify) -> None:
    public, signature = proof[: ed25519.PUBLIC_BYTES], proof[ed25519.PUBLIC_BYTES :]
    if fingerprint(public) != trusted:
        raise BadInputError(
            f"{path} is not signed with the key {trusted}, but with {fingerprint(public)}.",
            "Nothing was taken from it. Ask who made the bundle for the fingerprint of their key.",
        )
    if not verify(public, SIGNED + listed, signature):
        raise altered(path, "its signature is not right")
