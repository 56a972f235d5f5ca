"""What an item is asked, which replies are allowed, and what there is nothing to ask about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.judge.llm.asking import (
    MOST_FINDINGS,
    Asked,
    PromptName,
    ask,
    ask_feedback,
    ask_reason,
    converse,
    sentences,
)
from runtime.judge.llm.basis import prompt_names
from runtime.judge.llm.cutting import words_size
from runtime.judge.prompt import (
    Prompt,
    explain,
    explanation_answer,
    mark_essay,
    mark_maths,
    mark_rubric,
    mark_short_answer,
    read_score,
    read_verdict,
)
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.rubric import Criterion, Rubric

ROOM = 5_000
FACTS = Criterion(name="Facts", levels={1: "none", 3: "some", 5: "all"})
STYLE = Criterion(name="Style", levels={0: "poor", 2: "good"})
RUBRIC = Rubric(name="r", criteria=(FACTS, Criterion(name="Heart", description="It cares."), STYLE))
EMPTY = Rubric(name="r", description=" ", criteria=(Criterion(name=""),))
SLIP = Evidence(kind="calculation_error", message="3 * 4 is not 13.", step=1)

MATHS = Item(id="1", task=Task.MATH, question="3 * 4?", reference="12", answer="13")
SHORT = Item(
    id="2",
    task=Task.SHORT_ANSWER,
    question="Why do puddles dry up?",
    reference="The water evaporates.",
    answer="Sun.",
)
ESSAY = Item(id="3", task=Task.ESSAY, question="Write.", answer="Once.", scale=(0, 5))
RATED = replace(ESSAY, task=Task.RUBRIC, rubric=RUBRIC, scale=(1, 5))
REASONED = replace(SHORT, language="it", source="Il sole scalda.\n\nL'acqua evapora.")


def words(text: str) -> int:
    return len(text.split())


def asked(item: Item, *evidence: Evidence, name: PromptName | None = None) -> tuple[Asked, ...]:
    return ask(item, evidence, ROOM, words, name=name)


def last(prompt: Prompt) -> str:
    return "".join(part.text for part in prompt[-1].parts)


class TestVerdicts:
    def test_maths_with_what_code_found(self) -> None:
        (found,) = asked(MATHS, SLIP)
        assert found.messages == mark_maths(MATHS, ["Line 2: 3 * 4 is not 13."])
        assert found.values == ("incorrect", "partial", "correct")
        assert (found.kind, found.labels) == ("verdict", ("Incorrect", "Partial", "Correct"))

    def test_a_short_answer(self) -> None:
        (found,) = asked(SHORT, Evidence(kind="spelling", message="Sun?"))
        assert found.messages == mark_short_answer(SHORT)
        assert found.reply("partial") == "Partial"

    def test_reasoning_in_italian_about_a_source(self) -> None:
        (found,) = asked(REASONED)
        assert found.messages == explain(REASONED, ["Il sole scalda.", "L'acqua evapora."])
        assert found.labels == ("errata", "parziale", "corretta")

    @pytest.mark.parametrize("item", [MATHS, SHORT, REASONED, replace(REASONED, language="en")])
    @pytest.mark.parametrize("verdict", ["incorrect", "partial", "correct"])
    def test_replies_are_those_of_training(self, item: Item, verdict: str) -> None:
        (found,) = asked(item, name="explain" if item.source else None)
        said = found.reply(verdict)
        assert read_verdict(said) == verdict
        if item.source:
            assert explanation_answer(Verdict(verdict), "So.", item.language).startswith(said)

    def test_a_reply_that_is_none(self) -> None:
        with pytest.raises(ValueError, match="not in tuple"):
            asked(MATHS)[0].reply("4")


class TestScores:
    def test_an_essay_without_a_rubric(self) -> None:
        (found,) = asked(ESSAY)
        assert found.messages == mark_essay(ESSAY)
        assert (found.kind, found.values) == ("score", tuple("012345"))

    @given(st.integers(-3, 3), st.integers(1, 150))
    def test_replies_are_those_of_training(self, low: int, points: int) -> None:
        scale = float(low), float(low + points)
        (found,) = asked(replace(ESSAY, scale=scale))
        scores = [read_score(found.reply(value), scale) for value in found.values]
        assert scores == [float(value) for value in found.values]

    def test_the_whole_first_and_then_the_criteria_with_levels(self) -> None:
        whole, facts, style = asked(RATED)
        assert whole.messages == mark_rubric(RATED)
        assert [one.about for one in (whole, facts, style)] == ["", "Facts", "Style"]
        assert [one.kind for one in (whole, facts, style)] == ["score", "trait", "trait"]
        assert facts.values == ("1", "3", "5")
        assert style.reply("2") == "Score: 2/2"

    def test_all_of_them_begin_alike(self) -> None:
        whole, *traits = asked(RATED)
        shared = last(whole.messages).partition("</student_answer>\n")[0]
        for trait in traits:
            assert trait.messages[0] == whole.messages[0]
            assert last(trait.messages).startswith(shared)

    def test_of_two_criteria_with_one_name_the_first(self) -> None:
        again = replace(STYLE, name="Facts")
        first, *traits = asked(replace(RATED, rubric=Rubric(name="r", criteria=(FACTS, again))))
        assert [trait.values for trait in traits] == [("1", "3", "5")]
        assert first.notes == (
            "2 criteria are named 'Facts': only the first got a score of its own.",
        )

    def test_a_criterion_with_one_level_is_no_choice(self) -> None:
        rubric = Rubric(name="r", criteria=(Criterion(name="Facts", levels={1: "all"}),))
        assert len(asked(replace(RATED, rubric=rubric))) == 1


class TestWhichPrompt:
    @pytest.mark.parametrize(
        ("item", "names"),
        [
            (MATHS, ("mark_maths",)),
            (SHORT, ("mark_short_answer",)),
            (REASONED, ("explain", "mark_short_answer")),
            (replace(REASONED, language="en"), ("mark_short_answer", "explain")),
            (ESSAY, ("mark_essay",)),
            (replace(ESSAY, rubric=EMPTY), ("mark_essay",)),
            (replace(ESSAY, rubric=RUBRIC), ("mark_essay", "mark_rubric")),
            (RATED, ("mark_rubric",)),
        ],
    )
    def test_the_best_first(self, item: Item, names: tuple[str, ...]) -> None:
        assert prompt_names(item) == names

    def test_the_one_an_adapter_knows(self) -> None:
        item = replace(ESSAY, rubric=RUBRIC)
        assert asked(item, name="mark_rubric")[0].messages == mark_rubric(item)


class TestNothingToJudgeBy:
    @pytest.mark.parametrize(
        ("item", "said"),
        [
            (replace(MATHS, reference=None), "There is no reference answer."),
            (replace(SHORT, reference=None), "nothing to compare this answer with"),
            (replace(RATED, rubric=None), "There is no rubric"),
            (replace(RATED, rubric=EMPTY), "There is no rubric"),
        ],
    )
    def test_it_is_said(self, item: Item, said: str) -> None:
        with pytest.raises(BadInputError, match=said) as raised:
            asked(item)
        assert raised.value.remedy

    def test_an_essay_with_an_empty_rubric_is_scored_in_general(self) -> None:
        assert len(asked(replace(ESSAY, rubric=EMPTY))) == 1

    def test_a_rubric_longer_than_the_context(self) -> None:
        long = replace(RUBRIC, description="clear " * ROOM)
        with pytest.raises(
            BadInputError, match=r"take 5,\d\d\d tokens; .* room for 5,000"
        ) as raised:
            asked(replace(RATED, rubric=long))
        assert "rubric" in raised.value.remedy


class TestLongAnswers:
    def test_every_prompt_fits_and_the_cut_is_told_once(self) -> None:
        long = replace(RATED, answer="word " * 5_000)
        found = ask(long, (), 1_000, words)
        assert all(words_size(one.messages, words) <= 1_000 for one in found)
        assert [len(one.notes) for one in found] == [1, 0, 0]
        assert "5,000 words" in found[0].notes[0]


class TestWhatFollows:
    def test_it_begins_with_what_was_asked(self) -> None:
        (found,) = asked(SHORT)
        for prompt in (
            ask_reason(SHORT, found, "partial"),
            ask_feedback(SHORT, found, "partial", Verdict.PARTIAL),
            converse(SHORT, found, "partial", "Why?"),
        ):
            assert prompt[:2] == found.messages
            assert prompt[2].role == "assistant"
            assert prompt[2].parts[0].text == "Partial"

    def test_findings_are_told_where_they_are_not_known(self) -> None:
        (maths,), (short,) = asked(MATHS, SLIP), asked(SHORT, SLIP)
        assert "13." not in last(ask_feedback(MATHS, maths, "partial", Verdict.PARTIAL, [SLIP]))
        assert "13." in last(ask_feedback(SHORT, short, "partial", Verdict.PARTIAL, [SLIP]))
        assert "13." in last(ask_reason(SHORT, short, "partial", [SLIP]))

    def test_the_child_is_met_where_it_is(self) -> None:
        item = replace(REASONED, grade_level=3)
        (found,) = asked(item)
        assert "classe 3" in last(ask_feedback(item, found, "partial", Verdict.PARTIAL))
        assert "Ora puoi dire" in last(converse(item, found, "partial", "Perché?", reveal=True))


class TestFindings:
    def test_each_is_told_once_and_not_all(self) -> None:
        many = [SLIP, SLIP, *(replace(SLIP, message=f"{at}.") for at in range(20))]
        found = sentences(many)
        assert found[:2] == ("Line 2: 3 * 4 is not 13.", "Line 2: 0.")
        assert len(found) == MOST_FINDINGS
