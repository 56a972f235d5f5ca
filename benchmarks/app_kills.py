"""The app itself, killed again and again while a child studies and while a class set is marked.

    python -m benchmarks.app_kills --kills 200        200 kills, in about 20 minutes
    python -m benchmarks.app_kills --json             the figures as data

A driver uses the app in a terminal with keys and kills it together with its marking process
(SIGKILL) at a random moment: while it starts, from a key press until 1.5 s after it, while it marks
a class set, while it closes. Then the store is opened: all that was seen as saved is in it, once;
nothing needs repair; and the app started next goes on with the question that was asked.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import app_keys
from benchmarks.app_session import CLASS, LEARNER, SET, Driver, Seen
from benchmarks.store_session import Told, digest
from benchmarks.terminal import Terminal
from runtime.errors import ExitCode
from runtime.marking.item import Item, Task
from runtime.records.rows import Row
from runtime.records.store import AVATARS, Store

_QUESTIONS, _CLASS_SET = 30, 400
_SOON_SECONDS, _LATER_SECONDS = 0.15, 1.5
"""After a key: until the answer is on the disk and marked; until long after that."""
_START_SECONDS = 2.5
_PARTS = {
    **{"starting": 10, "answering": 52, "going on": 8},
    **{"marking": 18, "changing": 7, "closing": 5},
}
"""In a hundred kills, how many fall in which part of the work."""
_STUDIED = """
SELECT uid, text, mark_id FROM answers
WHERE session_id IN (SELECT id FROM sessions WHERE kind = 'study')
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app_kills", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="default 200")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random moments")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="on the disk to be tried")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        figures = survive(Path(folder), args.kills, args.seed)
    lines = (f"{name:55} {value:>7,}" for name, value in figures.items())
    print(json.dumps(figures, indent=2) if args.json else "\n".join(lines))
    return 0


def survive(folder: Path, kills: int, seed: int = 0) -> dict[str, int]:
    """Kill the app ``kills`` times, use it once without, and return what was found.

    Raises ``AssertionError`` if anything was lost or doubled, or the app did not go on.
    """
    chance, seen, told, parts = random.Random(seed), Seen(), Told(), Counter[str]()
    _fill(folder)
    for number in range(kills):
        part = chance.choices(list(_PARTS), list(_PARTS.values()))[0]
        pending = _take_in(folder)
        seen.marked = 0
        with app_keys.start(folder) as app:
            _until_killed(app, part, chance, seen)
        parts[f"killed: {part}"] += 1
        print(f"{number + 1} of {kills}", end="\r", file=sys.stderr, flush=True)
        _look(folder, seen, told, pending)
    pending, seen.marked = _take_in(folder), 0
    _end_well(folder, chance, seen)
    figures = _look(folder, seen, told, pending)
    return {"kills": kills, **dict(sorted(parts.items())), **figures}


def _until_killed(app: Terminal, part: str, chance: random.Random, seen: Seen) -> None:
    driver = Driver(app, chance, seen)
    if part in {"marking", "changing"}:
        driver.mark()
        if part == "changing":
            driver.change()
        driver.kill(_LATER_SECONDS)
    elif part == "starting":
        driver.kill(_START_SECONDS)
    else:
        _study(driver, part, chance)


def _study(driver: Driver, part: str, chance: random.Random) -> None:
    driver.study()
    for _ in range(chance.randrange(4)):
        driver.check()
        driver.see_verdict()
        driver.next()
    if part == "answering":
        driver.check()
        driver.kill(chance.choice((_SOON_SECONDS, _LATER_SECONDS)))
    elif part == "going on":
        driver.go_on()
        driver.kill(_SOON_SECONDS)
    else:
        driver.close()
        driver.kill(_SOON_SECONDS)


def _look(folder: Path, seen: Seen, told: Told, pending: int) -> dict[str, int]:
    """Raise ``AssertionError`` unless the store holds all that was seen, once; return figures."""
    with Store.open(folder / "records") as store:
        told.check(store)
        with store.database.read() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = connection.execute(_STUDIED).fetchall()
            changed = connection.execute("SELECT count(*) FROM overrides").fetchone()[0]
        kept_now = pending - _pending(store)
    texts = Counter(text for _uid, text, _mark in rows)
    unmarked = {text for _uid, text, mark in rows if mark is None}
    assert max(texts.values(), default=1) == 1, "an answer is doubled"
    assert seen.saved <= set(texts), f"lost: {seen.saved - set(texts)}"
    assert set(texts) <= seen.tried, "an answer that nobody gave"
    assert changed >= seen.changed, "a change by the teacher is lost"
    assert kept_now >= seen.marked, f"{kept_now} marks of {seen.marked} of the class set"
    told.answers |= {uid: digest(text) for uid, text, _mark in rows}
    told.marked |= {uid for uid, _text, mark in rows if mark is not None}
    seen.early |= seen.verdicts & unmarked
    return {
        "answers for which the key was pressed": len(seen.tried),
        "answers seen as saved before the kill": len(seen.saved),
        "answers found": len(texts),
        "verdicts seen before the kill": len(seen.verdicts),
        "of them, marks not on the disk yet: made again": len(seen.early),
        "sessions that went on with the very question": seen.resumed,
        "marks of class sets": _count(folder, "marks") - len(texts),
        "changes by the teacher": changed,
        "answers lost": 0,
        "answers or marks doubled": 0,
        "stores that needed repair": 0,
    }


def _end_well(folder: Path, chance: random.Random, seen: Seen) -> None:
    """Use the app once more without a kill: what waits is marked, and it closes by itself."""
    with app_keys.start(folder) as app:
        driver = Driver(app, chance, seen)
        driver.study()
        driver.check()
        driver.see_verdict()
        driver.close()
        assert app.end() == ExitCode.DONE
    with Store.open(folder / "records") as store:
        (mia,) = store.learners.all()
        waiting = sum(
            store.answers.count_pending(one.id) for one in store.sessions.of_learner(mia.id, 10**6)
        )
    assert waiting == 0, f"{waiting} answers still wait for their marks"


def _fill(folder: Path) -> None:
    with Store.open(folder / "records") as store:
        store.sets.add(SET, list(_rows(_QUESTIONS)))
        store.learners.add(LEARNER, AVATARS[0])
        store.classes.add(CLASS)
        store.pins.set(app_keys.PIN)


def _take_in(folder: Path) -> int:
    """Take a class set in if the last one is marked; return how many answers wait."""
    with Store.open(folder / "records") as store:
        if not _pending(store):
            (group,) = store.classes.all()
            store.desk.take(_rows(_CLASS_SET), "Test", group.id)
        return _pending(store)


def _pending(store: Store) -> int:
    """Return how many answers of the latest class set have no mark."""
    (group,) = store.classes.all()
    latest = store.sessions.of_class(group.id, 1)
    return store.answers.count_pending(latest[0].id) if latest else 0


def _count(folder: Path, table: str) -> int:
    with Store.open(folder / "records") as store:
        return int(store.database.value(f"SELECT count(*) FROM {table}") or 0)


def _rows(count: int) -> Iterator[Row]:
    """Yield sums, each with an answer of nobody in particular."""
    for number in range(count):
        a, b = 11 + number, 3 + number % 7
        item = Item(
            id=f"r{number}",
            task=Task.MATH,
            question=f"What is {a} + {b}?",
            reference=f"{a + b}",
            answer=f"{a} + {b} = {a + b + number % 2}",
        )
        yield Row(line=number + 1, id=item.id, digest="", item=item, fields={"skill": "addition"})


if __name__ == "__main__":
    sys.exit(main())
