"""A class set on its way in: looked at first, then kept whole, and taken out again on undo.

    preview = look_at(store, "class.csv", class_id)
    preview.problems            rows that are no items: line, problem, remedy
    preview.learners            who is in it, found in the class or new
    taken = take(store, preview, "Fractions", steps)

What was shown is what is kept: the file is read once and may change or go away afterwards.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

from runtime.desk.undoing import Steps
from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.records.class_set import ClassSet
from runtime.records.rows import Row
from runtime.records.store import Store
from runtime.records.store.desk import Taken
from runtime.records.store.rows import Learner
from runtime.records.store.texts import short_name
from runtime.words import _

Key = tuple[str, str, str, str]
"""What makes an answer the same one again: question, who, text, working."""


class FoundLearner(msgspec.Struct, frozen=True, kw_only=True):
    """A name in the file: the learner of the class it belongs to, or ``None`` for a new one.

    ``resembles`` names a learner of the class whom a new name may be a slip of the pen for.
    """

    name: str
    answers: int
    learner: Learner | None = None
    resembles: str = ""


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a class set would bring. ``rows`` are all rows of the file, in its order."""

    path: str
    class_id: int | None
    rows: tuple[Row, ...]
    problems: tuple[Row, ...]
    """Rows that are no items, each with ``line``, ``problem`` and ``remedy``."""
    duplicates: tuple[Row, ...]
    """Rows whose answer is there already: same question, same learner, same text."""
    learners: tuple[FoundLearner, ...]
    tasks: dict[str, int]
    """Answers by task."""
    questions: int

    @property
    def name(self) -> str:
        """A name for the set: that of the file without its ending."""
        return Path(self.path).stem

    @property
    def answers(self) -> int:
        """How many rows can be used, those that are there already too."""
        return len(self.rows) - len(self.problems)

    @property
    def new(self) -> int:
        """How many answers ``take`` keeps."""
        return self.answers - len(self.duplicates)

    @property
    def anonymous(self) -> int:
        """How many answers name no learner."""
        return self.answers - sum(one.answers for one in self.learners)


def look_at(
    store: Store, path: str, class_id: int | None = None, *, task: str | None = None
) -> ImportPreview:
    """Read a class set and compare it with what the class has; nothing is kept.

    Raises ``BadInputError`` for whatever is wrong with the file as a whole.
    """
    with ClassSet.open(path, task=task) as found:
        rows = tuple(map(_named, found))
    items = [row.item for row in rows if row.item]
    return ImportPreview(
        path=path,
        class_id=class_id,
        rows=rows,
        problems=tuple(row for row in rows if not row.item),
        duplicates=_duplicates(store, rows, class_id),
        learners=_learners(store, items, class_id),
        tasks=dict(Counter(item.task.value for item in items)),
        questions=len({_question(item) for item in items}),
    )


def take(
    store: Store, preview: ImportPreview, name: str, steps: Steps, *, again: bool = False
) -> Taken:
    """Keep set, questions, learners and answers in one transaction: all of it or nothing.

    Answers that are there already are left out unless they are wanted ``again``. Raises
    ``BadInputError`` if none is left.
    """
    passed_over = set() if again else {row.line for row in preview.duplicates}
    rows = [row for row in preview.rows if row.line not in passed_over]
    if not any(row.item for row in rows):
        raise BadInputError(
            _("There is no new answer in this file."),
            _("See what its rows lack, or take them in again all the same."),
        )
    taken = store.desk.take(rows, name, preview.class_id, Path(preview.path).name)
    what = _("The class set “{name}” was taken in.").format(name=taken.questions.name)
    steps.done(what, lambda: remove(store, taken))
    return taken


def remove(store: Store, taken: Taken) -> None:
    """Remove an import: its answers with their marks, its set, and learners with no other work."""
    set_id = taken.questions.id
    with store.database.write() as connection:
        items = connection.execute("SELECT item_id FROM set_items WHERE set_id = ?", (set_id,))
        unused = items.fetchall()
        connection.execute("DELETE FROM sessions WHERE id = ?", (taken.session.id,))
        connection.execute(_UNUSED_SET, (set_id,))
        connection.executemany(_UNUSED_ITEM, unused)
        connection.executemany(_IDLE_LEARNER, [(one.id,) for one in taken.new_learners])


_UNUSED_SET = """
DELETE FROM question_sets WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE set_id = ?1)
"""
_UNUSED_ITEM = """
DELETE FROM items WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM set_items WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM answers WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM hints_used WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM reviews WHERE item_id = ?1)
"""
_IDLE_LEARNER = """
DELETE FROM learners WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM answers WHERE learner_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM sessions WHERE learner_id = ?1)
"""


def _named(row: Row) -> Row:
    """Return the row, as a problem if the store could not take the name of its learner."""
    name = (row.item.learner or "").strip() if row.item else ""
    try:
        if name:
            short_name(name, "name of the learner")
    except BadInputError as error:
        return msgspec.structs.replace(
            row, item=None, problem=error.message.rstrip("."), remedy=error.remedy
        )
    return row


def _learners(
    store: Store, items: Iterable[Item], class_id: int | None
) -> tuple[FoundLearner, ...]:
    known = store.learners.all(class_id) if class_id is not None else []
    by_name = {one.nickname.casefold(): one for one in known}
    names = [_who(item) for item in items]
    spelled: dict[str, str] = {}
    for name in filter(None, names):
        spelled.setdefault(name.casefold(), name)
    counts = Counter(name.casefold() for name in names if name)
    return tuple(
        FoundLearner(
            name=spelled[folded],
            answers=count,
            learner=by_name.get(folded),
            resembles=_resembled(folded, by_name),
        )
        for folded, count in sorted(counts.items())
    )


def _resembled(name: str, known: dict[str, Learner]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.8) if name not in known else []
    return known[near[0]].nickname if near else ""


def _duplicates(store: Store, rows: Sequence[Row], class_id: int | None) -> tuple[Row, ...]:
    """Return the rows whose answers the class has, or that stand in the file twice."""
    seen = _kept(store, class_id)
    found = []
    for row in rows:
        if row.item:
            key = _key(row.item, row.id)
            if key in seen:
                found.append(row)
            seen.add(key)
    return tuple(found)


def _kept(store: Store, class_id: int | None) -> set[Key]:
    with store.database.read() as connection:
        rows = connection.execute(_KEPT, (class_id,)).fetchall()
    return {
        (digest, _folded(name, row_id), text, "\n".join(msgspec.json.decode(steps)))
        for digest, name, row_id, text, steps in rows
    }


_KEPT = """
SELECT i.digest, l.nickname, a.row_id, a.text, a.steps FROM sessions AS s
JOIN answers AS a ON a.session_id = s.id JOIN items AS i ON i.id = a.item_id
LEFT JOIN learners AS l ON l.id = a.learner_id WHERE s.kind = 'desk' AND s.class_id IS ?
"""


def _key(item: Item, row_id: str) -> Key:
    return (_question(item), _folded(_who(item), row_id), item.answer, "\n".join(item.steps))


def _folded(name: str | None, row_id: str) -> str:
    """Return who answered: the learner, or where none is named the row itself."""
    return name.casefold() if name else f"\n{row_id}"


def _who(item: Item) -> str:
    return " ".join((item.learner or "").split())


def _question(item: Item) -> str:
    """Return the digest by which the store knows a question (``question_sets.keep_item``)."""
    question = msgspec.structs.replace(item, id="", answer="", steps=(), learner=None)
    return hashlib.sha256(msgspec.json.encode(question, order="deterministic")).hexdigest()
