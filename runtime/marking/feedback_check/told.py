"""What feedback is written about: the item, what was decided, and what may be told."""

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence, Verdict


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All that a check may rely on.

    ``first_wrong_step`` is as in ``Mark``. ``reveal``: this is the last hint, so that the answer
    may be told.
    """

    item: Item
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None
    reveal: bool = False

    @property
    def language(self) -> str:
        """The item's language without its region: "it" for "it-IT"."""
        return self.item.language.lower().partition("-")[0]
