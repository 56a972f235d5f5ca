"""``kindmark grade IN [-o OUT]``: marks a class set.

The same command continues an interrupted run: marks are appended in batches to a JSONL file.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from runtime import offline
from runtime.cli import console
from runtime.cli.marking import BATCH, OpenMarker, mark_batches, open_marker, settings
from runtime.cli.model_options import add_model_options, choice_of
from runtime.cli.options import Parser, named, share
from runtime.cli.tally import Tally
from runtime.command_line import at_least
from runtime.errors import BadInputError, ExitCode
from runtime.records.class_set import FORMATS, ClassSet, format_of
from runtime.records.csv_marks import CsvMarks
from runtime.records.lock import held
from runtime.records.marks import JsonlMarks, MarkSink
from runtime.records.rows import Row
from runtime.records.target import (
    Earlier,
    check_models,
    check_target,
    earlier_marks,
    refuse_existing,
)

if TYPE_CHECKING:
    from runtime.marking.events import Event

_EXAMPLES = """\
  kindmark grade class.jsonl -o marks.jsonl   mark; the same command again continues
  kindmark grade class.csv -o marks.csv       a table for a spreadsheet
  kindmark grade class.csv                    a table on the screen
  kindmark grade class.jsonl --model qwen2.5-1.5b --feedback -o marks.jsonl
  cat class.jsonl | kindmark grade - | head   stdin to stdout
"""
_STDOUT = "-"


def main(argv: Sequence[str]) -> int:
    """Mark one class set. Raises ``KindmarkError`` before the first mark for what is wrong."""
    args = _parse(argv)
    offline.seal()
    if args.output != _STDOUT:
        check_target(Path(args.output), args.input)
    with ClassSet.open(args.input, args.input_format) as rows, _held(args.output):
        chosen = _Chosen(rows, args.limit)
        earlier = _earlier(args, chosen)
        tally = Tally.of(earlier.marks)
        if tally.total == len(chosen):
            console.say(f"All {len(chosen)} rows are marked in {args.output} already.", args.quiet)
            return _code(tally)
        waiting = islice(chosen, tally.total, None)
        with open_marker(waiting, args.review_below, choice_of(args)) as opened:
            check_models(Path(args.output), earlier, opened.models)
            return _grade(args, chosen, opened, earlier)


def _held(output: str) -> AbstractContextManager[None]:
    return nullcontext() if output == _STDOUT else held(Path(output))


class _Chosen:
    """The first ``limit`` rows of a class set."""

    def __init__(self, rows: ClassSet, limit: int | None) -> None:
        self._rows = rows
        self._limit = limit

    def __len__(self) -> int:
        return min(len(self._rows), self._limit or len(self._rows))

    def __iter__(self) -> "islice[Row]":
        return islice(self._rows, self._limit)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("grade", "Mark a class set: one mark for every row, in order.", _EXAMPLES)
    parser.add_argument("input", metavar="IN", type=named, help="JSONL or CSV file, or - for stdin")
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=named,
        default=_STDOUT,
        help="file for the marks (else stdout)",
    )
    parser.add_argument(
        "--format",
        choices=("jsonl", "csv", "table"),
        help="of the marks; else by the suffix of OUT, and a table on a terminal",
    )
    parser.add_argument("--input-format", choices=FORMATS, help="of IN; else by its suffix")
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    parser.add_argument(
        "--batch",
        type=at_least(1),
        default=BATCH,
        metavar="N",
        help=f"rows a batch (default {BATCH})",
    )
    parser.add_argument("--limit", type=at_least(1), metavar="N", help="mark the first N rows only")
    parser.add_argument(
        "--review-below",
        type=share,
        metavar="P",
        help="flag marks less sure than P (0 to 1) for review (default: as calibrated)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary")
    add_model_options(parser)
    parser.add_argument(
        "--feedback", action="store_true", help="the model writes to the child, not templates"
    )
    args = parser.parse_args(argv)
    args.format = args.format or _usual_format(args.output)
    if args.format == "table" and args.output != _STDOUT:
        raise BadInputError(
            "A table goes to the screen, not into a file.", "Use --format csv or jsonl with -o."
        )
    return args


def _usual_format(output: str) -> str:
    if output == _STDOUT:
        return "table" if sys.stdout.isatty() else "jsonl"
    return format_of(output)


def _earlier(args: argparse.Namespace, rows: _Chosen) -> Earlier:
    path = Path(args.output)
    if args.output == _STDOUT or args.force:
        return Earlier()
    if args.format == "csv":
        refuse_existing(path)
        return Earlier()
    return earlier_marks(path, rows, settings(args.review_below).stamp)


def _grade(
    args: argparse.Namespace, rows: _Chosen, opened: OpenMarker, earlier: Earlier
) -> ExitCode:
    tally = Tally.of(earlier.marks)
    if tally.total:
        console.say(f"Going on after {tally.total} of {len(rows)} marks.", args.quiet)
    try:
        with (
            closing(_sink(args, earlier)) as sink,
            console.progress(len(rows), tally.total, args.quiet) as show,
        ):
            waiting = islice(rows, tally.total, None)
            verdicts = _Verdicts(tally, show)
            for marked in mark_batches(waiting, opened, args.batch, verdicts.heard):
                sink.write(marked)
                tally.add(mark for _, mark in marked)
                show(tally.total)
    except KeyboardInterrupt:
        console.say(_stopped(args, tally.total, len(rows)))
        return ExitCode.INTERRUPTED
    console.say(tally.summary(), args.quiet)
    return _code(tally)


class _Verdicts:
    """Shows verdicts as they come, before their batch is on the disk."""

    def __init__(self, tally: Tally, show: console.Show) -> None:
        self._tally, self._show = tally, show
        self._before, self._come = tally.total, 0

    def heard(self, event: "Event") -> None:
        """Count a verdict."""
        if event.kind == "verdict":
            if self._before != self._tally.total:
                self._before, self._come = self._tally.total, 0
            self._come += 1
            self._show(self._before + self._come)


def _sink(args: argparse.Namespace, earlier: Earlier) -> MarkSink:
    if args.format == "table":
        from runtime.cli.mark_table import ScreenMarks  # noqa: PLC0415

        return ScreenMarks()
    if args.output == _STDOUT:
        out = sys.stdout.buffer
        return CsvMarks.stream(out) if args.format == "csv" else JsonlMarks(out)
    path = Path(args.output)
    if args.format == "csv":
        return CsvMarks.create(path)
    return JsonlMarks.append_to(path, earlier.size)


def _stopped(args: argparse.Namespace, done: int, total: int) -> str:
    marked = f"Stopped: {done} of {total} rows are marked"
    if args.output == _STDOUT:
        return f"{marked}."
    if args.format == "csv":
        return f"{marked} and in {args.output}. CSV cannot be continued; JSONL can."
    return f"{marked} and in {args.output}. The same command continues there."


def _code(tally: Tally) -> ExitCode:
    return ExitCode.SOME_UNMARKED if tally.unmarked else ExitCode.DONE
