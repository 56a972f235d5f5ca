"""A session of the records that is killed at random moments, and what must hold afterwards.

    figures = survive(folder, kills=200, seed=0)
    python -m benchmarks.store_session FOLDER       the session itself, until it is killed

The session writes through the same calls as the app: answers, marks, hints, overrides, backups, an
erasure now and then. What is done is acknowledged on stdout. After each kill (SIGKILL) the store is
opened anew and compared with all that was ever acknowledged.
"""

import hashlib
import itertools
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict
from runtime.records.rows import Row
from runtime.records.store import AVATARS, Store, removal

_CALL_SECONDS = 0.012
"""Longer than any call of the session but backups and erasures takes."""
_AT_THE_START = 0.1
"""Share of the kills while the store is being made or opened."""
_START_SECONDS = 0.4


def survive(folder: Path, kills: int, seed: int = 0, longest: int = 40) -> dict[str, float]:
    """Kill a session ``kills`` times, each within ``longest`` acknowledged steps.

    Returns what was found. Raises ``AssertionError`` if anything was lost or doubled.
    """
    chance = random.Random(seed)
    told = Told()
    for _ in range(kills):
        told.hear(_killed(folder, chance, longest))
        with Store.open(folder) as store:
            told.check(store)
    with Store.open(folder) as store:
        told.pending = store.answers.count_pending()
        while mark_pending(store, "resumed"):
            pass
        told.check(store)
        assert store.answers.count_pending() == 0
        found = int(store.database.value("SELECT count(*) FROM answers") or 0)
    return {
        "kills": kills,
        "answers acknowledged": len(told.answers),
        "answers found": found,
        "marks acknowledged": len(told.marked),
        "answers marked after the last kill": told.pending,
        "erasures acknowledged": len(told.erased),
        "answers lost": 0,
        "marks doubled": 0,
        "damaged stores": 0,
    }


class Told:
    """All that sessions acknowledged."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.marked: set[str] = set()
        self.erased: set[str] = set()
        self.pending = 0

    def hear(self, lines: list[str]) -> None:
        """Remember what stands in ``lines`` of a session's output."""
        for line in lines:
            what, uid, *rest = line.split()
            if what == "answer":
                self.answers[uid] = rest[0]
            elif what == "mark":
                self.marked.add(uid)
            elif what == "erased":
                self.erased.add(uid)

    def check(self, store: Store) -> None:
        """Raise ``AssertionError`` unless the store holds what was acknowledged, once."""
        assert store.recovery is None, store.recovery
        assert not store.read_only
        with store.database.read() as connection:
            rows = connection.execute("SELECT uid, text, mark_id FROM answers").fetchall()
            doubled = connection.execute(
                "SELECT count(*) - count(DISTINCT answer_id) FROM marks"
            ).fetchone()[0]
            learners = {uid for (uid,) in connection.execute("SELECT uid FROM learners")}
        found = {uid: (digest(text), mark) for uid, text, mark in rows}
        lost = {uid for uid, told in self.answers.items() if found.get(uid, ("",))[0] != told}
        assert not lost, f"{len(lost)} answers lost"
        assert all(found[uid][1] is not None for uid in self.marked), "a mark is lost"
        assert doubled == 0, f"{doubled} marks doubled"
        assert not self.erased & learners, "an erased learner is back"


def _killed(folder: Path, chance: random.Random, longest: int) -> list[str]:
    """Run a session, kill it, and return what it has acknowledged."""
    command = [sys.executable, "-m", "benchmarks.store_session", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if chance.random() < _AT_THE_START:
            time.sleep(chance.random() * _START_SECONDS)
            lines = []
        else:
            lines = [process.stdout.readline() for _ in range(1 + chance.randrange(longest))]
            # Anywhere within a call, not only right after one.
            time.sleep(chance.random() * _CALL_SECONDS)
        process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL, "the session has ended by itself"
    # The kill may have cut the last line short.
    return [line for line in lines if line.endswith("\n")]


def session(folder: Path) -> None:
    """Study without end, telling of every step that is done."""
    with Store.open(folder) as store:
        _tell("open", "-")
        chance = random.Random(store.database.value("SELECT count(*) FROM answers"))
        item_id = _item(store)
        for step in itertools.count(1):
            _study(store, chance, item_id)
            if step % 5 == 0:
                for uid in mark_pending(store, "session"):
                    _tell("mark", uid)
            if step % 11 == 0:
                store.back_up()
            if step % 17 == 0:
                _come_and_go(store, chance, item_id)


def _study(store: Store, chance: random.Random, item_id: int) -> None:
    running = store.sessions.start()
    # Now and then one that fills many pages.
    text = f"{chance.random()} " * chance.choice((1, 3, 30, 3000))
    answer = store.answers.add(running.id, item_id, text)
    _tell("answer", answer.uid, digest(text))
    store.sessions.use_hint(running.id, item_id, 0, "Read it again.")
    store.sessions.end(running.id)


def mark_pending(store: Store, maker: str) -> list[str]:
    """Mark what waits, accept every third mark, and return the uids of the answers."""
    waiting = store.answers.pending()
    marks = [
        Mark(
            id=one.row.id,
            verdict=Verdict.CORRECT,
            score=1.0,
            max_score=1.0,
            confidence=0.9,
            needs_review=False,
            provenance={"made": maker, "item": one.row.digest},
        )
        for one in waiting
    ]
    store.marks.add_many((one.answer_id, mark) for one, mark in zip(waiting, marks, strict=True))
    for one in waiting[::3]:
        store.overrides.accept(one.answer_id, who="desk")
    return [store.answers.get(one.answer_id).uid for one in waiting]


def _come_and_go(store: Store, chance: random.Random, item_id: int) -> None:
    name = f"Guest {chance.randrange(10**9)}"
    for one in store.learners.all():
        removal.erase(store, one)
    guest = store.learners.add(name, AVATARS[0])
    running = store.sessions.start(learner_id=guest.id)
    store.answers.add(running.id, item_id, f"{name} was here for a while", learner_id=guest.id)
    removed = removal.erase(store, guest)
    assert removed.proof.clean, removed
    _tell("erased", guest.uid)


def _item(store: Store) -> int:
    item = Item(id="q", task=Task.MATH, question="1/2 + 1/4?", reference="3/4")
    sets = store.sets.all() or [store.sets.add("Sums", [Row(line=1, id="q", digest="", item=item)])]
    return store.sets.items(sets[0].id)[0].item_id


def digest(text: str) -> str:
    """Return the SHA-256 by which an answer's text is told from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(*words: str) -> None:
    # One call of write a line: a line is acknowledged whole or not at all.
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    session(Path(sys.argv[1]))
