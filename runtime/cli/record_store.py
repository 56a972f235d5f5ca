"""What the actions of ``kindmark records`` share: the opened store, and the question before harm.

with opened() as store:
    if sure(args): ...
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.cli import console
from runtime.errors import BadInputError
from runtime.locations import records_folder
from runtime.records.store import Store


@contextmanager
def opened() -> Iterator[Store]:
    """Yield the store of this machine; what was mended, or who else has it, is said on stderr.

    Raises ``BadInputError`` if nothing is kept yet, rather than making an empty store.
    """
    folder = records_folder()
    if not folder.is_dir() or not any(folder.iterdir()):
        raise BadInputError(
            f"There are no records in {folder}.", "Import some with: kindmark records import FILE"
        )
    with Store.open(folder) as store:
        say_state(store)
        yield store


def say_state(store: Store) -> None:
    """Say what was mended, and who else has the store."""
    if store.recovery:
        console.say(store.recovery.words())
    if store.read_only:
        console.say(store.in_use())


def sure(args: argparse.Namespace) -> bool:
    """Ask whether to go on. Raises ``BadInputError`` where nobody can be asked."""
    if args.dry_run:
        console.say("Nothing was changed.")
        return False
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise BadInputError("This cannot be undone, and nobody can be asked.", "Add --yes.")
    sys.stderr.write("This cannot be undone. Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    console.say("Nothing was changed.")
    return False
