"""``kindmark data``: make, check, split and keep training data.

kindmark data list
kindmark data make maths-answers --count 2000 --held-out 0.1 -o data/maths
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.command_line import OurParser, at_least
from runtime.errors import BadInputError, ExitCode
from train.data.options import add_sources, share, shares

_SOURCES = """\
SOURCE is one of
  maths-answers                  a simulator; see: kindmark data list
  work.jsonl, work.csv           a file of graded work, one answer a row
  data/maths, data/maths.zip     a data set made before
  hub:NAME[:CONFIG][@SPLIT]      a dataset of the hub

A file with our own names (question, answer, reference, label, ...) needs no mapping.
"""
_EXAMPLES = """\
examples:
  kindmark data list
  kindmark data make maths-answers --count 2000 --held-out 0.1 --balance -o data/maths
  kindmark data make --recipe gemma3n-math --stage mark -o data/stage2
  kindmark data make marked.csv --task short_answer --field answer=Student \\
      --label correct=good,fine --label incorrect=bad --licence "CC BY 4.0, A. Teacher" -o data/mine
  kindmark data make essays.jsonl --field label=points --field scale==0-5 -o data/essays
  kindmark data check data/mine
  kindmark data split data/mine --parts train=8,validation=1,test=1 -o data/parts
  kindmark data show data/mine -n 2
  kindmark data pairs data/mine -o pairs.jsonl
"""
_COMMANDS = {
    "make": "read sources and keep them as a data set, a zip and a card",
    "check": "audit: duplicates, contradictions, classes, lengths",
    "split": "the same as make, into train and held_out by question",
    "show": "print a few examples",
    "pairs": "preference pairs out of graded answers, as JSON lines",
    "list": "the student simulators, a line each",
}


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Raises ``BadInputError`` for what a user can mend, a missing library included.
    """
    args = _parser().parse_args(argv)
    from train.data import actions  # noqa: PLC0415 - help must not wait for it

    try:
        match args.command:
            case "make" | "split":
                actions.make(args, argv)
            case "check":
                actions.check(args)
            case "show":
                actions.show(args)
            case "pairs":
                actions.pairs(args)
            case _:
                actions.list_simulators()
    except ModuleNotFoundError as error:
        raise BadInputError(
            f"This needs {error.name}, which is not installed.",
            "Install it with: pip install 'kindmark[train]'",
        ) from None
    return ExitCode.DONE


def _parser() -> OurParser:
    parser = OurParser(
        prog="kindmark data",
        description="Make, check, split and keep training data.",
        epilog=f"{_SOURCES}\n{_EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    found = {
        name: commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"{_SOURCES}\n{_EXAMPLES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        for name, summary in _COMMANDS.items()
    }
    _add_making(found["make"], held_out=None)
    _add_making(found["split"], held_out=0.1)
    _add_checking(found["check"])
    _add_showing(found["show"])
    _add_pairing(found["pairs"])
    return parser


def _add_making(parser: argparse.ArgumentParser, held_out: float | None) -> None:
    add_sources(parser, least="*")
    parser.add_argument("-o", "--out", metavar="DIR", type=Path, required=True, help="folder")
    parser.add_argument("--force", action="store_true", help="replace a data set that is there")
    parser.add_argument("--recipe", metavar="NAME", help="make what a recipe's stage is trained on")
    parser.add_argument("--stage", metavar="NAME", help="which stage of the recipe")
    parser.add_argument(
        "--data", metavar="DIR", type=Path, default=Path(), help="where the recipe's files lie"
    )
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument(
        "--held-out",
        metavar="SHARE",
        type=share,
        default=held_out,
        help="share of the answers to hold out, whole questions"
        + (f" (default {held_out})" if held_out else ""),
    )
    parts.add_argument("--parts", metavar="NAME=SHARE,...", type=shares, help="parts by name")
    parser.add_argument(
        "--classes",
        metavar="NAME,...",
        type=lambda text: tuple(text.split(",")),
        default=(),
        help="keep these classes: verdicts, or whole scores, to which others are rounded",
    )
    parser.add_argument("--balance", action="store_true", help="1:1 classes in the first part")
    parser.add_argument(
        "--clean",
        action="store_true",
        help="leave out duplicates, contradictions and near-empty answers",
    )


def _add_checking(parser: argparse.ArgumentParser) -> None:
    add_sources(parser)
    # 1024 tokens, the length of the recipes, at 4 characters a token.
    parser.add_argument(
        "--budget", metavar="N", type=at_least(1), default=4096, help="characters an example"
    )
    parser.add_argument("--json", action="store_true", help="data instead of a table")


def _add_showing(parser: argparse.ArgumentParser) -> None:
    add_sources(parser)
    parser.add_argument("-n", dest="number", metavar="N", type=at_least(1), default=3)


def _add_pairing(parser: argparse.ArgumentParser) -> None:
    add_sources(parser)
    parser.add_argument("-o", "--out", metavar="FILE", type=Path, help="default: stdout")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    parser.add_argument(
        "--per-question",
        metavar="N",
        type=at_least(1),
        help="at most (default: as many pairs as answers)",
    )
    parser.add_argument(
        "--least-margin",
        metavar="SHARE",
        type=share,
        default=0.0,
        help="grades this near or nearer are ties, as a share of the scale",
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
