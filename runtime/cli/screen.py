"""The screen: stdout for tables that people read."""

from rich.console import Console


def screen() -> Console:
    """Return a console that takes text as it is: children write [brackets] and :colons: too."""
    return Console(highlight=False, markup=False, emoji=False)
