"""Which answers a screen of the desk is about: those of a session, of a class, or all.

Scope(session_id=4).where()      ("r.session_id = ?", (4,))
"""

import msgspec


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What is given must hold; with nothing given, every answer of the store is meant."""

    session_id: int | None = None
    class_id: int | None = None

    def where(self) -> tuple[str, tuple[int, ...]]:
        """Return a condition on the view ``results AS r`` with its values."""
        given = {"r.session_id": self.session_id, "r.class_id": self.class_id}
        chosen = {column: value for column, value in given.items() if value is not None}
        return " AND ".join(f"{column} = ?" for column in chosen) or "1", tuple(chosen.values())
