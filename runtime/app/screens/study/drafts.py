"""What was written and not checked yet, as long as the app runs.

keep(app, session_id, item_id, text)
taken(app, session_id, item_id)         the text, once; None if there is none
"""

from weakref import WeakKeyDictionary

from textual.app import App

_DRAFTS: WeakKeyDictionary[App[object], dict[tuple[int, int], str]] = WeakKeyDictionary()


def keep(app: App[object], session_id: int, item_id: int, text: str) -> None:
    """Keep what a child wrote to a question and did not check."""
    _DRAFTS.setdefault(app, {})[session_id, item_id] = text


def taken(app: App[object], session_id: int, item_id: int) -> str | None:
    """Return what was kept, and forget it."""
    return _DRAFTS.get(app, {}).pop((session_id, item_id), None)
