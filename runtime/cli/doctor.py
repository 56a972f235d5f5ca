"""``kindmark doctor``: checks this machine and says what is missing and what mends it.

kindmark doctor --json
kindmark doctor --fit
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata

import msgspec

from runtime import __version__
from runtime.cli import console
from runtime.cli.fit import foreseen_here
from runtime.cli.models import ModelRow, model_rows
from runtime.cli.options import Parser
from runtime.cli.plain import printable
from runtime.errors import ExitCode, KindmarkError
from runtime.judge.catalogue import State
from runtime.locations import model_store, prefix_cache
from runtime.machine import free_disk_mb, nearest_folder, this_machine
from runtime.marking.item import Item, Task

_EXAMPLES = """\
  kindmark doctor          check and explain
  kindmark doctor --json   the same as data
  kindmark doctor --fit    which models fit here and how long a class takes with each
"""
_BUILD = "kindmark convert default"
_REBUILD = f"{_BUILD} --force"
_ROOM_MB = 400
"""Building the default model needs its weights, both GGUF files and room to work in."""


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at; ``remedy`` is a command or a sentence where ``ok`` is false."""

    what: str
    found: str
    ok: bool = True
    remedy: str = ""


def main(argv: Sequence[str]) -> int:
    """Check everything; the exit code says whether the default model can judge."""
    parser = Parser("doctor", "Check this machine and say what is missing.", _EXAMPLES)
    parser.add_argument("--json", action="store_true", help="data instead of lines")
    parser.add_argument(
        "--fit", action="store_true", help="measure this machine (a minute) and foresee"
    )
    parser.add_argument(
        "--clear-cache", action="store_true", help="forget what was read of rubrics, and end"
    )
    args = parser.parse_args(argv)
    if args.clear_cache:
        return _clear_cache()
    judge = _guarded("judging", _judging)
    findings = [*_machine(), *_software(), *_store(), *_cache(), *_models(), judge]
    fit = foreseen_here(console.say) if args.fit else None
    if args.json:
        data = {"findings": findings, "fit": fit} if fit else findings
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n")
    else:
        sys.stdout.write("".join(map(_lines, findings)))
        if fit:
            from runtime.cli.fit_table import show  # noqa: PLC0415

            show(fit)
    return ExitCode.DONE if judge.ok else ExitCode.MODEL_UNUSABLE


def _clear_cache() -> ExitCode:
    from runtime.judge.decoding.prefix_store import PrefixStore  # noqa: PLC0415

    freed = PrefixStore(prefix_cache()).clear()
    console.say(f"{freed / 1e6:.1f} MB of rubrics and questions forgotten, in {prefix_cache()}")
    return ExitCode.DONE


def _lines(finding: Finding) -> str:
    mark = "ok" if finding.ok else "!!"
    line = f"{mark}  {finding.what:16} {printable(finding.found)}\n"
    return line if finding.ok else f"{line}    {'':16} -> {printable(finding.remedy)}\n"


def _machine() -> Iterator[Finding]:
    machine = this_machine()
    memory = f"{machine.memory_mb:,} MB, {machine.free_memory_mb:,} MB free"
    yield Finding("machine", f"{machine.system}, {machine.cores} cores")
    yield Finding("memory", memory if machine.memory_mb else "unknown on this system")
    yield Finding("CPU", " ".join(machine.flags) or "flags unknown on this system")


def _software() -> Iterator[Finding]:
    yield Finding("Kindmark", __version__)
    yield Finding("Python", platform.python_version())
    yield _guarded("engine", _engine)


def _engine() -> str:
    from runtime.judge.engine import build_info  # noqa: PLC0415

    return f"llama-cpp-python {metadata.version('llama-cpp-python')}: {build_info()}"


def _store() -> Iterator[Finding]:
    folder = model_store()
    free = free_disk_mb(folder)
    found = f"{folder}, {free:,} MB free"
    if not os.access(nearest_folder(folder), os.W_OK):
        remedy = "Name a folder of yours in the environment variable KINDMARK_MODELS."
        yield Finding("model store", f"{found}, not writable", False, remedy)
    else:
        yield Finding("model store", found, free >= _ROOM_MB, f"Make {_ROOM_MB} MB of room there.")


def _cache() -> Iterator[Finding]:
    folder = prefix_cache()
    if folder.is_dir():
        size = sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
        yield Finding("prefix cache", f"{folder}, {size / 1e6:.0f} MB")


def _models() -> Iterator[Finding]:
    try:
        rows = model_rows(hashes=True)
    except KindmarkError as error:
        yield Finding("catalogue", error.message, False, error.remedy)
        return
    for row in rows:
        # A base that nobody has fetched is no fault of this machine.
        if not (row.optional and row.state is State.MISSING):
            yield _model(row)


def _model(row: ModelRow) -> Finding:
    found = f"{row.path}: {row.state.value}"
    if row.own:
        remedy = f"Add or pull it again; or forget it: kindmark models remove {row.name}"
    elif row.kind == "base":
        remedy = _BUILD if row.state is State.MISSING else _REBUILD
    else:
        remedy = "Install Kindmark again."
    return Finding(f"{row.kind} file", found, row.state is State.OK, remedy)


def _judging() -> str:
    from runtime.judge.embedded import load_judge  # noqa: PLC0415
    from runtime.marking.judgement import Case  # noqa: PLC0415

    start = time.perf_counter()
    with load_judge() as judge:
        loaded = time.perf_counter()
        judge.judge([Case(_SAMPLE)])
        done = time.perf_counter()
    return f"works: loaded in {loaded - start:.2f} s, an answer in {1000 * (done - loaded):.0f} ms"


_SAMPLE = Item(
    id="sample",
    task=Task.SHORT_ANSWER,
    question="What do plants need to grow?",
    reference="Plants need light, water and air.",
    answer="Water and sunlight.",
)


def _guarded(what: str, look: Callable[[], str]) -> Finding:
    """Look, and turn what goes wrong into a finding: the doctor never stops half-way."""
    try:
        return Finding(what, look())
    except KindmarkError as error:
        return Finding(what, error.message, False, error.remedy or _REBUILD)
    except (ImportError, OSError) as error:
        return Finding(what, f"cannot be loaded: {error}", False, "Install Kindmark again.")
