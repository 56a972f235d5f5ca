"""What all our command lines share, marking and training alike: errors, kinds of values."""

import argparse
import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from runtime.errors import BadInputError
from runtime.words import _


class OurParser(argparse.ArgumentParser):
    """A parser whose errors look like all our errors; its commands' parsers are of its kind."""

    def error(self, message: str) -> NoReturn:
        """Raise ``BadInputError`` naming the nearest option or command."""
        given = message.partition("unrecognized arguments: ")[2].split()[:1]
        known = _option_names(self)
        if "invalid choice: '" in message:
            given = message.partition("invalid choice: '")[2].split("'")[:1]
            known = [str(one) for action in self._actions for one in action.choices or ()]
        near = difflib.get_close_matches(given[0], known, n=1) if given else []
        remedy = _("See: {command}").format(command=f"{self.prog} --help")
        if near:
            remedy = _("Is '{name}' meant?").format(name=near[0])
        raise BadInputError(f"{self.prog}: {message}.", remedy)


def _option_names(parser: argparse.ArgumentParser) -> list[str]:
    """Return the options of ``parser`` and of its commands."""
    actions = parser._actions
    below = [
        name
        for action in actions
        if isinstance(action.choices, dict)
        for one in action.choices.values()
        for name in _option_names(one)
    ]
    return [name for action in actions for name in action.option_strings] + below


def at_least(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from ``least``."""

    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least}")
        return int(text)

    return whole


@contextmanager
def training_half(what: str) -> Iterator[None]:
    """Say what to install where ``what`` imports a library of the training half that is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in {"runtime", "train", "convert"}:
            raise
        raise BadInputError(
            _("{what} needs {library}, which is not installed.").format(what=what, library=library),
            _("Install it with: pip install 'kindmark[train]'"),
        ) from None
