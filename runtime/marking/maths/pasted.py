"""Pasted blocks: what is put around an answer to sway a marker, and calculator notes.

JSON, tags, comments and bracketed notices are no child's answer; they are blanked, place for
place, before an answer is looked for.
"""

import re

from runtime.marking.maths.notation import plain
from runtime.marking.maths.respelling import with_minus, without_places

_FIELD = re.compile(r"[\"'][^\"']{0,80}[\"']\s*:")
_NOTICE = re.compile(r"[A-Za-z]{2,}[\s_]|[A-Z]{3,}")
_BLANKED = re.compile(
    r"<<[^<>\n]{0,200}>>"  # calculator notes
    r"|<!--.{0,2000}?(?:-->|\Z)|<!\[CDATA\[.{0,2000}?\]\]>"
    r"|<(?P<tag>[A-Za-z|]\w{0,30})[^<>\n]{0,200}>.{0,2000}?</(?P=tag)>"
    r"|</?[A-Za-z|][^<>\n]{0,200}>"
    r"|\{[^{}]{0,2000}\}"
    r"|(?<!\S)\[[^\[\]]{0,2000}\]"
    r"|```\w*"
    r"|~~[^~\n]{0,200}~~",  # crossed out
    re.DOTALL,
)


def blanked(text: str) -> str:
    """Return plain text of the same length with calculator notes and pasted blocks blanked."""
    return without_places(with_minus(_BLANKED.sub(_blank, plain(text))))


def _blank(match: re.Match[str]) -> str:
    """Blank a block; sets like {2, 3} and intervals like [2, 7] stay."""
    block = match.group()
    if (block[0] == "{" and not _FIELD.search(block)) or (
        block[0] == "[" and not _NOTICE.search(block)
    ):
        return block
    return re.sub(r"[^\n]", " ", block)
