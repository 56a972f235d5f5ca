"""A class set on its way in: looked at first, then kept whole, and taken out again on undo.

    preview = look_at(store, "class.csv", class_id)
    preview.problems            rows that are no items: line, problem, remedy
    preview.compared            who is in it, what is there already (``comparing``)
    taken = take(store, preview, "Fractions", steps)

What was shown is what is kept: the file is read once and may change or go away afterwards.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from runtime.desk.comparing import Compared, FoundLearner, compare, question_digest
from runtime.desk.taking_out import take_out
from runtime.desk.undoing import Steps
from runtime.errors import BadInputError
from runtime.records.class_set import ClassSet
from runtime.records.csv_dialect import Heading
from runtime.records.rows import Row, item_digest
from runtime.records.store import Store
from runtime.records.store.desk import Taken
from runtime.records.store.texts import short_name
from runtime.words import _, current


class Tries(StrEnum):
    """Which answers count where a learner answered a question more than once."""

    LAST = "last"
    FIRST = "first"
    EVERY = "every"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a preview: also what is there already, which tries; ``into`` a new class."""

    again: bool = False
    tries: Tries = Tries.EVERY
    into: str = ""


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a class set would bring. ``rows`` are all rows of the file, in its order."""

    path: str
    class_id: int | None
    rows: tuple[Row, ...]
    problems: tuple[Row, ...]
    """Rows that are no items, each with ``line``, ``problem`` and ``remedy``."""
    compared: Compared
    questions: int
    heading: Heading | None = None
    """What the columns of a table were taken for."""
    encoding: str = "UTF-8"

    @property
    def name(self) -> str:
        """A name for the set: that of the file without its ending."""
        return Path(self.path).stem

    @property
    def duplicates(self) -> tuple[Row, ...]:
        """Rows whose answer is there already."""
        return self.compared.duplicates

    @property
    def learners(self) -> tuple[FoundLearner, ...]:
        """Who is in the file."""
        return self.compared.learners

    @property
    def answers(self) -> int:
        """How many rows can be used, those that are there already too."""
        return len(self.rows) - len(self.problems)

    @property
    def new(self) -> int:
        """How many answers ``take`` keeps."""
        return self.answers - len(self.duplicates)

    @property
    def tasks(self) -> dict[str, int]:
        """New answers by task."""
        items = (row.item for row in self.kept(Wanted()))
        return dict(Counter(item.task.value for item in items if item))

    @property
    def anonymous(self) -> int:
        """How many answers name no learner."""
        return self.answers - sum(one.answers for one in self.learners)

    @property
    def guessed(self) -> bool:
        """Whether the file names no task, so that each row was taken for what it looks like."""
        return self.heading is not None and "task" not in self.heading.fields

    def kept(self, wanted: Wanted) -> Iterator[Row]:
        """Yield the rows to keep, those with problems too (which are counted, not kept)."""
        out = set() if wanted.again else {row.line for row in self.duplicates}
        for rows in self.compared.tries:
            left = {Tries.LAST: rows[:-1], Tries.FIRST: rows[1:], Tries.EVERY: ()}[wanted.tries]
            out |= {row.line for row in left}
        return (row for row in self.rows if row.line not in out)


def look_at(
    store: Store, path: str, class_id: int | None = None, *, task: str | None = None
) -> ImportPreview:
    """Read a class set and compare it with what the class has; nothing is kept.

    Raises ``BadInputError`` for whatever is wrong with the file as a whole.
    """
    with ClassSet.open(path, task=task, guess=True) as found:
        rows = tuple(_named(_spoken(row)) for row in found)
        heading, encoding = found.heading, found.encoding
    return ImportPreview(
        path=path,
        class_id=class_id,
        rows=rows,
        problems=tuple(row for row in rows if not row.item),
        compared=compare(store, rows, class_id),
        questions=len({question_digest(row.item) for row in rows if row.item}),
        heading=heading,
        encoding=encoding,
    )


def for_class(store: Store, preview: ImportPreview, class_id: int | None) -> ImportPreview:
    """Return the preview for another class, whose learners and answers are others."""
    compared = compare(store, preview.rows, class_id)
    return msgspec.structs.replace(preview, class_id=class_id, compared=compared)


def take(
    store: Store, preview: ImportPreview, name: str, steps: Steps, wanted: Wanted | None = None
) -> Taken:
    """Keep set, questions, learners and answers in one transaction: all of it or nothing.

    A class is made only where the preview is for none. Raises ``BadInputError`` if no answer is
    left. One step to undo, the new class with it.
    """
    wanted = wanted or Wanted()
    rows = list(preview.kept(wanted))
    if not any(row.item for row in rows):
        raise BadInputError(
            _("There is no new answer in this file."),
            _("See what its rows lack, or take them in again all the same."),
        )
    with store.database.write():
        new = wanted.into if preview.class_id is None else ""
        made = store.classes.add(new) if new else None
        class_id = made.id if made else preview.class_id
        taken = store.desk.take(rows, name, class_id, Path(preview.path).name)
    what = _("The class set “{name}” was taken in.").format(name=taken.questions.name)
    steps.done(what, lambda: take_out(store, taken, made))
    return taken


def _spoken(row: Row) -> Row:
    """Return the row in the language of who takes it in, unless its file names another one."""
    if row.item is None or row.fields.get("language") or row.item.language == current():
        return row
    item = msgspec.structs.replace(row.item, language=current())
    return msgspec.structs.replace(row, item=item, digest=item_digest(item))


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
