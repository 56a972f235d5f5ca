"""Reads graded work for training: JSONL rows that are items with a ``label``.

    work = read_graded(Path("scientsbank/train.jsonl"), right={"correct"})

A graded set is split by question, never by row: answers to one question share its words.
"""

from pathlib import Path
from typing import Any

import msgspec

from runtime.errors import BadInputError
from runtime.marking.item import Item, parse_item


class Graded(msgspec.Struct, frozen=True):
    """One graded answer. ``group`` names its question; ``right`` is the teacher's verdict."""

    item: Item
    group: str
    right: bool


def read_graded(path: Path, right: frozenset[str], task: str | None = None) -> list[Graded]:
    """Read a graded set; a row is right if its label (lower case) is in ``right``.

    ``task`` overrides the task of every row. Raises ``BadInputError`` naming file and line.
    """
    found = []
    for number, row in enumerate(read_rows(path), start=1):
        try:
            item = parse_item(row | ({"task": task} if task else {}))
        except BadInputError as error:
            raise BadInputError(f"{path} line {number}: {error.message}", error.remedy) from None
        group = str(row.get("question_id") or item.question)
        found.append(Graded(item, group, str(row.get("label")).lower() in right))
    return found


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSONL file. Raises ``BadInputError`` if it is none."""
    try:
        lines = path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=dict[str, Any]) for line in lines if line.strip()]
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise BadInputError(f"{path} is not JSONL: {error}", "One JSON object a line.") from None
