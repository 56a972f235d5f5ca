"""Command lines: argparse whose errors look like all our errors, and kinds of values."""

import argparse
import difflib
from collections.abc import Callable
from typing import NoReturn

from runtime.errors import BadInputError


class Parser(argparse.ArgumentParser):
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

    def error(self, message: str) -> NoReturn:
        """Raise ``BadInputError`` instead of printing and exiting."""
        unknown = message.partition("unrecognized arguments: ")[2].split()
        known = [name for action in self._actions for name in action.option_strings]
        near = difflib.get_close_matches(unknown[0], known, n=1) if unknown else []
        remedy = f"Is '{near[0]}' meant?" if near else f"See: {self.prog} --help"
        raise BadInputError(f"{self.prog}: {message}.", remedy)


def named(text: str) -> str:
    """Read the name of a file or folder; an unset shell variable gives an empty one."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def at_least(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from ``least``."""

    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least}")
        return int(text)

    return whole


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
