"""What the person at this machine has chosen for the app: language, colours, size, movement.

    settings = read()
    keep(msgspec.structs.replace(settings, language="it"))

In ``app.toml`` beside the settings of the command line; a sentence about each stands below.
"""

import os
from enum import StrEnum
from pathlib import Path

import msgspec

from runtime.errors import BadInputError
from runtime.locations import user_settings
from runtime.settings_file import read_settings, write_settings
from runtime.words import _, nearest

_HEADING = "How the app looks. Written by its settings (F2)."


class Colours(StrEnum):
    """Which theme; ``AUTO`` follows the terminal where it says what it has."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST_LIGHT = "contrast-light"
    CONTRAST_DARK = "contrast-dark"


class AppSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``language`` "" is that of the system; ``large_text`` shows fewer things, wider apart;
    ``reduced_motion`` has nothing move by itself."""

    language: str = ""
    colours: Colours = Colours.AUTO
    large_text: bool = False
    reduced_motion: bool = False

    def spoken(self) -> str:
        """Return the code of the language to speak."""
        return nearest(self.language or _system_language())


def place() -> Path:
    """Return the file they are kept in."""
    return user_settings().with_name("app.toml")


def read() -> AppSettings:
    """Read them; without a file, what Kindmark comes with. Raises ``BadInputError``."""
    path = place()
    return read_settings(path, AppSettings, f"Delete {path} and choose again in the app.")


def keep(chosen: AppSettings) -> None:
    """Write them. Raises ``BadInputError`` if that fails; they hold until the app ends then."""
    path = place()
    try:
        write_settings(path, _HEADING, chosen)
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
            _("What you chose holds for today."),
        ) from None


def _system_language() -> str:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "en")
