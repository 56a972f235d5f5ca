"""Keys that sign bundles: made, kept and used.

    make(Path("school.key"))          also writes school.pub
    signer = read_signer(Path("school.key"))

The private key is a PEM file (PKCS 8) that only its owner may read; it is not encrypted.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from runtime.bundle.layout import Signer
from runtime.bundle.trust import public_text
from runtime.errors import BadInputError


def make(path: Path) -> tuple[bytes, Path]:
    """Write a new private key to ``path`` and its public half beside it, as ``.pub``.

    Returns the public key and its file. Raises ``BadInputError`` if one of both is there already.
    """
    public_path = path.with_suffix(".pub")
    if public_path == path:
        raise BadInputError(f"{path} is the name of a public key.", "Choose a name such as x.key.")
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _create(path, private, 0o600)
    try:
        _create(public_path, public_text(public).encode(), 0o644)
    except BadInputError:
        path.unlink()
        raise
    return public, public_path


def _create(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must be new, readable from its first byte by whom ``mode`` allows."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        keep = "Choose another name: bundles signed with an overwritten key are trusted no more."
        raise BadInputError(f"{path} is there already.", keep) from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(number, "wb") as file:
        file.write(data)


def read_signer(path: Path) -> Signer:
    """Return what signs with a private key file. Raises ``BadInputError`` naming the file."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        make_one = "Make one with: kindmark bundle key FILE"
        raise BadInputError(f"{path} cannot be read: {error.strerror}.", make_one) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInputError(f"{path} is no private key that can be used.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInputError(f"{path} is a key of another kind; needed is ed25519.")
    return Signer(key.public_key().public_bytes_raw(), key.sign)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the owner of ``public`` signed ``message``, as ``ed25519.verify`` does."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
