"""``kindmark models``: the models of this machine, and how they come and go.

kindmark models list --json
kindmark models add usb/qwen.gguf --name qwen
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.cli import model_actions
from runtime.cli.calibrate import calibrate
from runtime.cli.options import Parser
from runtime.errors import ExitCode
from runtime.judge import catalogue
from runtime.judge.catalogue import ModelFile, State
from runtime.judge.llm.locating import DEFAULT
from runtime.judge.shelf import Shelved, model_shelf

_EXAMPLES = """\
  kindmark models list                       a table
  kindmark models list --json                the same as data
  kindmark models pull qwen2.5-1.5b          fetch a base from the hub
  kindmark models add FILE --name mine       enter a GGUF file that was brought by hand
  kindmark models verify                     read every byte of every model
  kindmark models use qwen2.5-1.5b           mark with it unless told otherwise
  kindmark models calibrate qwen2.5-1.5b labelled.jsonl   fit how sure it may be
"""
_PLAIN = frozenset({"f32", "f16", "bf16"})


class Action(NamedTuple):
    """What ``kindmark models`` can do, and in a few words."""

    run: Callable[[Sequence[str]], int]
    summary: str


class ModelRow(msgspec.Struct, frozen=True):
    """One file of the catalogues; ``megabytes`` is in units of 1,000,000 bytes.

    ``optional`` tells a shipped base that is fetched when somebody wants it, ``own`` an entry of
    the user's catalogue, ``used`` what marks unless another is named.
    """

    name: str
    kind: str
    quantization: str
    megabytes: float
    licence: str
    state: State
    path: str
    optional: bool
    own: bool
    used: bool = False


def main(argv: Sequence[str]) -> int:
    """Do what the first word of ``argv`` says; without one, list the models."""
    name = argv[0] if argv and not argv[0].startswith("-") else ""
    if name in ACTIONS:
        return ACTIONS[name].run(argv[1:])
    if name or {"-h", "--help"} & set(argv):
        # The parser of the whole command: it explains itself, or refuses the name.
        _whole().parse_args(argv)
    return show_list(argv)


def show_list(argv: Sequence[str]) -> int:
    """List the models."""
    parser = Parser("models list", "List the models and whether they are there.", _EXAMPLES)
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    args = parser.parse_args(argv)
    rows = _with_used(model_rows(hashes=False))
    if args.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n")
    else:
        _print(rows)
    return ExitCode.DONE


ACTIONS: Mapping[str, Action] = {
    "list": Action(show_list, "every model and whether it is there"),
    "show": Action(model_actions.show, "all that is known of one model"),
    "add": Action(model_actions.add, "enter a GGUF file or a head that was brought by hand"),
    "pull": Action(model_actions.pull, "fetch a base from the hub; goes on where it was stopped"),
    "verify": Action(model_actions.verify, "read every byte and compare hashes"),
    "use": Action(model_actions.use, "choose the model that marks unless another is named"),
    "calibrate": Action(calibrate, "fit how sure a model may be to answers that teachers marked"),
    "remove": Action(model_actions.remove, "take a model out of the store"),
}


def model_rows(hashes: bool) -> list[ModelRow]:
    """Return a row for each file; with ``hashes``, every byte of it is read and compared.

    Raises ``ModelError`` if a catalogue itself is damaged.
    """
    return [_row(one, file, hashes) for one in model_shelf().models for file in one.entry.file]


def _with_used(rows: Sequence[ModelRow]) -> list[ModelRow]:
    """Say of each row whether it marks by default; a file outside the catalogue has none."""
    from runtime.preferences import preferences  # noqa: PLC0415

    used = preferences().model or DEFAULT
    return [msgspec.structs.replace(row, used=row.name == used) for row in rows]


def _whole() -> Parser:
    what = "\n".join(f"  {name:9} {action.summary}" for name, action in ACTIONS.items())
    summary = f"The models of this machine, and how they come and go.\n\nactions:\n{what}"
    parser = Parser("models", summary, _EXAMPLES)
    parser.add_argument("action", choices=tuple(ACTIONS), nargs="?", help="list if left out")
    return parser


def _row(model: Shelved, file: ModelFile, hashes: bool) -> ModelRow:
    entry, path = model.entry, model.folder / file.name
    return ModelRow(
        name=entry.name,
        kind=entry.kind,
        quantization=_quantization(file.name),
        megabytes=round((file.bytes or (path.stat().st_size if path.is_file() else 0)) / 1e6, 1),
        licence=entry.licence,
        state=catalogue.file_state(file, path, hashes),
        path=str(path),
        optional=entry.hub is not None and not model.own,
        own=model.own,
    )


def _quantization(name: str) -> str:
    """Return what the name of a GGUF file ends with, such as "q8_0"; "" for other files."""
    last = Path(name).stem.rpartition("-")[2].lower()
    known = last in _PLAIN or (last[:1] in {"q", "i"} and "_" in last)
    return last if known and name.endswith(".gguf") else ""


def _print(rows: Sequence[ModelRow]) -> None:
    from rich.table import Table  # noqa: PLC0415

    from runtime.cli.plain import one_line  # noqa: PLC0415
    from runtime.cli.screen import screen  # noqa: PLC0415
    from runtime.preferences import preferences  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("name", "kind", "quantization", "size", "licence", "state"):
        table.add_column(heading, justify="right" if heading == "size" else "left")
    for row in rows:
        # What is not here and not pinned may be of any size.
        unknown = row.state is State.MISSING and not row.megabytes
        size = "?" if unknown else f"{row.megabytes:g} MB"
        licence = one_line(row.licence)
        name = f"{row.name} *" if row.used else row.name
        table.add_row(name, row.kind, row.quantization, size, licence, row.state.value)
    screen().print(table)
    marked = "*" if any(row.used for row in rows) else one_line(preferences().model)
    said = f"{marked} marks unless another is named: kindmark models use NAME"
    screen().print(said, markup=False, soft_wrap=True)
