"""Marks as a table for people: the question as a heading, a line an answer.

screen = ScreenMarks()
screen.write([(row, mark)])
screen.close()
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.cli.plain import one_line
from runtime.cli.screen import screen
from runtime.marking.mark import Mark, Verdict
from runtime.records.marks import Marked

_STYLES = {
    Verdict.CORRECT: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.INCORRECT: "red",
    Verdict.UNMARKED: "magenta",
}
_HEADINGS = ("id", "learner", "answer", "verdict", "score", "sure", "", "why")
_ID, _LEARNER, _VERDICT, _SCORE, _SURE, _FLAG = 8, 8, 9, 5, 4, 1
_FIXED = _ID + _LEARNER + _VERDICT + _SCORE + _SURE + _FLAG
_GAPS = len(_HEADINGS) - 1
_NARROWEST = 72
_LEGEND = "sure: how sure Kindmark is of its verdict; ?: please look at this mark yourself"


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
    yield _table([], width, header=True)
    for question, part in groupby(marked, key=_question):
        yield Text(f"\n{question}", style="bold")
        yield _table(list(part), width, header=False)


def _question(marked: Marked) -> str:
    item = marked[0].item
    return one_line(item.question) if item else "Rows that are no items"


def _table(marked: Sequence[Marked], width: int, header: bool) -> Table:
    room = max(width, _NARROWEST) - _FIXED - _GAPS
    answer = room * 2 // 5
    widths = (_ID, _LEARNER, answer, _VERDICT, _SCORE, _SURE, _FLAG, room - answer)
    table = Table(box=None, show_header=header, padding=(0, 1, 0, 0), pad_edge=False)
    for heading, column in zip(_HEADINGS, widths, strict=True):
        wraps = heading == "why"
        table.add_column(
            heading,
            width=column,
            justify="right" if heading in {"score", "sure"} else "left",
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
        )
    for pair in marked:
        table.add_row(*_cells(pair))
    return table


def _cells(marked: Marked) -> Iterator[Text]:
    row, mark = marked
    learner, answer = (row.item.learner or "", row.item.text) if row.item else ("", "")
    for text in (mark.id, learner, answer):
        yield Text(one_line(text))
    yield Text(mark.verdict.value, style=_STYLES[mark.verdict])
    yield Text(_score(mark))
    yield Text("" if mark.score is None else f"{mark.confidence:.0%}")
    yield Text("?" if mark.needs_review else "", style="bold")
    yield Text(_why(mark))


def _why(mark: Mark) -> str:
    reason = one_line(mark.reasons[0]) if mark.reasons else ""
    if mark.first_wrong_step is None or mark.first_wrong_step < 0:
        return reason
    return f"{reason} First wrong: line {mark.first_wrong_step + 1}."


def _score(mark: Mark) -> str:
    return "" if mark.score is None else f"{mark.score:g}/{mark.max_score:g}"
