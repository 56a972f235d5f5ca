"""A class set beside what its class has: who is in it, what is there already, who answered twice.

    found = compare(store, rows, class_id)
    found.learners              names, each found in the class or new
    found.duplicates            rows whose answer is there already
    found.tries                 rows of one learner with different answers to one question

Nothing is changed. What a name is likely to mean is said, never decided.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

import msgspec

from runtime.marking.item import Item
from runtime.records.rows import Row, item_digest, question_of
from runtime.records.store import Store
from runtime.records.store.rows import Learner

Key = tuple[str, str, str, str]
"""What makes an answer the same one again: question, who, text, working."""

_ALIKE = 0.8
_RARE = 0.5
"""A new name is a slip of the pen for another in the file if it has at most half its answers."""


class FoundLearner(msgspec.Struct, frozen=True, kw_only=True):
    """A name in the file: the learner of the class it belongs to, or ``None`` for a new one.

    ``resembles`` names one whom a new name may be a slip of the pen for; ``namesakes`` counts the
    learners of the class who bear this name.
    """

    name: str
    answers: int
    learner: Learner | None = None
    resembles: str = ""
    namesakes: int = 0


class Before(msgspec.Struct, frozen=True):
    """A set that the class has, by which answers of the file are there already."""

    name: str
    day: datetime
    answers: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. Rows stand in the order of the file."""

    duplicates: tuple[Row, ...]
    """Rows whose answer is there already: same question, same learner, same text."""
    repeated: int
    """How many of those stand twice in the file itself."""
    tries: tuple[tuple[Row, ...], ...]
    """Rows of one learner with different answers to one question, for each such pair."""
    learners: tuple[FoundLearner, ...]
    before: Before | None
    """The set that most duplicates are in."""


def compare(store: Store, rows: Sequence[Row], class_id: int | None) -> Compared:
    """Compare the rows that are items with the answers and learners of a class."""
    kept = _kept(store, class_id)
    used = [(row, row.item) for row in rows if row.item]
    first: dict[Key, int] = {}
    here, again = [], []
    for row, item in used:
        key = _key(item, row.id)
        if key in kept or key in first:
            again.append(row)
        if key in kept:
            here.append(kept[key])
        first.setdefault(key, row.line)
    firsts = set(first.values())
    return Compared(
        duplicates=tuple(again),
        repeated=len(again) - len(here),
        # What is here already counts among the tries: it may be the one that was chosen then.
        tries=_tries((row, item) for row, item in used if row.line in firsts),
        learners=_learners(store, [item for _row, item in used], class_id),
        before=_commonest(here),
    )


def question_digest(item: Item) -> str:
    """Return the digest by which the store knows a question (``question_sets.keep_item``)."""
    return item_digest(question_of(item))


def _commonest(here: Sequence[tuple[str, str]]) -> Before | None:
    if not here:
        return None
    ((name, started), answers), *_rest = Counter(here).most_common(1)
    return Before(name, datetime.fromisoformat(started), answers)


def _tries(used: Iterable[tuple[Row, Item]]) -> tuple[tuple[Row, ...], ...]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row, item in used:
        if name := _who(item):
            found.setdefault((question_digest(item), name.casefold()), []).append(row)
    return tuple(tuple(rows) for rows in found.values() if len(rows) > 1)


def _learners(
    store: Store, items: Iterable[Item], class_id: int | None
) -> tuple[FoundLearner, ...]:
    known = store.learners.all(class_id) if class_id is not None else []
    by_name = {one.nickname.casefold(): one for one in known}
    namesakes = Counter(one.nickname.casefold() for one in known)
    names = [_who(item) for item in items]
    spelled: dict[str, str] = {}
    for name in filter(None, names):
        spelled.setdefault(name.casefold(), name)
    counts = Counter(name.casefold() for name in names if name)
    usual = {name: one.nickname for name, one in by_name.items()}
    return tuple(
        FoundLearner(
            name=spelled[name],
            answers=count,
            learner=by_name.get(name),
            resembles="" if name in usual else _resembled(name, usual, spelled, counts),
            namesakes=namesakes[name],
        )
        for name, count in sorted(counts.items())
    )


def _resembled(
    name: str, usual: Mapping[str, str], spelled: Mapping[str, str], counts: Counter[str]
) -> str:
    """Return a learner of the class, else one of the file, whom a new name may stand for."""
    # "Learner 1" and "Learner 2" are two: numbers are no slip of the pen.
    digits = re.findall(r"\d+", name)
    likely = {one: counts[one] * _RARE >= counts[name] for one in spelled}
    others = {**{one: spelled[one] for one, far in likely.items() if far}, **usual}
    same = [one for one in others if re.findall(r"\d+", one) == digits]
    near = get_close_matches(name, same, n=1, cutoff=_ALIKE)
    return others[near[0]] if near else ""


def _kept(store: Store, class_id: int | None) -> dict[Key, tuple[str, str]]:
    """Return the answers that a class has, each with the name and the time of its set."""
    with store.database.read() as connection:
        rows = connection.execute(_KEPT, (class_id,)).fetchall()
    return {
        (digest, _folded(name, row_id), text, "\n".join(msgspec.json.decode(steps))): (of, started)
        for digest, name, row_id, text, steps, of, started in rows
    }


_KEPT = """
SELECT i.digest, l.nickname, a.row_id, a.text, a.steps, coalesce(q.name, ''), s.started
FROM sessions AS s
JOIN answers AS a ON a.session_id = s.id JOIN items AS i ON i.id = a.item_id
LEFT JOIN learners AS l ON l.id = a.learner_id LEFT JOIN question_sets AS q ON q.id = s.set_id
WHERE s.kind = 'desk' AND s.class_id IS ?
"""


def _key(item: Item, row_id: str) -> Key:
    return (question_digest(item), _folded(_who(item), row_id), item.answer, "\n".join(item.steps))


def _folded(name: str | None, row_id: str) -> str:
    """Return who answered: the learner, or where none is named the row itself."""
    return name.casefold() if name else f"\n{row_id}"


def _who(item: Item) -> str:
    return " ".join((item.learner or "").split())
