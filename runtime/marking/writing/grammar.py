"""Grammar and spelling findings by Harper, an offline checker for English."""

from functools import lru_cache

import harper

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.writing.words import words

_KINDS = frozenset(
    "Agreement BoundaryError Capitalization Eggcorn Grammar Malapropism Nonstandard Punctuation "
    "Repetition Spelling Typo Usage".split()
)
"""Errors only. Matters of style (Oxford commas, wordiness) are not a child's mistakes."""

MAX_CHECKED_CHARS = 20_000
"""Harper takes about 0.1 ms a word; what lies beyond some 4,000 words changes no mark."""


def find_grammar(item: Item) -> tuple[Evidence, ...]:
    """Return Harper's findings in an English text; none for other languages.

    Words that the question, the reference or the source use are not spelling mistakes.
    """
    if item.language.partition("-")[0] != "en":
        return ()
    lints = _linter().lint(item.text[:MAX_CHECKED_CHARS], language="plaintext")
    given = _given_words(item)
    return tuple(_evidence(lint) for lint in lints if _is_mistake(lint, given))


def _is_mistake(lint: harper.Lint, given: frozenset[str]) -> bool:
    if lint.lint_kind not in _KINDS or lint.span.is_empty():
        return False
    return lint.lint_kind != "Spelling" or lint.problem_text.lower() not in given


def _evidence(lint: harper.Lint) -> Evidence:
    kind = "spelling" if lint.lint_kind in {"Spelling", "Typo"} else "grammar"
    best = next((s.replacement_text for s in lint.suggestions if s.replacement_text), "")
    message = f"“{lint.problem_text}”: did you mean “{best}”?" if best else lint.message
    return Evidence(kind=kind, message=message, span=(lint.span.start, lint.span.end))


def _given_words(item: Item) -> frozenset[str]:
    texts = (item.question, item.reference or "", item.source or "")
    return frozenset(word.text.lower() for text in texts for word in words(text))


@lru_cache(maxsize=1)
def _linter() -> harper.Linter:
    # Half a second and 140 MB: only a class set with writing in it pays for it.
    return harper.Linter()
