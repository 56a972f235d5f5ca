"""Filling a table anew: its cursor stays, and so do its columns where the headings are the same.

    fill_table(table, [_("Class"), _("Learners")], map(cells, classes))

Columns that are taken away and made again in one go are drawn with the widths of their headings
alone (Textual 8.2: nothing is drawn again where the table as a whole keeps its size).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.text import Text
from textual.widgets import DataTable

Cells = Iterable[Text]


def fill_table(table: DataTable[Any], headings: Sequence[str], rows: Iterable[Cells]) -> None:
    """Show other rows; the cursor stays on the row of the same number, if there is one."""
    at = table.cursor_row
    known = [column.label.plain for column in table.ordered_columns]
    table.clear(columns=known != list(headings))
    if not table.columns:
        for heading in headings:
            table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    table.move_cursor(row=at)
