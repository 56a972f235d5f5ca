"""``kindmark models list``: every model of the catalogue and whether it is there.

kindmark models list --json
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from runtime.cli.options import Parser
from runtime.errors import ExitCode
from runtime.judge import catalogue
from runtime.judge.catalogue import Entry, ModelFile, State
from runtime.locations import model_store, shipped_models

_EXAMPLES = """\
  kindmark models list          a table
  kindmark models list --json   the same as data
"""
_PLAIN = frozenset({"f32", "f16", "bf16"})


class ModelRow(msgspec.Struct, frozen=True):
    """One file of the catalogue; ``megabytes`` is in units of 1,000,000 bytes."""

    name: str
    kind: str
    quantization: str
    megabytes: float
    licence: str
    state: State
    path: str


def main(argv: Sequence[str]) -> int:
    """List the models."""
    parser = Parser("models", "List the models and whether they are there.", _EXAMPLES)
    parser.add_argument("action", choices=("list",), nargs="?", default="list", help="what to do")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    args = parser.parse_args(argv)
    rows = model_rows(hashes=False)
    if args.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n")
    else:
        _print(rows)
    return ExitCode.DONE


def model_rows(hashes: bool) -> list[ModelRow]:
    """Return a row for each file; with ``hashes``, every byte of it is read and compared.

    Raises ``ModelError`` if the catalogue itself is damaged.
    """
    entries = catalogue.read(shipped_models() / "catalogue.toml").entry
    return [_row(entry, file, hashes) for entry in entries for file in entry.file]


def folder_of(entry: Entry) -> Path:
    """Return where the files of an entry lie: bases are fetched, everything else ships."""
    return model_store() if entry.kind == "base" else shipped_models()


def _row(entry: Entry, file: ModelFile, hashes: bool) -> ModelRow:
    alone = msgspec.structs.replace(entry, file=(file,))
    path = folder_of(entry) / file.name
    return ModelRow(
        name=entry.name,
        kind=entry.kind,
        quantization=_quantization(file.name),
        megabytes=round((file.bytes or (path.stat().st_size if path.is_file() else 0)) / 1e6, 1),
        licence=entry.licence,
        state=catalogue.installed(alone, path.parent, hashes),
        path=str(path),
    )


def _quantization(name: str) -> str:
    """Return what the name of a GGUF file ends with, such as "q8_0"; "" for other files."""
    last = Path(name).stem.rpartition("-")[2].lower()
    known = last in _PLAIN or (last[:1] in {"q", "i"} and "_" in last)
    return last if known and name.endswith(".gguf") else ""


def _print(rows: Sequence[ModelRow]) -> None:
    from rich.table import Table  # noqa: PLC0415

    from runtime.cli.screen import screen  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("name", "kind", "quantization", "size", "licence", "state"):
        table.add_column(heading, justify="right" if heading == "size" else "left")
    for row in rows:
        size = f"{row.megabytes:g} MB"
        table.add_row(row.name, row.kind, row.quantization, size, row.licence, row.state.value)
    screen().print(table)
