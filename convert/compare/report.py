"""``kindmark convert compare``: quantizations of one model side by side.

    kindmark convert compare m-f16.gguf m-q8_0.gguf m-q4_k_m.gguf
    kindmark convert compare *.gguf --head m.head.json --texts answers.txt
    kindmark convert compare *.gguf --json figures.json --report quantizations.html

Size, load time, most memory taken (each file in a process of its own), tokens a second read and
written, and how far what it says is from the least quantized file given. Speeds are of this
machine; measure on the one that is to mark.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from convert.compare.measure import Measured
from convert.compare.page import write_report
from convert.compare.quality import quality
from convert.compare.table import Row, text_table
from convert.verify.parity_limits import LIMITS, kind_of
from convert.whole import whole_file
from runtime.command_line import OurParser, at_least
from runtime.errors import BadInputError, ExitCode, ModelError
from runtime.judge import gguf_header
from runtime.judge.engine import default_threads
from runtime.judge.side_head import SideHead, load_side_head
from runtime.report.page import check_place

SECONDS = 3600
"""For one file; a machine that needs longer for a prompt and a reply cannot mark with it."""


def main(argv: Sequence[str]) -> int:
    """Measure, print the table and write what is asked for.

    Raises ``KindmarkError`` for whatever the user can mend.
    """
    args = _parser().parse_args(argv)
    if args.report:
        check_place(args.report)
    head = load_side_head(args.head) if args.head else None
    paths = least_quantized_first(args.files)
    rows = compare_files(paths, _texts(args.texts), head, args)
    print(text_table(rows))
    if args.json:
        with whole_file(args.json) as part:
            part.write_bytes(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")
    if args.report:
        write_report(rows, args.report)
    return ExitCode.DONE


def compare_files(
    paths: Sequence[Path], texts: Sequence[str], head: SideHead | None, args: argparse.Namespace
) -> list[Row]:
    """Return a row a file; the first is the one that the others are held against."""
    measured = [_measure(path, args) for path in paths]
    _say("Comparing what they say ...")
    changes = quality(paths, texts, head)
    return [Row(*pair) for pair in zip(measured, changes, strict=True)]


def least_quantized_first(paths: Sequence[Path]) -> list[Path]:
    """Return the files with the most bits first. Raises ``ModelError`` for what is no model."""
    order = list(LIMITS)
    return sorted(paths, key=lambda path: order.index(kind_of(gguf_header.read(path))))


def _measure(path: Path, args: argparse.Namespace) -> Measured:
    _say(f"Measuring {path.name} ...")
    options = ["--tokens", args.tokens, "--reply", args.reply, "--threads", args.threads]
    command = [sys.executable, "-P", "-m", "convert.compare.measure", str(path), *map(str, options)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise ModelError(f"{path} took longer than an hour.", "Try a smaller model.") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it was killed; is memory short?"]
        raise ModelError(f"{path} cannot be measured: {said[-1]}")
    return msgspec.json.decode(done.stdout, type=Measured)


def _texts(path: Path | None) -> list[str]:
    """Return the texts that quality is measured on: the lines of a file, or our sample."""
    from convert.gguf.tokens import SAMPLE  # noqa: PLC0415

    if path is None:
        return [text for text in SAMPLE if text]
    try:
        found = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path} cannot be read: {error}.", "Name a text file.") from error
    if not found:
        raise BadInputError(f"{path} holds no text.", "Put one answer on each line.")
    return found


def _parser() -> OurParser:
    parser = OurParser(
        prog="kindmark convert compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="GGUF of one model")
    parser.add_argument("--head", type=Path, metavar="FILE", help="side head: count equal verdicts")
    parser.add_argument(
        "--texts", type=Path, metavar="FILE", help="texts to compare on, a line each"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write a page with plots (.html)"
    )
    parser.add_argument(
        "--tokens", type=at_least(1), default=512, help="tokens of the prompt (%(default)s)"
    )
    parser.add_argument(
        "--reply", type=at_least(1), default=64, help="tokens of the reply (%(default)s)"
    )
    parser.add_argument(
        "--threads", type=at_least(1), default=default_threads(), help="(%(default)s)"
    )
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
