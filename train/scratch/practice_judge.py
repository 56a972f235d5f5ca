"""``kindmark train practice-judge``: the practice judge from random weights to its figures.

    kindmark train practice-judge --out runs/practice-judge
    kindmark train practice-judge --out /tmp/try --tiny           the whole path in seconds
    python -m convert.practice runs/practice-judge --out models   its GGUF file

Writes ``model/`` (as the hub has models) and ``figures.json``, and prints a table. It needs: pip
install 'kindmark[train]'
"""

import argparse
import sys
from pathlib import Path

import msgspec

from runtime.command_line import OurParser, at_least, training_half
from runtime.errors import BadInputError
from train.scratch.settings import Settings

HELD_OUT = 2_000
"""Answers: half of them fit the temperature, half are measured, to 1.5 percent either way."""

TINY_HELD_OUT = 40


def main(argv: list[str]) -> int:
    """Train, measure and print. Raises ``BadInputError``."""
    options = _parser().parse_args(argv)
    settings = Settings(seed=options.seed)
    if options.steps is not None:
        settings = msgspec.structs.replace(settings, drills=options.steps, steps=options.steps // 4)
    if options.tiny:
        settings = settings.tiny()
    answers = TINY_HELD_OUT if options.tiny else HELD_OUT
    try:
        with training_half("Training"):
            found = run(options.out, settings, answers, quiet=options.quiet)
    except OSError as error:
        where = error.filename or options.out
        raise BadInputError(f"{where} cannot be used: {error.strerror or error}.") from error
    sys.stdout.write(found + "\n")
    return 0


def run(folder: Path, settings: Settings, answers: int, *, quiet: bool) -> str:
    """Train into ``folder`` and return the table of what was measured."""
    # It silences what libraries say while they are imported.
    from train import bases  # noqa: F401, PLC0415
    from train.scratch.class_sets import ClassSets  # noqa: PLC0415 - torch takes seconds to import
    from train.scratch.classes import held_out  # noqa: PLC0415
    from train.scratch.measuring import FIGURES, measure, table  # noqa: PLC0415
    from train.scratch.training import train  # noqa: PLC0415

    model, tokenizer = train(folder, settings, quiet=quiet)
    found = measure(model, ClassSets(tokenizer, settings), held_out(answers, seed=1))
    (folder / FIGURES).write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    return table(found)


def _parser() -> OurParser:
    parser = OurParser(
        prog="kindmark train practice-judge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        default=Path("runs/practice-judge"),
        metavar="DIR",
        help="folder of the run (%(default)s); a run that was stopped there goes on",
    )
    parser.add_argument(
        "--steps",
        type=at_least(4),
        metavar="N",
        help="of drills; a quarter as many of true prompts",
    )
    parser.add_argument("--seed", type=at_least(0), default=0, metavar="N", help="another model")
    parser.add_argument("--tiny", action="store_true", help="a few steps of a smaller network")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser
