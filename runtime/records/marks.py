"""Marks on disk: JSONL, appended in batches, each on the disk before the next is marked.

with JsonlMarks.append_to(Path("marks.jsonl"), size=0) as out:
    out.write([(row, mark)])
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol, Self

import msgspec

from runtime.closing import Closing
from runtime.errors import BadInputError, ExitCode, KindmarkError, reason_of
from runtime.marking.mark import Mark
from runtime.records.rows import Row
from runtime.words import N_, _

Marked = tuple[Row, Mark]


class OutputError(KindmarkError):
    """Marks cannot be written any further; what was written before stays."""

    title = N_("The marks cannot be written")
    exit_code = ExitCode.BAD_INPUT


class MarkSink(Protocol):
    """Where marks go."""

    def write(self, marked: Sequence[Marked]) -> None:
        """Take the next marks, in the order of their rows."""

    def close(self) -> None:
        """Finish; a second call does nothing."""


def stamped(row: Row, mark: Mark, stamp: Mapping[str, str]) -> Mark:
    """Return ``mark`` with the row's digest and the settings of this run in its provenance."""
    provenance = {**mark.provenance, **stamp, "item": row.digest}
    return msgspec.structs.replace(mark, provenance=provenance)


class ByteSink(Closing):
    """Writes bytes and, where it is a file on a disk, waits until they are there."""

    def __init__(self, file: BinaryIO, path: Path | None = None) -> None:
        """Write to an open file; one without a ``path`` is a stream and stays open."""
        self._file = file
        self._path = path
        # A terminal, a pipe or /dev/null has no disk to wait for.
        self._durable = path is not None and path.is_file()

    @classmethod
    def append_to(cls, path: Path, size: int) -> Self:
        """Continue ``path`` after its first ``size`` bytes; what lies behind them is cut off."""
        try:
            file = path.open("ab")
            if path.is_file():
                file.truncate(size)
        except OSError as error:
            raise _cannot_write(path, error) from None
        return cls(file, path)

    def put(self, data: bytes) -> None:
        """Write and flush. Raises ``OutputError`` if the disk is full or gone."""
        try:
            self._file.write(data)
            self._file.flush()
            if self._durable:
                os.fsync(self._file.fileno())
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _cannot_write(self._path or "The standard output", error) from None

    def close(self) -> None:
        """Close the file; a stream stays open."""
        if self._path:
            # Whatever could not be written was reported by ``put``.
            with suppress(OSError):
                self._file.close()


class JsonlMarks(ByteSink):
    """One mark a line."""

    def write(self, marked: Sequence[Marked]) -> None:
        """Append the marks in one piece."""
        self.put(encode_marks(mark for _, mark in marked))


def encode_marks(marks: Iterable[Mark]) -> bytes:
    """Return marks as JSONL."""
    return b"".join(msgspec.json.encode(mark) + b"\n" for mark in marks)


def read_marks(path: Path) -> list[Mark]:
    """Read a file of marks. Raises ``BadInputError`` naming the first line that is none."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadInputError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
            _("Check the name."),
        ) from None
    return [
        _decode(line, f"{path}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def _decode(line: bytes, where: str) -> Mark:
    try:
        return msgspec.json.decode(line, type=Mark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInputError(
            _("{where}: this is no mark.").format(where=where),
            _("Marks are written by: kindmark grade IN -o OUT.jsonl"),
        ) from None


def _cannot_write(path: Path | str, error: OSError) -> OutputError:
    return OutputError(
        _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
        _("Marks written before are kept; mend this and run the same command again."),
    )
