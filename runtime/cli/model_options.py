"""The options that choose a language model, the same for every command that marks.

add_model_options(parser)
with open_marker(rows, None, choice_of(parser.parse_args(argv))) as opened: ...
"""

import argparse

from runtime.cli.marking import Choice
from runtime.cli.options import named
from runtime.command_line import at_least

_MB = 1_000_000


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--model``, ``--no-cascade`` and ``--memory``."""
    parser.add_argument(
        "--model",
        type=named,
        metavar="NAME",
        help="mark with this model of the catalogue, or with a GGUF file (see: models use)",
    )
    parser.add_argument(
        "--no-cascade",
        action="store_true",
        help="the model judges every answer that needs a judge, also what less could decide",
    )
    parser.add_argument(
        "--memory",
        type=at_least(1),
        metavar="MB",
        help="let the model use at most so much (default: what is free)",
    )


def choice_of(args: argparse.Namespace) -> Choice:
    """Return what the options chose."""
    return Choice(
        model=args.model or "",
        cascade=not args.no_cascade,
        feedback=getattr(args, "feedback", False),
        memory=args.memory * _MB if args.memory else None,
    )
