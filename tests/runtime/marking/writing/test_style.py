"""Counts of an essay."""

from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence
from runtime.marking.writing.style import measure


def style(text: str, *evidence: Evidence) -> dict[str, float]:
    essay = Item(id="1", task=Task.ESSAY, question="Why do cats purr?", answer=text)
    counts = measure(essay, evidence)
    return {name: getattr(counts, name) for name in counts.__struct_fields__}


def test_padding_with_itself_adds_words_but_nothing_distinct() -> None:
    once, thrice = style("Cats purr when happy. "), style("Cats purr when happy. " * 3)
    assert thrice["log_words"] > once["log_words"]
    assert thrice["log_distinct"] == once["log_distinct"]


def test_findings_are_counted_by_the_word() -> None:
    slip = Evidence(kind="spelling", message="", span=(0, 4))
    assert style("Katz purr when they are happy and warm.", slip)["spelling"] == 1 / 8


def test_the_copied_share_counts_words_inside_copied_spans() -> None:
    run = Evidence(kind="copied", message="", span=(0, 9))
    assert style("Cats purr a lot", run)["copied"] == 0.5


def test_an_empty_text_counts_nothing() -> None:
    assert set(style("").values()) == {0.0, 0.6931471805599453}
