"""Everything code can say about a short answer or an essay before a model sees it."""

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence
from runtime.marking.writing.copying import find_copying
from runtime.marking.writing.gibberish import find_gibberish, visible
from runtime.marking.writing.grammar import find_grammar
from runtime.marking.writing.manipulation import find_manipulation, without
from runtime.marking.writing.opposites import find_opposites
from runtime.marking.writing.words import content_stems, words
from runtime.words import noted

MAX_COPIED = 0.6
"""An essay of which more than this stands in its source is not the child's writing."""


_COPIED = {
    "source": noted("Nearly all of this is copied from the source."),
    "question": noted("Nearly all of this is copied from the question."),
}


class WritingReport(msgspec.Struct, frozen=True, kw_only=True):
    """``worthless`` is why the text earns nothing whatever a model says, or ``None``.

    ``judged_text`` is what a model may see: the text without what addresses the marker.
    """

    judged_text: str
    worthless: str | None
    word_count: int
    evidence: tuple[Evidence, ...]


def examine(item: Item) -> WritingReport:
    """Look at ``item.text``: empty, gibberish, copied, aimed at the marker, grammar."""
    text = item.text
    manipulation = find_manipulation(text)
    judged = without(text, manipulation) if manipulation else text
    gibberish = find_gibberish(judged, item.language, _known_words(item))
    copied, copying = _copying(item)
    grammar = () if gibberish else find_grammar(item)
    findings = (gibberish,) if gibberish else ()
    return WritingReport(
        judged_text=judged,
        worthless=_worthless(item, judged, gibberish, copied),
        word_count=len(words(text, item.language)),
        evidence=(*findings, *manipulation, *_beside_reference(item), *copying, *grammar),
    )


def _worthless(item: Item, judged: str, gibberish: Evidence | None, copied: str) -> str | None:
    if not visible(item.text):
        return noted("No answer was given.")
    if not visible(judged):
        return noted("There is no answer here, only words aimed at the marker.")
    if gibberish:
        return gibberish.message
    return _COPIED.get(copied)


def _beside_reference(item: Item) -> tuple[Evidence, ...]:
    """What a short answer beside its reference shows: opposites, or only the question's words."""
    if item.task is not Task.SHORT_ANSWER or not item.reference:
        return ()
    return (*_echo(item, item.reference), *find_opposites(item.reference, item.text))


def _echo(item: Item, reference: str) -> tuple[Evidence, ...]:
    asked, wanted, said = (
        content_stems(words(t, item.language)) for t in (item.question, reference, item.text)
    )
    # "Which is heavier, iron or wood?" is rightly answered with a word of the question.
    if not said or not said <= asked or wanted <= asked:
        return ()
    message = noted("This has no word that the question does not have already.")
    return (Evidence(kind="echo", message=message, span=(0, len(item.text))),)


def _copying(item: Item) -> tuple[str, tuple[Evidence, ...]]:
    """Return the name of what most of the text is copied from ("" if nothing), and the runs."""
    found: list[Evidence] = []
    mostly = ""
    for name, original in (("source", item.source), ("question", item.question)):
        if original:
            copying = find_copying(item.text, original, name)
            found.extend(copying.evidence)
            mostly = mostly or (name if copying.share > MAX_COPIED else "")
    # Quoting the question before a short answer is good style, and similarity discounts it.
    return (mostly if item.task is not Task.SHORT_ANSWER else ""), tuple(found)


def _known_words(item: Item) -> frozenset[str]:
    given = (item.question, item.reference or "", item.source or "")
    return frozenset(word.text.lower() for text in given for word in words(text))
