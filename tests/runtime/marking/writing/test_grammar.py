"""Harper's findings."""

from runtime.marking.item import Item, Task
from runtime.marking.writing.grammar import find_grammar


def essay(answer: str, question: str = "", language: str = "en") -> Item:
    return Item(id="1", task=Task.ESSAY, question=question, answer=answer, language=language)


def test_a_misspelt_word_is_found_where_it_stands() -> None:
    text = "The dog was verry happy."
    [finding] = find_grammar(essay(text))
    assert finding.kind == "spelling"
    assert finding.span is not None
    assert text[slice(*finding.span)] == "verry"
    assert "very" in finding.message


def test_words_of_the_question_are_spelt_right() -> None:
    assert find_grammar(essay("Then Zorblax went home.", question="Who is Zorblax?")) == ()


def test_other_languages_are_not_checked() -> None:
    assert find_grammar(essay("Il cane era felise.", language="it")) == ()


def test_a_finding_in_a_later_paragraph_stands_where_it_stands() -> None:
    text = "  The dog was happy.\n\t\n\n The cat was\nverry sad."
    [finding] = find_grammar(essay(text))
    assert finding.span is not None
    assert text[slice(*finding.span)] == "verry"
