"""The only writer to stderr: messages, errors and progress. stdout carries data alone.

with progress(total=500, start=0, quiet=False) as show:
    show(32)
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runtime.cli.plain import printable
from runtime.errors import KindmarkError

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_SECONDS = 10.0
"""Without a terminal, progress is a line at least this far apart, or at each tenth."""

Show = Callable[[int], None]


def say(message: str, quiet: bool = False) -> None:
    """Write one line unless ``quiet``."""
    if not quiet:
        sys.stderr.write(f"{printable(message)}\n")
        sys.stderr.flush()


def show_error(error: KindmarkError) -> None:
    """Show what went wrong and what to do: a panel on a terminal, else plain lines."""
    if not sys.stderr.isatty():
        say(f"kindmark: {error.message}")
        say(error.remedy, quiet=not error.remedy)
        return
    from rich.panel import Panel  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    text = Text(printable(error.message))
    if error.remedy:
        text.append(f"\n{printable(error.remedy)}", style="bold")
    _rich().print(Panel(text, title=error.title, title_align="left", border_style="red"))


@contextmanager
def progress(total: int, start: int, quiet: bool) -> Iterator[Show]:
    """Yield a function that is told how many rows are done."""
    if quiet:
        yield lambda done: None
    elif sys.stderr.isatty():
        with _bar(total, start) as show:
            yield show
    else:
        yield _Lines(total, start).show


def _rich() -> "Console":
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, highlight=False)


@contextmanager
def _bar(total: int, start: int) -> Iterator[Show]:
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("Marking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_rich(), transient=True) as bar:
        task = bar.add_task("marking", total=total, completed=start)
        yield lambda done: bar.update(task, completed=done)


class _Lines:
    """Progress for log files."""

    def __init__(self, total: int, start: int) -> None:
        self._total = total
        self._shown = start
        self._at = time.monotonic()

    def show(self, done: int) -> None:
        tenths = done * 10 // self._total > self._shown * 10 // self._total
        late = time.monotonic() - self._at >= PLAIN_SECONDS
        if (tenths or late) and done < self._total:
            say(f"{done} of {self._total} marked")
            self._shown, self._at = done, time.monotonic()
