"""Files the desk writes: whole or not at all.

write_whole(Path("class.csv"), data)
"""

from contextlib import suppress
from pathlib import Path

from runtime.errors import BadInputError
from runtime.words import _


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its name and let it take the name when it is whole.

    Raises ``BadInputError`` if it cannot be written; one that was there stays then.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        # The folder may be a file, or not be there: then so is the part.
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BadInputError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
            _("Make room, or choose another folder."),
        ) from None
