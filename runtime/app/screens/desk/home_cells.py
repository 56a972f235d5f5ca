"""What stands in the two lists of the desk's home: classes with what waits, and their sets.

fill_table(table, class_headings(), [class_cells(one, work) for one in classes])
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from runtime.app.plain import one_line
from runtime.records.store.classes import ClassWork
from runtime.records.store.rows import SchoolClass
from runtime.records.store.screens import SessionLine
from runtime.words import _, ngettext

_NONE = "–"


def greeting(school: Sequence[SchoolClass], work: Iterable[ClassWork]) -> str:
    """Return what to do first; whoever was interrupted goes on with what still waits."""
    if not school:
        return _("There is no class yet. I takes a class set in, N makes a class.")
    waiting = sum(one.pending for one in work)
    if not waiting:
        return ""
    return ngettext(
        "{count} answer waits to be marked: K marks it.",
        "{count} answers wait to be marked: K marks them.",
        waiting,
    ).format(count=waiting)


def class_headings() -> tuple[str, ...]:
    """Return the headings of the classes."""
    return (_("Class"), _("Learners"), _("To mark"), _("To review"), _("Kept"))


def class_cells(one: SchoolClass, work: ClassWork | None) -> Iterator[Text]:
    """Yield a class; ``work`` counts over all its sets."""
    yield Text(one_line(one.name, 18))
    yield Text(str(one.learners), justify="right")
    yield from _waiting(work.pending if work else 0, work.to_review if work else 0)
    days = one.retention_days
    kept = ngettext("{days} day", "{days} days", days).format(days=days)
    yield Text(kept if days else _("for ever"))


def set_headings() -> tuple[str, ...]:
    """Return the headings of the sets."""
    return (_("Set"), _("Day"), _("Answers"), _("To mark"), _("To review"))


def set_cells(one: SessionLine) -> Iterator[Text]:
    """Yield a set of a class."""
    yield Text(one_line(set_name(one), 30))
    yield Text(f"{one.started.astimezone():%Y-%m-%d}")
    yield Text(str(one.answers), justify="right")
    yield from _waiting(one.pending, one.to_review)


def set_name(one: SessionLine) -> str:
    """Return what a set is called; practice has no set of its own."""
    return one.set_name or _("Practice on {day}").format(day=f"{one.started.astimezone():%x}")


def _waiting(pending: int, to_review: int) -> Iterator[Text]:
    yield Text(str(pending) if pending else _NONE, justify="right")
    yield Text(f"! {to_review}" if to_review else _NONE, justify="right")
