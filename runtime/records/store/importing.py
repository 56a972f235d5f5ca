"""Import: an export is taken in beside what is there; what is known already stays as it is.

    with Path("mia.jsonl").open("rb") as file:
        import_jsonl(store, file, "mia.jsonl")      rows that were new, by table

All of it comes in or nothing. The same file a second time changes nothing.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import msgspec

from runtime.errors import BadInputError
from runtime.records.store.checking import check_rows
from runtime.records.store.errors import DamagedStoreError
from runtime.records.store.exporting import FORMAT, Header, Line
from runtime.records.store.migrations import check_version
from runtime.records.store.store import Store
from runtime.records.store.tables import BACK, TABLES, Table
from runtime.words import N_, _

_TABLES = {table.name: table for table in TABLES}
_REMEDY = N_("Exports are written by: kindmark records export -o FILE.jsonl")


def is_export(first_line: bytes) -> bool:
    """Whether a file that begins so is an export (and no class set)."""
    try:
        msgspec.json.decode(first_line, type=Header)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def import_jsonl(store: Store, lines: Iterable[bytes], name: str) -> Counter[str]:
    """Take an export in and return how many rows of each table were new.

    Raises ``BadInputError`` naming the line that is wrong; nothing is kept then.
    """
    with store.database.write() as connection:
        taking = _Taking(connection, name)
        for number, line in enumerate(lines, start=1):
            taking.take(number, line)
        taking.finish()
        try:
            check_rows(store.database)
        except DamagedStoreError as error:
            raise BadInputError(f"{name}: {error.message}", _(_REMEDY)) from None
    return taking.new


class _Taking:
    """One import under way: ids of the file and the ids the same rows have here."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.new: Counter[str] = Counter()
        self._connection = connection
        self._name = name
        self._ids: dict[tuple[str, int], int] = {}
        self._back: list[tuple[int, str, int]] = []
        self._columns = {
            table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for table in _TABLES
        }
        self._number = 0

    def take(self, number: int, line: bytes) -> None:
        self._number = number
        try:
            if number == 1:
                self._check(msgspec.json.decode(line, type=Header))
            elif line.strip():
                self._take(msgspec.json.decode(line, type=Line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._refuse(_("this is no row of an export"))
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            self._refuse(_("this row does not fit ({error})").format(error=error))

    def finish(self) -> None:
        if not self._number:
            self._refuse(_("the file is empty"))
        for answer_id, column, old in self._back:
            table = BACK[column]
            # What counts here goes on to count; a row of another answer never does.
            self._connection.execute(
                f"UPDATE answers SET {column} = coalesce({column},"
                f" (SELECT id FROM {table} WHERE id = ? AND answer_id = answers.id)) WHERE id = ?",
                (self._ids.get((table, old)), answer_id),
            )

    def _check(self, header: Header) -> None:
        check_version(header.migrations)
        if header.kindmark_records > FORMAT:
            raise BadInputError(
                _("{file} was exported by a later Kindmark ({version}).").format(
                    file=self._name, version=header.kindmark
                ),
                _("Take it in with that version."),
            )

    def _take(self, line: Line) -> None:
        table = _TABLES.get(line.table) or self._refuse(
            _("there is no table {table!r}").format(table=line.table)
        )
        if not line.row.keys() <= self._columns[table.name]:
            self._refuse(_("it has a column that is unknown here"))
        row: dict[str, object] = {**line.row}
        old = row.pop("id", None)
        back = _back(row) if table.name == "answers" else {}
        for column, target in table.points_at.items():
            row[column] = self._here(target, row.get(column))
        if table.name == "sessions":
            row["item_order"] = self._order(row.get("item_order"))
        here, new = self._keep(table, row)
        self.new[table.name] += new
        if isinstance(old, int):
            self._ids[table.name, old] = here
        self._back += [(here, name, old) for name, old in back.items() if isinstance(old, int)]

    def _here(self, table: str, old: object) -> int | None:
        if old is None:
            return None
        if not isinstance(old, int) or (table, old) not in self._ids:
            self._refuse(
                _("it points at a row of {table} that does not stand above it").format(table=table)
            )
        return self._ids[table, old]

    def _order(self, order: object) -> str:
        found = msgspec.json.decode(str(order or "[]"), type=list[int])
        here = [self._ids[("items", one)] for one in found if ("items", one) in self._ids]
        return msgspec.json.encode(here).decode()

    def _keep(self, table: Table, row: dict[str, object]) -> tuple[int, bool]:
        """Return the id of a row here, and whether it is new."""
        where = " AND ".join(f"{column} = :{column}" for column in table.known_by)
        key = "id" if "id" in self._columns[table.name] else "1"
        if not {*table.known_by} <= row.keys():
            self._refuse(_("it lacks what it is known by"))
        select = f"SELECT {key} FROM {table.name} WHERE {where}"
        if found := self._connection.execute(select, row).fetchone():
            return int(found[0]), False
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        cursor = self._connection.execute(
            f"INSERT INTO {table.name} ({names}) VALUES ({values})", row
        )
        return cursor.lastrowid or 0, True

    def _refuse(self, why: str) -> NoReturn:
        place = _("{name}, line {line}").format(name=self._name, line=self._number)
        where = place if self._number else self._name
        raise BadInputError(f"{where}: {why}.", _(_REMEDY)) from None


def _back(row: dict[str, object]) -> dict[str, object]:
    """Take out of an answer's row what it points back at."""
    return {column: row.pop(column) for column in BACK if column in row}
