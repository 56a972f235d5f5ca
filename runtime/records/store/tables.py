"""The tables as they travel: in which order, by what a row is known, and what it points at.

for table in TABLES:
    table.name, table.known_by, table.points_at
"""

from collections.abc import Mapping
from typing import NamedTuple


class Table(NamedTuple):
    """``known_by`` tells a row on every machine; ``points_at`` maps columns to tables;
    ``of_learners`` is the condition for rows of the learners in the temporary table ``chosen``.
    """

    name: str
    known_by: tuple[str, ...]
    points_at: Mapping[str, str]
    of_learners: str


_CHOSEN = "(SELECT id FROM chosen)"
_ANSWERS = f"(SELECT id FROM answers WHERE learner_id IN {_CHOSEN})"
_SESSIONS = (
    f"(SELECT id FROM sessions WHERE learner_id IN {_CHOSEN} UNION"
    f" SELECT session_id FROM answers WHERE learner_id IN {_CHOSEN})"
)
_SETS = f"(SELECT set_id FROM sessions WHERE id IN {_SESSIONS})"
_ITEMS = (
    f"(SELECT item_id FROM answers WHERE learner_id IN {_CHOSEN} UNION"
    f" SELECT item_id FROM hints_used WHERE session_id IN {_SESSIONS} UNION"
    f" SELECT item_id FROM reviews WHERE learner_id IN {_CHOSEN} UNION"
    f" SELECT item_id FROM drafts WHERE learner_id IN {_CHOSEN} UNION"
    f" SELECT item_id FROM set_items WHERE set_id IN {_SETS})"
)
_CLASSES = (
    f"(SELECT class_id FROM members WHERE learner_id IN {_CHOSEN} UNION"
    f" SELECT class_id FROM sessions WHERE id IN {_SESSIONS})"
)

# Rows come after those they point at. PINs stay at home: they guard one machine. What an answer
# points back at (its current mark and override) is set when all rows are there.
TABLES = (
    Table("classes", ("uid",), {}, f"id IN {_CLASSES}"),
    Table("learners", ("uid",), {}, f"id IN {_CHOSEN}"),
    Table(
        "members",
        ("class_id", "learner_id"),
        {"class_id": "classes", "learner_id": "learners"},
        f"learner_id IN {_CHOSEN}",
    ),
    Table("items", ("digest",), {}, f"id IN {_ITEMS}"),
    Table("question_sets", ("uid",), {}, f"id IN {_SETS}"),
    Table(
        "set_items",
        ("set_id", "position"),
        {"set_id": "question_sets", "item_id": "items"},
        f"set_id IN {_SETS}",
    ),
    Table(
        "sessions",
        ("uid",),
        {"learner_id": "learners", "class_id": "classes", "set_id": "question_sets"},
        f"id IN {_SESSIONS}",
    ),
    Table(
        "answers",
        ("uid",),
        {"session_id": "sessions", "learner_id": "learners", "item_id": "items"},
        f"learner_id IN {_CHOSEN}",
    ),
    Table("marks", ("answer_id", "digest"), {"answer_id": "answers"}, f"answer_id IN {_ANSWERS}"),
    Table(
        "mark_bodies",
        ("mark_id",),
        {"mark_id": "marks"},
        f"mark_id IN (SELECT id FROM marks WHERE answer_id IN {_ANSWERS})",
    ),
    Table("overrides", ("uid",), {"answer_id": "answers"}, f"answer_id IN {_ANSWERS}"),
    Table(
        "hints_used",
        ("uid",),
        {"session_id": "sessions", "item_id": "items"},
        f"session_id IN (SELECT id FROM sessions WHERE learner_id IN {_CHOSEN})",
    ),
    Table(
        "mastery", ("learner_id", "skill"), {"learner_id": "learners"}, f"learner_id IN {_CHOSEN}"
    ),
    Table(
        "reviews",
        ("learner_id", "item_id"),
        {"learner_id": "learners", "item_id": "items"},
        f"learner_id IN {_CHOSEN}",
    ),
    Table(
        "drafts",
        ("learner_id", "item_id"),
        {"learner_id": "learners", "item_id": "items"},
        f"learner_id IN {_CHOSEN}",
    ),
)
BACK = {"mark_id": "marks", "override_id": "overrides"}
"""Columns of ``answers`` that are set at the end."""
