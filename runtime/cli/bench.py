"""``kindmark bench [MODEL...]``: how fast models judge on this machine, and in what memory.

kindmark bench qwen2.5-1.5b --threads 1,2 --html speed.html
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.cli import console
from runtime.cli.options import Parser, named
from runtime.command_line import at_least
from runtime.errors import BadInputError, ExitCode, KindmarkError

if TYPE_CHECKING:
    from runtime.cli.bench_models import ModelFile
    from runtime.cli.fit import Fit
    from runtime.judge.measure.decoders import Effort
    from runtime.judge.measure.running import Measured, Run

_EXAMPLES = """\
  kindmark bench                          every model that is installed
  kindmark bench qwen2.5-1.5b --quick     a look at one
  kindmark bench a.gguf b.gguf --json     two files, as data
  kindmark bench a.gguf --threads 1,2,4 --step 256,512
  kindmark bench --fit                    which models fit, checked against what is measured
  kindmark bench --html speed.html        a page with plots
"""


def main(argv: Sequence[str]) -> int:
    """Measure models and print the figures; the exit code says whether all could be measured."""
    args = _parse(argv)
    for path in (args.html, args.output):
        _check_place(path)
    from runtime.cli.bench_data import as_data  # noqa: PLC0415
    from runtime.cli.bench_models import chosen  # noqa: PLC0415

    models, effort = chosen(args.model), _effort(args)
    fit = _foreseen(args, models, effort) if args.fit else None
    done: list[Measured] = []
    stopped = False
    try:
        measure_all(_runs(args, models), effort, done, args.quiet)
    except KeyboardInterrupt:
        stopped = True
        console.say("Stopped; this is what was measured until then.")
    _tell(args, done, as_data(done, effort, fit), fit)
    if stopped:
        return ExitCode.INTERRUPTED
    return ExitCode.MODEL_UNUSABLE if any(one.problem for one in done) else ExitCode.DONE


def measure_all(
    runs: "Sequence[Run]", effort: "Effort", done: "list[Measured]", quiet: bool
) -> None:
    """Measure one run after another into ``done``, which grows with every result."""
    from runtime.judge.measure.running import Measured, measured  # noqa: PLC0415

    for number, run in enumerate(runs, 1):
        one = Measured(run)
        done.append(one)
        what = f"{run.name} {run.quantization}, {run.threads} threads, step {run.step}"
        console.say(f"{number} of {len(runs)}: {what}", quiet)
        try:
            for result in measured(run, effort):
                one.results.append(result)
                console.say(f"  {result.name}", quiet)
        except KindmarkError as error:
            one.problem = error.message
            console.show_error(error)


def _written(path: Path, write: Callable[[], object]) -> None:
    """Write a file and say where it is. Raises ``BadInputError`` if it cannot be written."""
    try:
        write()
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror}.", "Make room, or choose another folder."
        ) from None
    console.say(f"Written: {path}")


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("bench", "Measure how fast models judge here, and in what memory.", _EXAMPLES)
    parser.add_argument(
        "model", metavar="MODEL", type=named, nargs="*", help="a name of the catalogue, or a file"
    )
    parser.add_argument(
        "--threads", type=_counts(1), metavar="N,N", help="threads to compute with (as measured)"
    )
    parser.add_argument(
        "--step", type=_counts(64), metavar="N,N", help="tokens of one step, from 64 (as measured)"
    )
    parser.add_argument(
        "--repeats", type=at_least(1), metavar="N", help="rounds of each measure (3; 1 if quick)"
    )
    parser.add_argument("--quick", action="store_true", help="one round, and a smaller class")
    parser.add_argument(
        "--fit", action="store_true", help="first foresee what fits here, then compare"
    )
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="also write the data")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page with plots")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser.parse_args(argv)


def _counts(least: int) -> Callable[[str], list[int]]:
    """Return a reader of whole numbers from ``least``, parted by commas, each once."""
    one = at_least(least)
    return lambda text: list(dict.fromkeys(one(part.strip()) for part in text.split(",")))


def _check_place(path: Path | None) -> None:
    """Raise ``BadInputError`` for what cannot be written, before an hour of measuring."""
    if path is None:
        return
    if path.is_dir():
        raise BadInputError(f"{path} is a folder.", "Name a file in it.")
    if not path.parent.is_dir():
        raise BadInputError(
            f"{path} cannot be written: there is no folder {path.parent}.", "Make the folder first."
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise BadInputError(f"{path} cannot be written: permission denied.", "Choose another name.")


def _effort(args: argparse.Namespace) -> "Effort":
    from runtime.judge.measure.decoders import QUICK, Effort  # noqa: PLC0415

    effort = QUICK if args.quick else Effort()
    return effort._replace(repeats=args.repeats or effort.repeats)


def _runs(args: argparse.Namespace, models: "Sequence[ModelFile]") -> "list[Run]":
    from runtime.judge.measure.running import every  # noqa: PLC0415
    from runtime.judge.measure.tuned import Tuned, tuned  # noqa: PLC0415

    usual = tuned()
    threads, steps = args.threads or [usual.threads], args.step or [usual.step]
    return every(models, [Tuned(count, step) for count in threads for step in steps])


def _foreseen(args: argparse.Namespace, models: "Sequence[ModelFile]", effort: "Effort") -> "Fit":
    """Foresee every model, and keep what this machine computes fastest with for what follows."""
    from runtime.cli.fit import foreseen_here  # noqa: PLC0415

    return foreseen_here(lambda text: console.say(text, args.quiet), models, effort.size)


def _tell(
    args: argparse.Namespace, done: "Sequence[Measured]", data: str, fit: "Fit | None"
) -> None:
    if args.json:
        sys.stdout.write(data)
    else:
        _show(done, fit)
    if args.output:
        _written(args.output, lambda: args.output.write_text(data, "utf-8"))
    if args.html:
        from runtime.cli.bench_report import write_report  # noqa: PLC0415

        _written(args.html, lambda: write_report(done, args.html))


def _show(done: "Sequence[Measured]", fit: "Fit | None") -> None:
    from runtime.cli import bench_fit, bench_table, fit_table  # noqa: PLC0415

    bench_table.show(done)
    if fit:
        fit_table.show(fit)
        sys.stdout.write("".join(f"{x}\n" for x in bench_fit.lines(bench_fit.checks(fit, done))))
