"""Drafts: what a learner has written to a question and not handed in yet.

    store.drafts.keep(session.id, mia.id, item_id, "3 1/2 c")      a few seconds after it was typed
    store.drafts.get(mia.id, item_id)                              "3 1/2 c"

There is one of a learner to a question, whichever session asks it; ``StudySession.submit`` removes
it. It goes with its learner, and is nobody else's to see: it stands in the export of all there is,
not in the table of answers.
"""

from runtime.records.store.database import Database
from runtime.records.store.texts import storable

_HANDED_IN = "SELECT 1 FROM answers WHERE session_id = ? AND item_id = ? AND text = ?"


class Drafts:
    """What is still being written."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def keep(self, session_id: int, learner_id: int, item_id: int, text: str) -> None:
        """Keep ``text`` in the place of the draft before; it is on the disk when this returns.

        Blanks are no draft, nor is what was handed in in this session: the draft goes then. Raises
        ``BadInputError`` for half a character and ``StoreFullError`` if the disk is full.
        """
        kept = storable(text, "answer") if text.strip() else ""
        with self._database.write() as connection:
            self.remove(learner_id, item_id)
            handed_in = connection.execute(_HANDED_IN, (session_id, item_id, kept)).fetchone()
            if kept and not handed_in:
                connection.execute(
                    "INSERT INTO drafts (learner_id, item_id, text, at) VALUES (?, ?, ?, ?)",
                    (learner_id, item_id, kept, self._database.now()),
                )

    def get(self, learner_id: int, item_id: int) -> str:
        """Return the draft of a learner to a question, "" if there is none."""
        found = self._database.value(
            "SELECT text FROM drafts WHERE learner_id = ? AND item_id = ?", (learner_id, item_id)
        )
        return str(found or "")

    def remove(self, learner_id: int, item_id: int) -> None:
        """Forget a draft."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM drafts WHERE learner_id = ? AND item_id = ?", (learner_id, item_id)
            )
