"""``kindmark records``: what is kept of learners and their work, and how it is kept safe or erased.

kindmark records list
kindmark records backup
kindmark records erase Mia
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.cli import console
from runtime.cli.options import Parser, named
from runtime.cli.plain import one_line
from runtime.errors import BadInputError, ExitCode
from runtime.locations import records_folder

_EXAMPLES = """\
  kindmark records where                            folder, files, and who has it open
  kindmark records list                             classes and learners
  kindmark records backup -o /media/stick/b.sqlite3 a copy to take away
  kindmark records restore                          the backups; restore NAME puts one in place
  kindmark records export --learner Mia -o mia.jsonl
  kindmark records erase Mia --dry-run              what would go
"""


class Action(NamedTuple):
    """What ``kindmark records`` can do, and in a few words."""

    run: Callable[[Sequence[str]], int]
    summary: str


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """What ``where`` shows; ``bytes`` are those of the database, without backups."""

    folder: str
    bytes: int
    backups: tuple[str, ...]
    damaged: tuple[str, ...]
    open_in: str | None


def main(argv: Sequence[str]) -> int:
    """Do what the first word of ``argv`` says."""
    name = argv[0] if argv else ""
    if name in ACTIONS:
        return ACTIONS[name].run(argv[1:])
    what = "\n".join(f"  {name:10} {action.summary}" for name, action in ACTIONS.items())
    summary = f"Learners and their work, as they are kept on this machine.\n\nactions:\n{what}"
    parser = Parser("records", summary, _EXAMPLES)
    parser.add_argument("action", choices=tuple(ACTIONS))
    parser.parse_args(argv)
    raise AssertionError("every action was looked for above")


def where(argv: Sequence[str]) -> int:
    """Say where the records lie, how large they are and who has them open."""
    args = _parser("where", "Where the records lie.", json=True).parse_args(argv)
    from runtime.records.store.backups import backups  # noqa: PLC0415
    from runtime.records.store.holder import holder_of  # noqa: PLC0415
    from runtime.records.store.places import Places  # noqa: PLC0415

    places = Places(records_folder())
    holder = holder_of(places.lock)
    facts = Where(
        folder=str(places.folder),
        bytes=sum(path.stat().st_size for path in places.companions() if path.exists()),
        backups=tuple(str(one.path) for one in backups(places)),
        damaged=tuple(str(path) for path in sorted(places.kept_aside.glob("*.sqlite3"))),
        open_in=holder.words() if holder else None,
    )
    if args.json:
        return _json(facts)
    sys.stdout.write(f"folder   {facts.folder}{'' if facts.bytes else ' (nothing is kept yet)'}\n")
    sys.stdout.write(f"size     {facts.bytes:,} bytes\n")
    sys.stdout.write("".join(f"backup   {path}\n" for path in facts.backups))
    sys.stdout.write("".join(f"damaged  {path}\n" for path in facts.damaged))
    sys.stdout.write(f"open in  {facts.open_in}\n" if facts.open_in else "")
    return ExitCode.DONE


def show_list(argv: Sequence[str]) -> int:
    """List classes and learners."""
    args = _parser("list", "Classes and learners.", json=True).parse_args(argv)
    from runtime.cli.record_store import opened  # noqa: PLC0415

    with opened() as store:
        classes, learners = store.classes.all(), store.screens.learners()
        if args.json:
            return _json({"classes": classes, "learners": learners})
        for one in classes:
            kept = f"{one.retention_days} days" if one.retention_days else "for ever"
            who = "1 learner" if one.learners == 1 else f"{one.learners} learners"
            line = f"class    {one_line(one.name)}: {who}, work is kept {kept}\n"
            sys.stdout.write(line)
        for learner in learners:
            last = f"{learner.last.astimezone():%Y-%m-%d}" if learner.last else "never"
            sys.stdout.write(
                f"learner  {one_line(learner.nickname)} ({learner.avatar}, {learner.age_band}): "
                f"{learner.answers} answers, {learner.to_review} to review, last {last}\n"
            )
    return ExitCode.DONE


def backup(argv: Sequence[str]) -> int:
    """Make a backup now."""
    parser = _parser("backup", "Copy everything, checked.")
    parser.add_argument("-o", "--output", metavar="FILE", type=named, help="else among the backups")
    args = parser.parse_args(argv)
    from runtime.cli.record_store import opened  # noqa: PLC0415
    from runtime.records.store.backups import copy_to  # noqa: PLC0415

    with opened() as store:
        if args.output:
            path = Path(args.output)
            if path.exists():
                raise BadInputError(f"{path} exists already.", "Choose another name.")
            copy_to(store.database, path)
        else:
            store.need_to_write()
            path = store.back_up().path
    console.say(f"Backed up: {path}")
    return ExitCode.DONE


def restore(argv: Sequence[str]) -> int:
    """Put a backup in place of everything, or list the backups."""
    parser = _parser("restore", "Put a backup in the place of everything.", asks=True)
    parser.add_argument("backup", metavar="BACKUP", nargs="?", type=named, help="name, or file")
    args = parser.parse_args(argv)
    from runtime.cli.record_store import opened, sure  # noqa: PLC0415
    from runtime.records.store.backups import backups, check_database  # noqa: PLC0415

    with opened() as store:
        known = {one.path.name: one for one in backups(store.places)}
        if not args.backup:
            console.say("There are no backups.", quiet=bool(known))
            for name, one in known.items():
                sys.stdout.write(f"{name}  {one.made.astimezone():%Y-%m-%d %H:%M}  {one.why}\n")
            return ExitCode.DONE
        store.need_to_write()
        path = known[args.backup].path if args.backup in known else Path(args.backup)
        if not path.is_file():
            raise BadInputError(
                f"There is no backup {args.backup}.", "See them with: kindmark records restore"
            )
        check_database(path)
        console.say(f"All records will be as they are in {path}; the present ones are backed up.")
        if sure(args):
            before = store.restore(path)
            console.say(f"Restored. The records as they were: {before.path.name}")
    return ExitCode.DONE


def check(argv: Sequence[str]) -> int:
    """Read everything; a damaged store is replaced by its last backup."""
    _parser("check", "Read all records; damaged ones are replaced by the backup.").parse_args(argv)
    from runtime.cli.record_store import opened  # noqa: PLC0415
    from runtime.records.store.backups import backups, check_database  # noqa: PLC0415
    from runtime.records.store.checking import check_rows  # noqa: PLC0415
    from runtime.records.store.errors import StoreError  # noqa: PLC0415

    worst = ExitCode.DONE
    with opened() as store:
        check_rows(store.database)
        worst = ExitCode.SOME_UNMARKED if store.recovery else ExitCode.DONE
        waiting = store.answers.count_pending()
        sys.stdout.write(f"ok       {store.places.file} ({waiting} answers wait for a mark)\n")
        for one in backups(store.places):
            try:
                check_database(one.path)
                sys.stdout.write(f"ok       {one.path}\n")
            except StoreError as error:
                worst = ExitCode.SOME_UNMARKED
                sys.stdout.write(f"damaged  {one.path}\n")
                console.say(error.message)
    return worst


def _later(name: str) -> Callable[[Sequence[str]], int]:
    """Return an action of ``record_actions``, which is imported when it is called."""

    def run(argv: Sequence[str]) -> int:
        from runtime.cli import record_actions  # noqa: PLC0415

        return int(getattr(record_actions, name)(argv))

    return run


ACTIONS: Mapping[str, Action] = {
    "where": Action(where, "folder, files, and who has it open"),
    "list": Action(show_list, "classes and learners"),
    "backup": Action(backup, "copy everything, here or to a file"),
    "restore": Action(restore, "list the backups, or put one in the place of everything"),
    "check": Action(check, "read everything and mend what is damaged"),
    "export": Action(_later("export"), "all of it, a class or a learner, as JSONL or CSV"),
    "import": Action(_later("take_in"), "an export, or a class set with its answers"),
    "erase": Action(_later("erase"), "a learner and every word of theirs, with proof"),
    "purge": Action(_later("purge"), "what is older than its class keeps it, with proof"),
    "forget-pin": Action(_later("forget_pin"), "remove a forgotten PIN, the desk's or a learner's"),
}


def _parser(action: str, summary: str, *, json: bool = False, asks: bool = False) -> Parser:
    parser = Parser(f"records {action}", summary, _EXAMPLES)
    if json:
        parser.add_argument("--json", action="store_true", help="data instead of lines")
    if asks:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    return parser


def _json(found: object) -> int:
    text = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    sys.stdout.write(f"{text}\n")
    return ExitCode.DONE
