"""Copied runs."""

from runtime.marking.writing.copying import find_copying

SOURCE = "The bees live in a hive and they make honey from the nectar of many flowers in summer."


def test_a_copied_run_is_found_where_it_stands() -> None:
    answer = "I think that they make honey from the nectar of many flowers, which is nice."
    found = find_copying(answer, SOURCE, "source")
    [finding] = found.evidence
    assert finding.span is not None
    assert answer[slice(*finding.span)] == "they make honey from the nectar of many flowers"
    assert 0.5 < found.share < 0.7


def test_own_words_are_not_copied() -> None:
    found = find_copying("Honey is made by bees out of what flowers give.", SOURCE, "source")
    assert found.share == 0
    assert found.evidence == ()


def test_two_runs_are_two_findings() -> None:
    answer = (
        "The bees live in a hive and they make. Then I say something else of my own here. "
        "honey from the nectar of many flowers in summer"
    )
    assert len(find_copying(answer, SOURCE, "source").evidence) == 2


def test_an_empty_answer_copies_nothing() -> None:
    assert find_copying("", SOURCE, "source").share == 0
