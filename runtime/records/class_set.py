"""A class set on disk or on stdin: checked as a whole, then read row by row.

with ClassSet.open("class.csv") as rows:
    for row in rows:
        row.item
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from runtime.closing import Closing
from runtime.records.csv_dialect import Heading
from runtime.records.csv_letters import Recoded, utf8
from runtime.records.csv_rows import check_csv, heading_of, read_csv
from runtime.records.jsonl import check_jsonl, read_jsonl
from runtime.records.rows import Row, RowReader
from runtime.records.source import BOM, STDIN, name_of, open_source

FORMATS = ("jsonl", "csv")
_CSV_SUFFIXES = {".csv", ".tsv", ".tab"}
_TEXT = ".txt"
_HEAD_BYTES = 64


class ClassSet(Closing):
    """All rows of one file; iterating again begins at the first row."""

    heading: Heading | None = None
    """What the columns of a table were taken for."""

    def __init__(
        self,
        file: BinaryIO,
        path: str,
        file_format: str,
        task: str | None = None,
        *,
        guess: bool = False,
    ) -> None:
        """Check an open file; ``open`` is the usual way in."""
        self._file = file
        self._task = task
        self._read = read_csv if file_format == "csv" else read_jsonl
        if file_format == "csv":
            self.count = check_csv(file, name_of(path), needs_task=not (task or guess))
            self.heading = heading_of(file)
        else:
            self.count = check_jsonl(file, name_of(path))

    @classmethod
    def open(
        cls,
        path: str,
        file_format: str | None = None,
        task: str | None = None,
        *,
        guess: bool = False,
    ) -> Self:
        """Open ``path`` ("-" is stdin); the format follows its suffix where none is given.

        With ``task``, every row is read as one of this task, whatever its own field says; with
        ``guess``, a table need not say it: each row is taken for what it looks like. Raises
        ``BadInputError`` for whatever is wrong with the file as a whole.
        """
        wanted = file_format or format_of(path)
        file = open_source(path, utf8 if wanted == "csv" else None)
        try:
            return cls(file, path, wanted, task, guess=guess)
        except BaseException:
            file.close()
            raise

    @property
    def encoding(self) -> str:
        """What the file was written in."""
        return self._file.encoding if isinstance(self._file, Recoded) else "UTF-8"

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.count

    def __iter__(self) -> Iterator[Row]:
        """Yield every row in order."""
        self._file.seek(0)
        return RowReader(self._task).read(self._read(self._file))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def format_of(path: str) -> str:
    """Return "csv" or "jsonl" by the suffix; stdin and unknown suffixes are JSONL.

    Excel calls a table of Unicode text ".txt": such a file is JSONL only if it begins like it.
    """
    suffix = "" if path == STDIN else Path(path).suffix.lower()
    is_table = suffix in _CSV_SUFFIXES or (suffix == _TEXT and not _begins_like_json(Path(path)))
    return "csv" if is_table else "jsonl"


def _begins_like_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES).removeprefix(BOM).lstrip()[:1] in {b"{", b"["}
    except OSError:
        # Whoever opens it says why it cannot be read.
        return True
