"""Command lines of marking: a parser for one command, and kinds of values."""

import argparse

from runtime.command_line import OurParser


class Parser(OurParser):
    """A parser for one command; ``examples`` stand at the end of its help."""

    def __init__(self, command: str, summary: str, examples: str) -> None:
        """Name the command as it is typed."""
        super().__init__(
            prog=f"kindmark {command}",
            description=summary,
            epilog=f"examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )


def named(text: str) -> str:
    """Read the name of a file or folder; an unset shell variable gives an empty one."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def share(text: str) -> float:
    """Read a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value


def score_range(text: str) -> tuple[float, float]:
    """Read a range of scores such as "0-5"."""
    low, _, high = text.partition("-")
    try:
        found = float(low), float(high)
    except ValueError:
        found = (0.0, 0.0)
    if not found[0] < found[1]:
        raise argparse.ArgumentTypeError(f"{text!r} is no range such as 0-5")
    return found
