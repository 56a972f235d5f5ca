"""What is said where another program has the records: who that is, and when it has gone.

app.notify(only_looking(store))
app.set_interval(SECONDS, Watch(app).look)
"""

from typing import TYPE_CHECKING

from runtime.records.store import Store
from runtime.words import _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

SECONDS = 2.0
_FOR_GOOD = 3600.0


def only_looking(store: Store) -> str:
    """Return who has the records, in the words of whoever sits here."""
    if store.holder is None:
        return _("Another Kindmark has these records open. Here you can look, and change nothing.")
    return _(
        "Kindmark is open in another window or browser: process {pid} on {host}, since {time}."
        " Here you can look, and change nothing. Close it there, then open this one again."
    ).format(
        pid=store.holder.pid,
        host=store.holder.host,
        time=f"{store.holder.since.astimezone():%H:%M}",
    )


class Watch:
    """Looks whether the other program has gone, and says so once."""

    def __init__(self, app: "KindmarkApp") -> None:
        self._app = app
        self._said = False

    def look(self) -> None:
        """Look now."""
        holder = self._app.store.holder
        if self._said or holder is None or not holder.is_gone:
            return
        self._said = True
        self._app.store_line = _("Only to look at: open it again")
        said = _("The other Kindmark was closed. Open this one again, and you can work here.")
        self._app.notify(said, timeout=_FOR_GOOD, markup=False)
