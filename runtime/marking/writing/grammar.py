"""Grammar and spelling findings by Harper, an offline checker for English."""

from collections.abc import Iterator
from functools import lru_cache

import harper

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.writing.words import words
from runtime.words import noted

_KINDS = frozenset(
    "Agreement BoundaryError Capitalization Eggcorn Grammar Malapropism Nonstandard Punctuation "
    "Repetition Spelling Typo Usage".split()
)
"""Errors only. Matters of style (Oxford commas, wordiness) are not a child's mistakes."""

MAX_CHECKED_CHARS = 20_000
"""Some 4,000 words: far beyond a school essay, and bounded work for a pasted book."""

MIN_LETTERS = 0.4
"""Share of letters in prose, at the least; a page of brackets keeps Harper busy for seconds."""


def find_grammar(item: Item) -> tuple[Evidence, ...]:
    """Return Harper's findings in an English text; none for other languages.

    Words that the question, the reference or the source use are not spelling mistakes.
    """
    if item.language.partition("-")[0] != "en":
        return ()
    given = _given_words(item)
    return tuple(
        _evidence(lint, start)
        for start, paragraph in _paragraphs(item.text[:MAX_CHECKED_CHARS])
        for lint in _linter().lint(paragraph, language="plaintext")
        if _is_mistake(lint, given)
    )


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between blank lines and where; Harper crawls through blank lines."""
    start = at = 0
    for line in text.splitlines(keepends=True):
        if not line.strip():
            yield from _paragraph(text, start, at)
            start = at + len(line)
        at += len(line)
    yield from _paragraph(text, start, at)


def _paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    body = text[start:end]
    if sum(map(str.isalpha, body)) > MIN_LETTERS * len(body.strip()):
        yield start + len(body) - len(body.lstrip()), body.strip()


def _is_mistake(lint: harper.Lint, given: frozenset[str]) -> bool:
    if lint.lint_kind not in _KINDS or lint.span.is_empty():
        return False
    return lint.lint_kind != "Spelling" or lint.problem_text.lower() not in given


def _evidence(lint: harper.Lint, start: int) -> Evidence:
    kind = "spelling" if lint.lint_kind in {"Spelling", "Typo"} else "grammar"
    best = next((s.replacement_text for s in lint.suggestions if s.replacement_text), "")
    message = lint.message
    if best:
        message = noted("“{word}”: did you mean “{best}”?", word=lint.problem_text, best=best)
    return Evidence(
        kind=kind, message=message, span=(start + lint.span.start, start + lint.span.end)
    )


def _given_words(item: Item) -> frozenset[str]:
    texts = (item.question, item.reference or "", item.source or "")
    return frozenset(word.text.lower() for text in texts for word in words(text))


@lru_cache(maxsize=1)
def _linter() -> harper.Linter:
    # Half a second and 140 MB: only a class set with writing in it pays for it.
    return harper.Linter()
