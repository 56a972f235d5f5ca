"""What a class set would bring, in words: what came of it first, then what to look at.

for line in summary_lines(preview, wanted): ...
cells = row_cells(row, 40, row_marks(preview).get(row.line, ""))
"""

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from runtime.app import avatars
from runtime.app.plain import one_line, shown
from runtime.desk.importing import ImportPreview, Wanted
from runtime.marking.item import Task
from runtime.records.rows import Row
from runtime.words import N_, _, ngettext

MOST_ROWS = 100
"""Rows of the preview that are drawn, those with problems first: nobody reads more."""
_MOST_NAMES = 4

TASKS = {
    Task.MATH: N_("maths"),
    Task.SHORT_ANSWER: N_("short answers"),
    Task.ESSAY: N_("essays"),
    Task.RUBRIC: N_("by rubric"),
}
_OF_ONE = {**TASKS, Task.SHORT_ANSWER: N_("short answer"), Task.ESSAY: N_("essay")}
"""What a single row is."""
_FIELDS = {
    "id": N_("the id"),
    "task": N_("the task"),
    "question": N_("the question"),
    "answer": N_("the answer"),
    "steps": N_("the working"),
    "reference": N_("the right answer"),
    "rubric": N_("the rubric"),
    "source": N_("the text"),
    "scale": N_("the points"),
    "language": N_("the language"),
    "grade_level": N_("the school year"),
    "learner": N_("the learner"),
}


def summary_lines(preview: ImportPreview, wanted: Wanted) -> Iterator[str]:
    """Yield what would be kept of a class set, and what to look at before it is."""
    yield _what_comes(preview, wanted)
    yield from _before(preview)
    if preview.problems:
        yield "✗ " + ngettext(
            "{count} row has a problem and is left out: see below.",
            "{count} rows have problems and are left out: see below.",
            len(preview.problems),
        ).format(count=len(preview.problems))
    yield from _how_it_was_read(preview)
    yield from _who(preview)
    if len(preview.rows) > MOST_ROWS:
        said = _("The first {count} rows are shown, those with problems before the rest.")
        yield f"  {said.format(count=MOST_ROWS)}"


def row_marks(preview: ImportPreview) -> dict[int, str]:
    """Return what is to be said of single rows, by their lines."""
    marks = {row.line: _("(here already)") for row in preview.duplicates}
    for rows in preview.compared.tries:
        for number, row in enumerate(rows, start=1):
            said = _("(answer {number} of {count})")
            marks[row.line] = said.format(number=number, count=len(rows))
    return marks


def row_cells(row: Row, problem_chars: int, mark: str = "") -> Iterator[Text]:
    """Yield a row of the file; without ``problem_chars``, no column says what is wrong."""
    yield Text(str(row.line), justify="right")
    if problem_chars:
        yield Text(f"✗ {one_line(row.problem, problem_chars)}" if row.problem else "")
    item = row.item
    yield Text(one_line((item.learner or "–") if item else "", 20))
    yield Text(_(_OF_ONE[item.task]) if item else "")
    text = one_line(shown(item.text, 200) if item else "", 60)
    yield Text(f"{mark} {text}" if mark else text)


def row_words(row: Row) -> str:
    """Return all there is to say of a row, for the line under the table."""
    if row.problem:
        said = _("Line {line}: {problem}. {remedy}")
        return said.format(line=row.line, problem=row.problem, remedy=row.remedy)
    return row.item.question if row.item else ""


def _what_comes(preview: ImportPreview, wanted: Wanted) -> str:
    items = [row.item for row in preview.kept(wanted) if row.item]
    counts = Counter(item.task for item in items)
    tasks = ", ".join(f"{_(words)} {counts[task]}" for task, words in TASKS.items() if counts[task])
    said = ngettext(
        "{count} answer can be taken in ({tasks})",
        "{count} answers can be taken in ({tasks})",
        len(items),
    ).format(count=len(items), tasks=tasks)
    if not items:
        said = _("No answer of this file can be taken in")
    questions = ngettext("{count} question", "{count} questions", preview.questions)
    learners = ngettext("{count} learner", "{count} learners", len(preview.learners))
    parts = (
        f"{'✓' if items else '✗'} {said}",
        questions.format(count=preview.questions),
        learners.format(count=len(preview.learners)),
    )
    return " · ".join(parts)


def _before(preview: ImportPreview) -> Iterator[str]:
    """Yield what is there already, and who answered a question twice."""
    found = preview.compared
    here = len(found.duplicates) - found.repeated
    if found.before:
        yield "! " + ngettext(
            "{count} answer is here already, taken in on {day} as “{name}”; it is left out.",
            "{count} answers are here already, taken in on {day} as “{name}”; they are left out.",
            here,
        ).format(
            count=here,
            day=f"{found.before.day.astimezone():%Y-%m-%d}",
            name=one_line(found.before.name, 30),
        )
    if found.repeated:
        yield "! " + ngettext(
            "{count} row says again what another one said; it is left out.",
            "{count} rows say again what others said; they are left out.",
            found.repeated,
        ).format(count=found.repeated)
    if found.tries:
        names = ", ".join(dict.fromkeys(_name(rows[0]) for rows in found.tries[:_MOST_NAMES]))
        more = " …" if len(found.tries) > _MOST_NAMES else ""
        rows = sum(len(rows) - 1 for rows in found.tries)
        yield "! " + ngettext(
            "{count} answer too many: {names} answered a question again. Choose which counts.",
            "{count} answers too many: {names} answered a question again. Choose which count.",
            rows,
        ).format(count=rows, names=names + more)


def _name(row: Row) -> str:
    return one_line((row.item.learner or "") if row.item else "", 20)


def _how_it_was_read(preview: ImportPreview) -> Iterator[str]:
    """Yield what columns and letters were taken for, where a file leaves that open."""
    heading = preview.heading
    if heading and heading.other_names:
        pairs = heading.other_names.items()
        words = ", ".join(f"{one_line(name, 24)} = {_(_FIELDS[field])}" for name, field in pairs)
        yield f"  {_('Columns: {pairs}.').format(pairs=words)}"
    if heading and heading.unused:
        unused = ", ".join(one_line(name, 24) for name in heading.unused)
        yield f"  {_('Not used: {columns}.').format(columns=one_line(unused, 100))}"
    if preview.encoding != "UTF-8":
        said = _("It was read as {encoding}: see whether letters with accents are right.")
        yield f"! {said.format(encoding=preview.encoding)}"
    if preview.guessed:
        yield "! " + _(
            "No column says the task: each row is taken for what it looks like. "
            "Choose another one below."
        )


def _who(preview: ImportPreview) -> Iterator[str]:
    new = sum(one.learner is None for one in preview.learners)
    if new:
        yield "  " + ngettext(
            "{count} learner is new and will be added to the class.",
            "{count} learners are new and will be added to the class.",
            new,
        ).format(count=new)
    for one in preview.learners:
        name = one_line(one.name, 30)
        if one.resembles:
            said = _("“{name}” is new. Is “{known}” meant?")
            yield f"! {said.format(name=name, known=one_line(one.resembles, 30))}"
        if one.namesakes > 1 and one.learner:
            said = _("{count} learners are called “{name}”: all goes to the one with the {avatar}.")
            avatar = _(avatars.NAMES.get(one.learner.avatar, one.learner.avatar))
            yield f"! {said.format(count=one.namesakes, name=name, avatar=avatar)}"
    if preview.anonymous:
        yield "! " + ngettext(
            "{count} answer names no learner.",
            "{count} answers name no learner.",
            preview.anonymous,
        ).format(count=preview.anonymous)
