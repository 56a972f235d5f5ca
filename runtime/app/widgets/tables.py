"""Tables that never hold the screen up: drawn cell by cell without detours, filled piece by piece.

    yield Table(id="classes", cursor_type="row")       DataTable does as well, slower
    fill_table(table, [_("Class"), _("Learners")], map(cells, classes))

What fits on a screen is there at once, the rest as soon as that was drawn. The cursor stays, and so
do the columns where the headings are the same: columns that are taken away and made again in one go
are drawn with the widths of their headings alone (Textual 8.2: nothing is drawn again where the
table as a whole keeps its size).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import RowKey

Cells = Iterable[Text]
Lines = list[list[Segment]]

AT_ONCE = 50
"""Rows that are added in one turn of the loop: as many as a large screen shows."""


class Table(DataTable[Text]):
    """A table whose cells are ``Text`` of one line.

    Rich draws a cell as if it were a page, in a fifth of a millisecond (Textual 8.2): too long for
    a screen full of them. Text in one style needs no more than blanks around it.
    """

    _row_styles: dict[int, Style]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw, and work the style of a kind of rows out once for all of them."""
        self._row_styles = {}
        return super().render_lines(crop)

    def _update_dimensions(self, new_rows: Iterable[RowKey]) -> None:
        """Give the columns their widths; what was drawn before with others is drawn again.

        Rows may be drawn before they are measured. Textual (8.2) keeps what it drew then, and shows
        it for good if the table as a whole keeps its size.
        """
        before = [column.get_render_width(self) for column in self.ordered_columns]
        super()._update_dimensions(new_rows)
        if before != [column.get_render_width(self) for column in self.ordered_columns]:
            self._clear_caches()
            self.refresh()

    def _get_row_style(self, row_index: int, base_style: Style) -> Style:
        kind = min(row_index, row_index % 2)
        if kind not in self._row_styles:
            self._row_styles[kind] = super()._get_row_style(row_index, base_style)
        return self._row_styles[kind]

    def _render_cell(  # noqa: PLR0913, PLR0917 - as the table has it
        self,
        row_index: int,
        column_index: int,
        base_style: Style,
        width: int,
        cursor: bool = False,
        hover: bool = False,
    ) -> Lines:
        cell = self._get_row_renderables(row_index).cells[column_index]
        room = width - 2 * self.cell_padding
        if not isinstance(cell, Text) or not _is_simple(cell, room):
            return super()._render_cell(
                row_index, column_index, base_style, width, cursor=cursor, hover=hover
            )
        before, after = self._get_styles_to_render_cell(
            row_index == -1,
            False,
            False,
            hover,
            cursor,
            self.show_cursor,
            self._show_hover_cursor,
            self.cursor_foreground_priority == "css",
            self.cursor_background_priority == "css",
        )
        meta = Style.from_meta({"row": row_index, "column": column_index})
        around = base_style + meta + before
        own = cell.style if isinstance(cell.style, Style) else Style.parse(cell.style)
        edge, blanks = " " * self.cell_padding, " " * (room - cell.cell_len)
        left, right = (edge + blanks, edge) if cell.justify == "right" else (edge, blanks + edge)
        words = Segment(cell.plain, around + own + after)
        return [[Segment(left, around + after), words, Segment(right, around + after)]]


def _is_simple(cell: Text, room: int) -> bool:
    return not cell.spans and "\n" not in cell.plain and cell.cell_len <= room


def fill_table(table: DataTable[Any], headings: Sequence[str], rows: Iterable[Cells]) -> None:
    """Show other rows; the cursor stays on the row of the same number, if there is one."""
    at = table.cursor_row
    known = [column.label.plain for column in table.ordered_columns]
    table.clear(columns=known != list(headings))
    if not table.columns:
        for heading in headings:
            table.add_column(heading)
    waiting = _waiting[table] = iter(rows)
    add_rows(table, islice(waiting, max(AT_ONCE, at + 1)))
    table.move_cursor(row=at)
    table.call_after_refresh(_go_on, table, waiting)


def add_rows(table: DataTable[Any], rows: Iterable[Cells]) -> int:
    """Add rows at the end, and return how many."""
    before = table.row_count
    for row in rows:
        table.add_row(*row)
    return table.row_count - before


_waiting: "WeakKeyDictionary[DataTable[Any], Iterator[Cells]]" = WeakKeyDictionary()
"""What each table is being filled with: who fills it anew ends what went before."""


def _go_on(table: DataTable[Any], waiting: Iterator[Cells]) -> None:
    """Add some more of what waits, then let everything else have its turn."""
    if _waiting.get(table) is not waiting:
        return
    if add_rows(table, islice(waiting, AT_ONCE)):
        table.call_after_refresh(_go_on, table, waiting)
    else:
        del _waiting[table]
