"""How fast the records answer what the app's screens ask, and what they stand when killed.

    python -m benchmarks.store                     10,000 answers by 200 learners; each query timed
    python -m benchmarks.store --kills 200         a session killed (-9) 200 times at random moments
    python -m benchmarks.store --json              the figures as data

The answers are made: 200 learners in eight classes, five sessions each of ten questions, each
answered once and marked. Every query is made 20 times; the median and the longest time are shown.
``--one-class`` puts all learners into one class.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import store_session
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Mark, Verdict
from runtime.records.rows import Row
from runtime.records.store import AVATARS, AgeBand, Store, removal
from runtime.records.store.backups import check_database
from runtime.records.store.exporting import export_csv, export_jsonl

REPEATS = 20
SESSIONS, QUESTIONS = 5, 10
_VERDICTS = (Verdict.CORRECT, Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures."""
    args = _parse(argv)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        if args.kills:
            figures = store_session.survive(Path(folder) / "records", args.kills, args.seed)
        else:
            figures = _timed(Path(folder) / "records", args)
    print(json.dumps(figures, indent=2) if args.json else _table(figures))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--learners", type=int, default=200, metavar="N", help="default 200")
    parser.add_argument("--one-class", action="store_true", help="not classes of 25")
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="kill a session N times")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random moments")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="on the disk to be measured")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    return parser.parse_args(argv)


def fill(store: Store, learners: int, class_size: int) -> None:
    """Fill a store with learners, sessions, answers, marks and what goes with them."""
    chance = random.Random(0)
    made = list(_rows())
    with store.database.write():
        questions = store.sets.add("Fractions", made)
    items = [one.item_id for one in store.sets.items(questions.id)]
    for number in range(learners):
        # One transaction a learner: the benchmark is of the reading.
        with store.database.write():
            if number % class_size == 0:
                store.classes.add(f"Class {number // class_size}", retention_days=365)
            _fill_learner(store, chance, number, 1 + number // class_size, items)


def _rows() -> Iterator[Row]:
    for number in range(QUESTIONS):
        question = f"Tom has {number + 3}/4 of a cake and eats 1/8. How much is left of it?"
        item = Item(id=f"q{number}", task=Task.MATH, question=question, reference="5/8")
        yield Row(line=number, id=item.id, digest="", item=item, fields={"skill": f"s{number % 4}"})


def _fill_learner(
    store: Store, chance: random.Random, number: int, class_id: int, items: Sequence[int]
) -> None:
    learner = store.learners.add(f"Child {number}", AVATARS[number % len(AVATARS)], AgeBand.MIDDLE)
    store.classes.join(class_id, learner.id)
    for _ in range(SESSIONS):
        session = store.sessions.start(learner_id=learner.id, class_id=class_id, set_id=1)
        for item_id in items:
            counted = "I counted the pieces " * chance.randint(1, 8)
            text = f"{counted}and took {chance.randrange(1000)} away\n= {chance.randint(1, 40)}/8"
            answer = store.answers.add(session.id, item_id, text, learner_id=learner.id)
            store.marks.add(answer.id, _mark(chance, answer.row_id))
        store.sessions.end(session.id)
    for skill in range(4):
        store.progress.learned(learner.id, f"s{skill}", known=0.5, tries=10, correct=5)
    for item_id in items:
        due = datetime.now(UTC) + timedelta(days=chance.randint(-5, 5))
        store.progress.review(learner.id, item_id, due=due, days=1.0, lapses=1)


def _mark(chance: random.Random, row_id: str) -> Mark:
    verdict, confidence = chance.choice(_VERDICTS), chance.random()
    finding = Evidence(kind="final_answer", message="Your final answer is not right yet.")
    return Mark(
        id=row_id,
        verdict=verdict,
        score=1.0 if verdict is Verdict.CORRECT else 0.0,
        max_score=1.0,
        confidence=confidence,
        needs_review=confidence < 0.2,
        reasons=("The final answer differs from the reference.",),
        evidence=(finding,) * 3,
        misconception="adds-denominators" if verdict is Verdict.INCORRECT else None,
        feedback="Look closely at line 2.",
        hints=("Read the question again.", "Look closely at line 2."),
        provenance={"kindmark": "0", "item": "0" * 64},
    )


def _timed(folder: Path, args: argparse.Namespace) -> dict[str, float]:
    figures: dict[str, float] = {}
    size = args.learners if args.one_class else 25
    with Store.open(folder) as store:
        _note(figures, "filling", lambda: fill(store, args.learners, size), 1)
        answers = store.database.value("SELECT count(*) FROM answers")
        figures["answers"] = float(answers or 0)
        for name, query in _queries(store).items():
            _note(figures, name, query, REPEATS)
        _note(figures, "one answer saved", lambda: _save(store), 200)
        _note(figures, "backup", store.back_up, 3)
        _note(figures, "export of all, JSONL", lambda: list(export_jsonl(store)), 1)
        _note(figures, "export of all, CSV", lambda: export_csv(store), 1)
        _note(figures, "integrity check", lambda: check_database(store.places.file), 3)
        learner = store.learners.get(7)
        _note(figures, "erasing a learner", lambda: removal.erase(store, learner), 1)
        figures["bytes"] = store.places.file.stat().st_size
    _note(figures, "opening", lambda: Store.open(folder).close(), 5)
    return figures


def _queries(store: Store) -> dict[str, Callable[[], object]]:
    screens = store.screens
    return {
        "who am I (all learners)": store.learners.all,
        "learners of a class with counts": lambda: screens.learners(1),
        "all learners with counts": screens.learners,
        "classes": store.classes.all,
        "question sets": store.sets.all,
        "questions of a set": lambda: store.sets.items(1),
        "sessions of a learner": lambda: store.sessions.of_learner(5),
        "answers of a session": lambda: store.answers.of_session(9),
        "marks of a session": lambda: store.marks.of_session(9),
        "mastery of a learner": lambda: store.progress.mastery(5),
        "reviews due": lambda: store.progress.due(5),
        "days of a learner": lambda: screens.days(5),
        "results of a learner": lambda: screens.results(learner_id=5),
        "class by needs-review, first 100": lambda: screens.results(class_id=1, limit=100),
        "class by needs-review, first 500": lambda: screens.results(class_id=1, limit=500),
        "all classes by needs-review, 500": lambda: screens.results(limit=500),
        "sessions of a class with counts": lambda: screens.sessions(1),
        "item analysis of a class": lambda: screens.items(class_id=1),
        "item analysis of all": screens.items,
        "misconceptions of all": screens.misconceptions,
        "one answer with its item": lambda: store.answers.item(4321),
        "one mark": lambda: store.marks.current(4321),
        "pending answers": store.answers.pending,
    }


def _save(store: Store) -> None:
    store.answers.add(1, 1, "3 1/2 cm", learner_id=1)


def _note(figures: dict[str, float], name: str, call: Callable[[], object], repeats: int) -> None:
    """Note the median and the longest time of a call, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    figures[f"{name}, ms"] = round(statistics.median(times), 2)
    if repeats > 1:
        figures[f"{name}, longest ms"] = round(max(times), 2)


def _table(figures: dict[str, float]) -> str:
    return "\n".join(f"{name:50} {value:>12,g}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
