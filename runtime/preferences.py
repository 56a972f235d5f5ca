"""What a user has chosen for good, in a TOML file of the user's: which model marks.

    keep(Preferences(model="qwen2.5-1.5b"))
    preferences().model

The file is written whole or not at all; unknown keys are refused by name.
"""

from pathlib import Path

import msgspec

from runtime.errors import BadInputError, reason_of
from runtime.locations import user_settings
from runtime.settings_file import read_settings, write_settings
from runtime.words import _

_HEADING = "What Kindmark was told to use. Written by: kindmark models use"


class Preferences(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``model`` is a name in the catalogue or the path of a GGUF file; "": the embedded default."""

    model: str = ""


def preferences() -> Preferences:
    """Read the user's choices; without a file, what Kindmark comes with.

    Raises ``BadInputError`` naming the file, the key and the nearest known one.
    """
    path = user_settings()
    mend = f"Delete {path}, then choose again with: kindmark models use NAME"
    return read_settings(path, Preferences, mend)


def keep(chosen: Preferences) -> Path:
    """Write the user's choices and return where they lie.

    Raises ``BadInputError`` if they cannot be written.
    """
    path = user_settings()
    try:
        write_settings(path, _HEADING, chosen)
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Give --model with each command."),
        ) from None
    return path
