"""What ``kindmark records`` does with much at once: export, import, erase, purge.

Each is called with the words after its name.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runtime.cli import console
from runtime.cli.options import Parser, named
from runtime.cli.record_store import opened, say_state, sure
from runtime.errors import BadInputError, ExitCode
from runtime.locations import records_folder
from runtime.records.class_set import FORMATS, ClassSet, format_of
from runtime.records.source import open_source
from runtime.records.store import Store, removal, retention
from runtime.records.store.exporting import export_csv, export_jsonl
from runtime.records.store.importing import import_jsonl, is_export
from runtime.records.store.removal import Removed

_WORDS = {"hints_used": "hints"}
_ONE = {"classes": "class"}


def export(argv: Sequence[str]) -> int:
    """Write all of it, or what belongs to a class or a learner, to a file or stdout."""
    parser = Parser("records export", "Everything as JSONL, or answers and marks as CSV.", _EXPORTS)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--class", dest="class_name", metavar="NAME", type=named)
    which.add_argument("--learner", metavar="NAME", type=named, help="nickname or uid")
    parser.add_argument("-o", "--output", metavar="FILE", type=named, help="else stdout")
    parser.add_argument("--format", choices=FORMATS, help="else by the suffix of FILE")
    args = parser.parse_args(argv)
    form = args.format or (format_of(args.output) if args.output else "jsonl")
    with opened() as store:
        _put(args.output, _exported(store, args, form))
    return ExitCode.DONE


_EXPORTS = """\
  kindmark records export -o all.jsonl              to take in again on another machine
  kindmark records export --class 4b -o 4b.csv      for a spreadsheet
"""


def take_in(argv: Sequence[str]) -> int:
    """Take in an export, or a class set with its answers."""
    parser = Parser("records import", "Take in an export, or a class set with answers.", _IMPORTS)
    parser.add_argument("file", metavar="FILE", type=named, help="JSONL or CSV")
    parser.add_argument("--class", dest="class_name", metavar="NAME", type=named, help="of a set")
    parser.add_argument("--name", metavar="NAME", type=named, help="of a set; else its file's")
    args = parser.parse_args(argv)
    with open_source(args.file) as file:
        ours = is_export(file.readline())
        file.seek(0)
        with Store.open(records_folder()) as store:
            say_state(store)
            store.need_to_write()
            if ours:
                _say_rows("Taken in", import_jsonl(store, file, args.file))
                return ExitCode.DONE
            return _take_set(store, args)


_IMPORTS = """\
  kindmark records import all.jsonl                 what is known already stays as it is
  kindmark records import test2.csv --class 4b      a class set; its answers wait for marks
"""


def erase(argv: Sequence[str]) -> int:
    """Erase a learner for good."""
    parser = _removing("erase", "Erase a learner and every word of theirs, backups included.")
    parser.add_argument("learner", metavar="LEARNER", type=named, help="nickname or uid")
    args = parser.parse_args(argv)
    with opened() as store:
        store.need_to_write()
        learner = store.learners.named(args.learner)
        _say_rows(f"With {learner.nickname} would go", removal.plan_erasure(store, learner))
        _warn(store)
        return _report(removal.erase(store, learner)) if sure(args) else ExitCode.DONE


def purge(argv: Sequence[str]) -> int:
    """Remove what is older than its class keeps it."""
    args = _removing("purge", "Remove what is older than its class keeps it.").parse_args(argv)
    with opened() as store:
        store.need_to_write()
        plan = retention.plan_purge(store)
        _say_rows("Would go", plan)
        _warn(store)
        return _report(retention.purge(store)) if sure(args) else ExitCode.DONE


def _removing(action: str, summary: str) -> Parser:
    parser = Parser(f"records {action}", summary, f"  kindmark records {action} --help\n")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    return parser


def _exported(store: Store, args: argparse.Namespace, form: str) -> Iterable[bytes]:
    class_ = store.classes.named(args.class_name) if args.class_name else None
    learner = store.learners.named(args.learner) if args.learner else None
    if form == "csv":
        return [
            export_csv(
                store,
                class_id=class_.id if class_ else None,
                learner_id=learner.id if learner else None,
            )
        ]
    if class_:
        members = store.learners.all(class_.id, archived=True)
        return export_jsonl(store, [one.id for one in members])
    return export_jsonl(store, [learner.id] if learner else None)


def _put(output: str | None, lines: Iterable[bytes]) -> None:
    if output is None:
        sys.stdout.buffer.writelines(lines)
        return
    path = Path(output)
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise BadInputError(f"{path} exists already.", "Choose another name.")
    try:
        with part.open("xb") as file:
            file.writelines(lines)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadInputError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place."
        ) from None
    console.say(f"Exported: {path}")


def _take_set(store: Store, args: argparse.Namespace) -> int:
    with ClassSet.open(args.file) as rows:
        class_id = _class_id(store, args.class_name) if args.class_name else None
        name = args.name or Path(args.file).stem
        taken = store.desk.take(rows, name, class_id, origin=Path(args.file).name)
    for row in taken.problems:
        console.say(f"line {row.line}: {row.problem}. {row.remedy}")
    console.say(
        f"Taken in: {_counted(taken.answers, 'answer')} to "
        f"{_counted(taken.questions.items, 'question')}, "
        f"{_counted(len(taken.new_learners), 'new learner')}; "
        f"{_counted(len(taken.problems), 'row')} left out."
    )
    return ExitCode.SOME_UNMARKED if taken.problems else ExitCode.DONE


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _class_id(store: Store, name: str) -> int:
    known = {one.name: one.id for one in store.classes.all()}
    return known[name] if name in known else store.classes.add(name).id


def _warn(store: Store) -> None:
    if any(store.places.kept_aside.glob("*")):
        console.say("Damaged stores that were kept aside will be deleted: they cannot be cleaned.")
    console.say("Exports and copies elsewhere, on sticks for instance, are not reached.")


def _report(removed: Removed) -> int:
    proof = removed.proof
    _say_rows("Gone", removed.rows)
    console.say(f"{len(removed.cleaned)} backups cleaned, {len(removed.deleted)} files deleted.")
    if proof.shared:
        console.say(f"The same words also stand in rows of others: {', '.join(proof.shared)}.")
    if proof.unsearchable:
        console.say(f"{proof.unsearchable} texts are too short to search for; their rows are gone.")
    if proof.clean:
        console.say(
            f"Searched {proof.searched_bytes:,} bytes in {len(proof.files)} files for "
            f"{proof.texts} texts: no trace."
        )
        return ExitCode.DONE
    for path in proof.traces:
        console.say(f"A trace is left in {path}")
    return ExitCode.INTERNAL


def _say_rows(what: str, rows: Mapping[str, int]) -> None:
    found = [f"{count} {_kind(name, count)}" for name, count in rows.items() if count]
    console.say(f"{what}: {', '.join(found) or 'nothing'}.")


def _kind(name: str, count: int) -> str:
    words = _WORDS.get(name, name)
    return words if count != 1 else _ONE.get(name, words.removesuffix("s"))


def forget_pin(argv: Sequence[str]) -> int:
    """Remove a PIN that was forgotten; the next one who comes chooses a new one."""
    parser = Parser("records forget-pin", "Remove a PIN that was forgotten.", _PINS)
    parser.add_argument("--learner", metavar="NAME", type=named, help="else the teacher's desk")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    args = parser.parse_args(argv)
    with opened() as store:
        store.need_to_write()
        learner = store.learners.named(args.learner) if args.learner else None
        whose = f"of {learner.nickname}" if learner else "of the teacher's desk"
        if not store.pins.is_set(learner.id if learner else None):
            console.say(f"There is no PIN {whose}.")
            return ExitCode.DONE
        console.say(f"The PIN {whose} will be removed.")
        if sure(args):
            store.pins.remove(learner.id if learner else None)
            console.say("Removed.")
    return ExitCode.DONE


_PINS = """\
  kindmark records forget-pin                       the teacher's desk asks for a new one
  kindmark records forget-pin --learner Mia         Mia comes in without
"""
