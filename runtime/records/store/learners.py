"""Learners: a nickname and an avatar, no real name and no e-mail.

mia = store.learners.add("Mia", "owl", AgeBand.YOUNG)
store.learners.all(), store.learners.named("mia")
"""

from runtime.errors import BadInputError
from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.rows import AVATARS, AgeBand, Learner
from runtime.records.store.texts import new_uid, short_name
from runtime.words import _

_LEARNERS = """
SELECT l.*, EXISTS (SELECT 1 FROM pins WHERE pins.learner_id = l.id) AS has_pin FROM learners AS l
"""


class Learners:
    """Who studies here."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(
        self, nickname: str, avatar: str, age_band: AgeBand = AgeBand.MIDDLE, language: str = "en"
    ) -> Learner:
        """Add a learner; two may share a nickname if their avatars differ.

        Raises ``BadInputError`` for a nickname that is empty, long or taken, and for an avatar that
        is none of ``AVATARS``.
        """
        name = short_name(nickname, "nickname")
        self._check(name, avatar)
        values = (new_uid(), name, avatar, AgeBand(age_band), language, self._database.now())
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO learners (uid, nickname, avatar, age_band, language, created)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            return self.get(cursor.lastrowid or 0)

    def change(
        self,
        learner_id: int,
        *,
        nickname: str | None = None,
        avatar: str | None = None,
        age_band: AgeBand | None = None,
        language: str | None = None,
    ) -> Learner:
        """Change what is given and return the learner. Raises as ``add`` does."""
        with self._database.write() as connection:
            old = self.get(learner_id)
            name = short_name(nickname, "nickname") if nickname is not None else old.nickname
            picture = avatar if avatar is not None else old.avatar
            self._check(name, picture, besides=learner_id)
            connection.execute(
                "UPDATE learners SET nickname = ?, avatar = ?, age_band = ?, language = ?"
                " WHERE id = ?",
                (name, picture, age_band or old.age_band, language or old.language, learner_id),
            )
            return self.get(learner_id)

    def archive(self, learner_id: int, archived: bool = True) -> None:
        """Hide a learner from lists, or show one again: what undo takes back."""
        with self._database.write() as connection:
            at = self._database.now() if archived else None
            connection.execute("UPDATE learners SET archived = ? WHERE id = ?", (at, learner_id))

    def get(self, learner_id: int) -> Learner:
        """Return a learner. Raises ``BadInputError`` if there is none."""
        found = self._database.row(Learner, f"{_LEARNERS} WHERE l.id = ?", (learner_id,))
        if found is None:
            raise missing("learner", learner_id)
        return found

    def all(self, class_id: int | None = None, *, archived: bool = False) -> list[Learner]:
        """Return all learners, or those of a class, by nickname."""
        where = "1" if archived else "l.archived IS NULL"
        values: tuple[int, ...] = ()
        if class_id is not None:
            where += " AND l.id IN (SELECT learner_id FROM members WHERE class_id = ?)"
            values = (class_id,)
        order = "ORDER BY l.nickname COLLATE NOCASE, l.id"
        return self._database.rows(Learner, f"{_LEARNERS} WHERE {where} {order}", values)

    def named(self, name: str) -> Learner:
        """Return the one learner with this nickname, or this uid.

        Raises ``BadInputError`` if there is none or more than one.
        """
        everyone = self.all(archived=True)
        found = [one for one in everyone if name in {one.uid, one.nickname}] or [
            one for one in everyone if name.casefold() == one.nickname.casefold()
        ]
        if not found:
            raise missing("learner", name)
        if len(found) > 1:
            which = ", ".join(f"{one.uid} ({one.avatar})" for one in found)
            raise BadInputError(
                _("{count} learners are called {name!r}.").format(count=len(found), name=name),
                _("Name one by its uid: {which}.").format(which=which),
            )
        return found[0]

    def _check(self, name: str, avatar: str, besides: int = 0) -> None:
        if avatar not in AVATARS:
            raise BadInputError(
                _("{avatar!r} is no avatar.").format(avatar=avatar),
                _("Choose one of: {avatars}.").format(avatars=", ".join(AVATARS)),
            )
        taken = self._database.value(
            "SELECT 1 FROM learners WHERE nickname = ? AND avatar = ? AND id != ?",
            (name, avatar, besides),
        )
        if taken:
            raise BadInputError(
                _("There is a {name!r} with the avatar {avatar!r} already.").format(
                    name=name, avatar=avatar
                ),
                _("Choose another avatar or another nickname."),
            )
