"""Whose bundles are trusted: public keys, and fingerprints short enough to read out.

    fingerprint(public)              "3f2a-90c1-..." (eight groups)
    trusted("school.pub")            the same, from a key file
    trusted("3f2a90c1 ...")          the same, as someone typed it

Standard library only: this module travels inside every bundle.
"""

import base64
import binascii
import hashlib
import re
from pathlib import Path

from runtime.bundle.ed25519 import PUBLIC_BYTES
from runtime.errors import BadInputError

PREFIX = "kindmark-public-key ed25519"
# 128 bits of SHA-256: nobody finds a second key for a fingerprint, and a teacher can compare it.
_DIGITS = 32
_GROUP = 4


def fingerprint(public: bytes) -> str:
    """Return the first 128 bits of a public key's SHA-256, as eight groups of four digits."""
    return _grouped(hashlib.sha256(public).hexdigest()[:_DIGITS])


def public_text(public: bytes) -> str:
    """Return what a public key file holds: one line."""
    return f"{PREFIX} {base64.b64encode(public).decode()}\n"


def read_public(path: Path) -> bytes:
    """Return the 32 bytes of a public key file. Raises ``BadInputError`` naming the file."""
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInputError(f"{path} cannot be read: {reason}.") from error
    kind, _, encoded = text.rpartition(" ")
    try:
        public = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if kind != PREFIX or len(public) != PUBLIC_BYTES:
        raise BadInputError(
            f"{path} is no public key of Kindmark.",
            "Take the file that ends with .pub and was made by: kindmark bundle key",
        )
    return public


def trusted(text: str) -> str:
    """Return the fingerprint that a user gave, typed or as the name of a public key file."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    if re.fullmatch(rf"[0-9a-f]{{{_DIGITS}}}", digits):
        return _grouped(digits)
    if Path(text).is_file():
        return fingerprint(read_public(Path(text)))
    raise BadInputError(
        f"{text!r} is neither a fingerprint nor a public key file.",
        f"A fingerprint is {_DIGITS} digits from 0 to f; who made the bundle can tell it.",
    )


def _grouped(digits: str) -> str:
    return "-".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))
