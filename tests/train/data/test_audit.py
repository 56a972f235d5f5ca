"""The audit counts what is there and names what is wrong."""

from runtime.marking.item import Task
from tests.train.data.makers import RIGHT, WRONG, class_set, example
from train.data.audit import audit, clean
from train.data.audit_text import markdown, plain

SAME = [
    example("a", answer="It melts."),
    example("b", answer="it  melts"),
    example("c", answer="It freezes.", verdict=WRONG),
    example("d", answer="It freezes."),
    example("e", answer="It melts.", group="q2"),
    example("f", answer="It melts.", rubric="Says why."),
]


def test_duplicates_agree_and_contradictions_do_not() -> None:
    found = audit(SAME)
    assert [copies.ids for copies in found.duplicates] == [("a", "b")]
    assert [copies.ids for copies in found.contradictions] == [("c", "d")]
    assert found.contradictions[0].labels == ("incorrect", "correct")
    assert found.superfluous == 1


def test_two_scores_under_one_rubric_contradict_each_other() -> None:
    scores = [example(n, answer="x", verdict=None, score=n, scale=(1.0, 5.0)) for n in (2, 3)]
    assert audit(scores).contradictions[0].labels == ("2", "3")


def test_clean_keeps_the_first_of_duplicates_and_neither_of_a_contradiction() -> None:
    empty = example("g", answer=" ... ")
    assert [one.id for one in clean([*SAME, empty])] == ["a", "e", "f"]


def test_an_id_of_another_set_is_another_example() -> None:
    other = example("a", set="theirs", group="q9")
    assert clean([*SAME, other])[-1] == other
    assert audit([*SAME, other]).repeated_ids == ()
    assert audit([*SAME, SAME[0]]).repeated_ids == ("a",)


def test_counts_lengths_and_budget() -> None:
    long = example("long", group="q2", answer="word " * 100)
    german = example("de", language="de", verdict=None)
    found = audit([*class_set(2, 3), long, german], budget=200)
    assert (found.examples, found.questions, found.largest_question) == (8, 3, 4)
    assert found.classes == {"correct": 4, "incorrect": 3}
    assert found.unlabelled == 1
    assert found.fields == {"answer": 8}
    assert found.languages == {"de": 1, "en": 7}
    assert found.answers.most == 500
    assert found.over_budget == 1
    assert audit([long], budget=102, length=lambda text: len(text.split())).over_budget == 1


def test_hardly_an_answer_depends_on_the_task() -> None:
    essay = example("essay", task=Task.ESSAY, answer="I like bees.")
    word, none = example("word", answer="heat"), example("none", answer="?!")
    chosen = example("option", answer="", options=("a", "b"), reference="A")
    assert audit([essay, word, none, chosen]).near_empty == ("essay", "none")


def test_nothing_at_all_can_be_audited() -> None:
    assert audit([]).answers.most == 0


def test_the_text_shows_contradictions_with_their_ids() -> None:
    text = plain(audit(SAME))
    assert "contradiction: It freezes." in text
    assert "incorrect    c\n  correct      d" in text
    shown = plain(audit(SAME), shown=0)
    assert "contradiction:" not in shown


def test_the_text_advises_against_what_cannot_be_learned() -> None:
    assert "one class" in plain(audit([example(1), example(2)]))
    assert "one question only" in plain(audit([example(1), example(2, verdict=WRONG)]))
    assert "No example has a label" in plain(audit([example(1, verdict=None)]))
    assert plain(audit(class_set())).splitlines()[-1].startswith("contradictions")


def test_the_table_of_the_card_has_a_row_a_figure() -> None:
    lines = markdown(audit([example(1, set="a|b", verdict=RIGHT)])).splitlines()
    assert lines[:2] == ["| | |", "| --- | --- |"]
    assert "| sets | a/b 1 |" in lines
