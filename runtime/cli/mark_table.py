"""Marks as a table for people: the question as a heading, a line or two an answer.

screen = ScreenMarks()
screen.write([(row, mark)])
screen.close()
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.cli.plain import one_line
from runtime.cli.screen import screen
from runtime.marking.mark import Mark, Verdict
from runtime.records.marks import Marked
from runtime.records.rows import Row

_STYLES = {
    Verdict.CORRECT: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.INCORRECT: "red",
    Verdict.UNMARKED: "magenta",
}
_FIXED = {"verdict": 9, "score": 5, "sure": 4, "check": 5}
_LONGEST_NAME = 12
"""Cells for an id or a learner; the answer and the reasons share what is left."""
_NARROWEST = 72
_SIDE_BY_SIDE = 110
"""From this width on, the answer and the reasons have a column each; below, a line each."""
_BOTH = "answer and why"
_CHECK = "check"
_LEGEND = "sure: how sure Kindmark is of its verdict; check: please look at it yourself"


class ScreenMarks:
    """Collects marks and prints them all when closed, so that the progress bar stays whole."""

    def __init__(self, console: Console | None = None) -> None:
        """Print to ``console``, or stdout."""
        self._console = console or screen()
        self._marked: list[Marked] = []

    def write(self, marked: Sequence[Marked]) -> None:
        """Keep marks for the table."""
        self._marked.extend(marked)

    def close(self) -> None:
        """Print the table once."""
        if self._marked:
            for part in tables(self._marked, self._console.width):
                self._console.print(part, no_wrap=isinstance(part, Text), overflow="ellipsis")
            self._console.print(Text(_LEGEND, style="dim"))
        self._marked = []


def tables(marked: Sequence[Marked], width: int) -> Iterator[Table | Text]:
    """Yield a heading and a table for each run of answers to one question."""
    columns = _columns(marked, width)
    yield _table([], columns, header=True)
    for question, part in groupby(marked, key=_question):
        yield Text(f"\n{question}", style="bold")
        yield _table(list(part), columns, header=False)


def _question(marked: Marked) -> str:
    item = marked[0].item
    return one_line(item.question) if item else "Rows that are no items"


def _table(marked: Sequence[Marked], columns: Mapping[str, int], header: bool) -> Table:
    table = Table(box=None, show_header=header, padding=(0, 1, 0, 0), pad_edge=False)
    for heading, width in columns.items():
        wraps = heading.endswith("why")
        table.add_column(
            heading,
            width=width,
            justify="right" if heading in {"score", "sure"} else "left",
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
        )
    for row, mark in marked:
        table.add_row(*_left(row, mark), *_answer_and_why(row, mark, columns))
    return table


def _columns(marked: Sequence[Marked], width: int) -> dict[str, int]:
    """Return the width of each column in cells."""
    learners = [row.item.learner or "" for row, _ in marked if row.item]
    left = {
        "id": _fitting("id", [mark.id for _, mark in marked]),
        "learner": _fitting("learner", learners),
        **_FIXED,
    }
    room = max(width, _NARROWEST) - sum(left.values()) - len(left)
    if width < _SIDE_BY_SIDE:
        return {**left, _BOTH: room}
    answer = (room - 1) * 2 // 5
    return {**left, "answer": answer, "why": room - 1 - answer}


def _fitting(heading: str, names: Iterable[str]) -> int:
    longest = max((cell_len(one_line(name)) for name in names), default=0)
    return max(cell_len(heading), min(longest, _LONGEST_NAME))


def _left(row: Row, mark: Mark) -> Iterator[Text]:
    yield Text(one_line(mark.id))
    yield Text(one_line(row.item.learner or "") if row.item else "")
    yield Text(mark.verdict.value, style=_STYLES[mark.verdict])
    yield Text(_score(mark))
    yield Text("" if mark.score is None else f"{mark.confidence:.0%}")
    yield Text(_CHECK if mark.needs_review else "", style="bold yellow")


def _answer_and_why(row: Row, mark: Mark, columns: Mapping[str, int]) -> Iterator[Text]:
    answer, why = Text(one_line(row.item.text if row.item else "")), Text(_why(mark), style="dim")
    if _BOTH not in columns:
        yield answer
        yield why
        return
    # Cut by cells, not characters: an emoji or a Chinese character fills two.
    answer.truncate(columns[_BOTH], overflow="ellipsis")
    yield Text("\n").join([answer, why]) if answer else why


def _why(mark: Mark) -> str:
    reason = one_line(mark.reasons[0]) if mark.reasons else ""
    if mark.first_wrong_step is None or mark.first_wrong_step < 0:
        return reason
    return f"{reason} First wrong: line {mark.first_wrong_step + 1}."


def _score(mark: Mark) -> str:
    return "" if mark.score is None else f"{mark.score:g}/{mark.max_score:g}"
