"""The user's settings in TOML: unknown keys are refused, and a file is written whole or not.

chosen = read_settings(path, Preferences, mend="Choose again with: kindmark models use NAME")
write_settings(path, "What Kindmark was told to use.", chosen)
"""

import difflib
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from runtime.errors import BadInputError, reason_of
from runtime.toml_text import toml_text
from runtime.words import _

T = TypeVar("T", bound=msgspec.Struct)


def read_settings(path: Path, kind: type[T], mend: str) -> T:
    """Read ``path`` as a ``kind``; without a file, its defaults.

    Raises ``BadInputError`` naming the file, the key and the nearest known one; ``mend`` says what
    to do about a file that makes no sense.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return kind()
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
            _("Check who may read it."),
        ) from None
    except ValueError as error:
        raise BadInputError(
            _("{path} is no TOML: {error}.").format(path=path, error=error), mend
        ) from None
    _check_keys(values, kind.__struct_fields__, path)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise BadInputError(f"{path}: {error}.", mend) from None


def write_settings(path: Path, heading: str, values: msgspec.Struct) -> None:
    """Write ``values`` to ``path``, with a comment above. Raises ``OSError`` if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(f"# {heading}\n\n{toml_text(msgspec.to_builtins(values))}")
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(path)


def _check_keys(values: dict[str, Any], known: tuple[str, ...], path: Path) -> None:
    unknown = next((key for key in values if key not in known), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, known, n=1, cutoff=0.3) or known
        raise BadInputError(
            _("{path}: there is no setting {unknown!r}.").format(path=path, unknown=unknown),
            _("Did you mean {near!r}?").format(near=near[0]),
        )
