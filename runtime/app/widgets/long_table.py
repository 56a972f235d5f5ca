"""A table of thousands of rows that holds only those one has come near to.

    table = LongTable(id="answers")
    table.show(headings, 10_000, {0: cells, 1: cells})
    @on(LongTable.Wanted)                     fetch some more around event.row, then
    table.know({60: cells, 61: cells})

The scroll bar, the cursor and the keys are those of a table with all of its rows. It stands on how
Textual's table looks its rows up (8.2): each is one line, and its key is its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.widgets.data_table import Row, RowKey

from runtime.app.widgets.tables import Table

Known = Mapping[int, Sequence[Text]]

_EMPTY = Text()


class LongTable(Table):
    """Rows that are not known yet are drawn empty, and asked for with ``Wanted``."""

    class Wanted(Message):
        """Rows on the screen are not known; ``row`` is the first that shows."""

        def __init__(self, table: "LongTable", row: int) -> None:
            super().__init__()
            self.table, self.row = table, row

        @property
        def control(self) -> "LongTable":
            """The table."""
            return self.table

    def __init__(self, *, id: str) -> None:
        """Its rows are chosen as a whole."""
        super().__init__(id=id, cursor_type="row", zebra_stripes=True)
        self._known: dict[int, Sequence[Text]] = {}
        self._count(0)

    def _count(self, count: int) -> None:
        self.rows = self._data = _Rows(count)  # type: ignore[assignment]
        self._row_locations = _Places()  # type: ignore[assignment]

    def show(self, headings: Sequence[str], count: int, known: Known) -> None:
        """Show ``count`` other rows; cursor and scrolling stay where they are, if they can."""
        if [column.label.plain for column in self.ordered_columns] != list(headings):
            self.clear(columns=True)
            for heading in headings:
                self.add_column(heading)
        highlighted = bool(self.row_count)
        self._count(count)
        self._known = {}
        self.know(known)
        self.cursor_coordinate = self.cursor_coordinate
        if count and not highlighted:
            self._highlight_cursor()

    def know(self, rows: Known) -> None:
        """Draw these rows; columns become as wide as they need."""
        self._known.update(rows)
        for cells in rows.values():
            for column, cell in zip(self.ordered_columns, cells, strict=True):
                column.content_width = max(column.content_width, cell.cell_len)
        self._clear_caches()
        self._update_count += 1
        self._require_update_dimensions = True
        self.refresh()
        self.check_idle()

    def clear(self, columns: bool = False) -> "LongTable":
        """Forget all rows."""
        super().clear(columns)
        self._count(0)
        self._known = {}
        return self

    def first_row(self) -> int:
        """Return the first row that shows."""
        return int(self.scroll_y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for rows that come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def _on_resize(self, event: events.Resize) -> None:
        super()._on_resize(event)
        self._ask()

    def _ask(self) -> None:
        first = self.first_row()
        # A page beyond what shows, for the next key.
        seen = range(first, min(self.row_count, first + 2 * self.size.height))
        if any(row not in self._known for row in seen):
            self.post_message(self.Wanted(self, first))

    # What Textual's table asks of its rows.

    @property
    def ordered_rows(self) -> list[Row]:
        """As many rows as there are, each of one line."""
        return [_ROW] * self.row_count

    @property
    def _y_offsets(self) -> list[tuple[RowKey, int]]:
        return []

    @property
    def _total_row_height(self) -> int:
        return self.row_count

    def get_row_at(self, row_index: int) -> list[Any]:
        """Return the cells of a row, empty ones where they are not known yet."""
        return list(self._known.get(row_index) or [_EMPTY] * len(self.columns))

    def _get_offsets(self, y: int) -> tuple[RowKey, int]:
        row = y - self.header_height if self.show_header else y
        if row < 0:
            return self._header_row_key, y
        if row >= self.row_count:
            raise LookupError(row)
        return RowKey(str(row)), 0

    def _get_row_region(self, row_index: int) -> Region:
        if not self.is_valid_row_index(row_index):
            return Region(0, 0, 0, 0)
        width = sum(column.get_render_width(self) for column in self.columns.values())
        y = row_index + (self.header_height if self.show_header else 0)
        return Region(0, y, max(self.size.width, width), 1)


_ROW = Row(RowKey("0"), 1)


class _Rows(Mapping[RowKey, Row]):
    """So many rows, alike but for their number."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[RowKey]:
        return map(RowKey, map(str, range(self._count)))

    def __getitem__(self, key: RowKey) -> Row:
        return _ROW

    def clear(self) -> None:
        """Forget them, as ``DataTable.clear`` does."""
        self._count = 0


class _Places:
    """From the key of a row to its number, and back; the header has no number."""

    def __contains__(self, key: RowKey) -> bool:
        return key.value is not None

    def get(self, key: RowKey) -> int:
        """Return the number."""
        return int(key.value or 0)

    def get_key(self, row: int) -> RowKey:
        """Return the key."""
        return RowKey(str(row))
