"""One line below the editor: how an answer in maths is read, or how many words a text has.

    preview.look_soon(item, text)         after each key; it waits for a pause

Nothing counts by it: it is there before the child checks.
"""

import asyncio

import msgspec
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import WorkType

from runtime.app.plain import one_line
from runtime.app.screens.base import kindmark
from runtime.errors import KindmarkError
from runtime.marking.decision import uses_judge
from runtime.marking.item import Item
from runtime.marking.writing.words import words
from runtime.study.refusals import too_much
from runtime.words import _, ngettext

_PAUSE_SECONDS = 0.35
"""Longer than between two keys of a child who types, shorter than a pause to think."""


class StudyPreview(Static):
    """Says how the latest text is read; an earlier one that is answered late is passed over."""

    DEFAULT_CSS = """
    StudyPreview { height: 1; padding: 0 1; }
    """

    _pause: Timer | None = None
    _asked: tuple[Item, str] | None = None

    def look_soon(self, item: Item, text: str) -> None:
        """Look at ``text`` as an answer to ``item`` when the child pauses."""
        self._asked = item, text
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        # Not a coroutine yet: the screen may be left before the work begins.
        work: WorkType[None] = self._say
        self.run_worker(work, group="preview")

    async def _say(self) -> None:
        if self._asked is None:
            return
        asked = item, text = self._asked
        said = too_much(text) or await self._read(item, text)
        if self._asked == asked:
            self.update(Content(said))

    async def _read(self, item: Item, text: str) -> str:
        if uses_judge(item):
            return await asyncio.to_thread(_counted, text, item.language)
        if not text.strip():
            return ""
        whole = msgspec.structs.replace(item, answer=text, steps=())
        try:
            reading = await asyncio.wrap_future(kindmark(self).worker.look(whole))
        except KindmarkError:
            return ""  # The preview is a kindness; checking will say what is wrong.
        if not reading:
            return _("I see no number yet.")
        return _("I read this as {reading}").format(reading=one_line(reading, 60))


def _counted(text: str, language: str) -> str:
    count = len(words(text, language))
    return ngettext("{count} word", "{count} words", count).format(count=count)
