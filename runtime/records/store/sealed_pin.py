"""A PIN as it is kept: it can be compared with, and not read.

sealed = SealedPin.of("4711")
sealed.opened_by("4711")
"""

import hashlib
import hmac
import secrets
import unicodedata
from typing import NamedTuple, Self

from runtime.errors import BadInputError
from runtime.words import _

_MIN_DIGITS, _MAX_DIGITS = 4, 12
_SALT_BYTES = 16
# 16 MB and some 50 ms a try: what RFC 7914 names for interactive use, and a Raspberry Pi can bear.
_COST, _BLOCK, _LANES = 2**14, 8, 1


class SealedPin(NamedTuple):
    """scrypt (RFC 7914) of the digits."""

    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, pin: str) -> Self:
        """Seal a PIN. Raises ``BadInputError`` unless it is 4-12 digits."""
        if not _is_pin(pin):
            raise BadInputError(
                _("This is no PIN."),
                _("A PIN has {fewest} to {most} digits and nothing else.").format(
                    fewest=_MIN_DIGITS, most=_MAX_DIGITS
                ),
            )
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(salt, _hashed(pin, salt))

    def opened_by(self, pin: str) -> bool:
        """Whether it is this PIN; takes long by design."""
        return _is_pin(pin) and hmac.compare_digest(_hashed(pin, self.salt), self.hash)


def _is_pin(pin: str) -> bool:
    plain = _plain(pin)
    return _MIN_DIGITS <= len(plain) <= _MAX_DIGITS and plain.isdecimal()


def _plain(pin: str) -> str:
    return unicodedata.normalize("NFKC", pin.strip())


def _hashed(pin: str, salt: bytes) -> bytes:
    # Keyboards of some languages type other digits.
    digits = "".join(str(unicodedata.digit(character)) for character in _plain(pin))
    return hashlib.scrypt(digits.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)
