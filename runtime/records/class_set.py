"""A class set on disk or on stdin: checked as a whole, then read row by row.

with ClassSet.open("class.csv") as rows:
    for row in rows:
        row.item
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from runtime.closing import Closing
from runtime.records.csv_rows import check_csv, read_csv
from runtime.records.jsonl import check_jsonl, read_jsonl
from runtime.records.rows import Row, RowReader
from runtime.records.source import STDIN, name_of, open_source

FORMATS = ("jsonl", "csv")
_CSV_SUFFIXES = {".csv", ".tsv", ".tab"}


class ClassSet(Closing):
    """All rows of one file; iterating again begins at the first row."""

    def __init__(
        self, file: BinaryIO, path: str, file_format: str, task: str | None = None
    ) -> None:
        """Check an open file; ``open`` is the usual way in."""
        self._file = file
        self._task = task
        self._read = read_csv if file_format == "csv" else read_jsonl
        check = check_csv if file_format == "csv" else check_jsonl
        self.count = check(file, name_of(path))

    @classmethod
    def open(cls, path: str, file_format: str | None = None, task: str | None = None) -> Self:
        """Open ``path`` ("-" is stdin); the format follows its suffix where none is given.

        With ``task``, every row is read as one of this task, whatever its own field says.
        Raises ``BadInputError`` for whatever is wrong with the file as a whole.
        """
        file = open_source(path)
        try:
            return cls(file, path, file_format or format_of(path), task)
        except BaseException:
            file.close()
            raise

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
    """Return "csv" or "jsonl" by the suffix; stdin and unknown suffixes are JSONL."""
    return "csv" if path != STDIN and Path(path).suffix.lower() in _CSV_SUFFIXES else "jsonl"
