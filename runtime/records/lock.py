"""One run at a time on one file of marks.

with held(Path("marks.jsonl")):
    ...
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runtime.errors import BadInputError, reason_of
from runtime.words import _

try:
    import fcntl
except ImportError:
    # Windows has no lock of this kind.
    _locks = False
else:
    _locks = True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold ``path`` for this process; the lock ends with the process, however that ends.

    The file is made if need be, and removed if it is still empty then: a run that marks nothing
    leaves nothing. Raises ``BadInputError`` if another run holds it or it cannot be opened.
    """
    if path.exists() and not path.is_file():
        # A device or a pipe takes turns by itself.
        yield
        return
    made, file = _open(path)
    try:
        _lock(file, path)
        try:
            yield
        finally:
            if made and not os.fstat(file).st_size:
                path.unlink(missing_ok=True)
    finally:
        os.close(file)


def _open(path: Path) -> tuple[bool, int]:
    """Return whether the file was made just now, and its number."""
    try:
        with suppress(FileExistsError):
            return True, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        return False, os.open(path, os.O_RDWR)
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Choose another name."),
        ) from None


def _lock(file: int, path: Path) -> None:
    if not _locks:
        return
    # Some network file systems know no locks; there the lock is left out.
    with suppress(OSError):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInputError(
                _("Another run is writing to {path}.").format(path=path),
                _("Wait until it ends, or give this run another file with -o."),
            ) from None
