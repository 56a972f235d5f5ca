"""Command lines of ``kindmark data``: the options its commands share, and kinds of values."""

import argparse
from pathlib import Path

from runtime.command_line import at_least
from runtime.marking.item import Task
from train.data.rows import is_data_file
from train.recipe import Source

SIMULATED = 1000
"""How many examples a simulator makes if nobody says."""


def add_sources(parser: argparse.ArgumentParser, least: str = "+") -> None:
    """Add the arguments that say what is read, and how."""
    parser.add_argument("source", metavar="SOURCE", nargs=least, help="see below")
    parser.add_argument(
        "--count",
        metavar="N",
        type=at_least(1),
        help=f"how many a simulator makes (default {SIMULATED}); else the most that are read",
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="default 0")
    reading = parser.add_argument_group("how files and hub datasets are read")
    reading.add_argument("--task", choices=[task.value for task in Task], help="of every row")
    reading.add_argument(
        "--field",
        metavar="OURS=THEIRS",
        type=_assignment,
        action="append",
        default=[],
        help="their name for a field of ours; OURS==TEXT puts TEXT in every row",
    )
    reading.add_argument(
        "--label",
        metavar="VERDICT=VALUE,...",
        type=_assignment,
        action="append",
        default=[],
        help="the values that mean a verdict; 'unmarked' leaves rows without a label",
    )
    reading.add_argument("--licence", default="", help="licence and attribution, for the card")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def sources_of(args: argparse.Namespace) -> tuple[Source, ...]:
    """Return the sources that the arguments of ``add_sources`` name."""
    return tuple(_source(name, args) for name in args.source)


def _source(name: str, args: argparse.Namespace) -> Source:
    reading = {
        "fields": dict(args.field),
        "labels": {verdict: values.split(",") for verdict, values in args.label},
        "licence": args.licence,
        "task": Task(args.task) if args.task else None,
    }
    if name.startswith("hub:"):
        whole, _, split = name.removeprefix("hub:").partition("@")
        name, _, config = whole.partition(":")
        return Source(
            kind="hub", name=name, config=config, split=split, count=args.count or 0, **reading
        )
    if _is_file(name):
        return Source(kind="file", name=name, count=args.count or 0, **reading)
    return Source(kind="simulator", name=name, count=args.count or SIMULATED)


def _is_file(name: str) -> bool:
    """Whether ``name`` looks like a file or folder; simulators have neither dots nor slashes."""
    return is_data_file(name) or bool(set(name) & {"/", "."}) or Path(name).exists()


def share(text: str) -> float:
    """Read a number between 0 and 1, both left out."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1")
    return found


def shares(text: str) -> dict[str, float]:
    """Read parts and their shares, as in "train=8,validation=1,test=1"; they are put to scale."""
    found = dict(_part(one, text) for one in text.split(","))
    whole = sum(found.values())
    return {name: value / whole for name, value in found.items()}


def _part(one: str, text: str) -> tuple[str, float]:
    name, _, value = one.partition("=")
    plain = name.strip().replace("_", "").replace("-", "").isalnum()
    if not plain or not value.replace(".", "", 1).isdecimal() or not float(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form train=0.9,held_out=0.1")
    return name.strip(), float(value)


def _assignment(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form OURS=THEIRS")
    return ours, theirs
