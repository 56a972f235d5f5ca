"""The prompts: whose words are trusted, what stands in which order, what the contract pins."""

import subprocess
import sys

import pytest

from runtime.judge.prompt import (
    GEMMA_TEMPLATE,
    Prompt,
    Whose,
    choose,
    compare_answers,
    contract_digest,
    explain,
    mark_essay,
    mark_maths,
    mark_rubric,
    mark_short_answer,
    mark_trait,
    render,
    wording,
)
from runtime.marking.item import Form, Item, Task
from runtime.marking.rubric import Criterion, Rubric
from tests.runtime.judge.prompt.examples import TEMPLATES, answered, prompts

CRITERION = Criterion(name="Facts", weight=2, levels={5: "all", 0: "none"})
RUBRIC = Rubric(name="clear", description="Clear and complete.", criteria=(CRITERION,))
RATED = Item(id="1", task=Task.RUBRIC, question="q", answer="a", rubric=RUBRIC, scale=(0, 5))


def whole(prompt: Prompt) -> str:
    return "".join(part.text for message in prompt for part in message.parts)


def by(prompt: Prompt, who: Whose) -> str:
    return "".join(part.text for message in prompt for part in message.parts if part.whose is who)


def user_text(prompt: Prompt) -> str:
    return "".join(part.text for part in prompt[-1].parts)


class TestWhoseWords:
    def test_only_ours_are_trusted(self) -> None:
        item = Item(
            id="1",
            task=Task.ESSAY,
            question="QUESTION",
            reference="REFERENCE",
            source="SOURCE",
            answer="ANSWER",
            rubric=RUBRIC,
        )
        made = [
            mark_maths(item, ["EVIDENCE"]),
            mark_short_answer(item),
            mark_essay(item),
            mark_rubric(item),
            compare_answers(item, "FIRST", "SECOND"),
            explain(item, ["BOOK"]),
            choose("QUESTION", ["OPTION", "OTHER"]),
        ]
        given = "QUESTION REFERENCE SOURCE ANSWER EVIDENCE FIRST SECOND BOOK OPTION OTHER".split()
        for prompt in made:
            assert not [word for word in [*given, "Facts"] if word in by(prompt, Whose.OURS)]
            childs = "ANSWER", "EVIDENCE", "FIRST", "SECOND"
            assert not [word for word in childs if word in by(prompt, Whose.GIVEN)]

    @pytest.mark.parametrize("name", prompts(""))
    def test_our_words_hold_no_special_token(self, name: str) -> None:
        text = by(prompts("")[name], Whose.OURS)
        assert not [token for token in ("<|", "<start_of_turn>", "<end_of_turn>") if token in text]


class TestOrder:
    def test_the_class_shares_everything_before_the_child(self) -> None:
        one, other = (
            "".join(segment.text for segment in render(mark_short_answer(item), GEMMA_TEMPLATE))
            for item in (answered("It dries."), answered("Thirsty ground."))
        )
        shared = one.partition("It dries.")[0]
        assert other.startswith(shared)
        assert "The water evaporates." in shared

    def test_the_form_of_the_reply_comes_last(self) -> None:
        assert user_text(mark_maths(answered("x"), ["y"])).endswith(wording.ASK_VERDICT)

    def test_a_rubric_asks_for_the_score_first(self) -> None:
        text = whole(mark_rubric(answered("x")))
        assert "from 0 for" in text
        assert text.index("Score: X/5") < text.index("reasons") < text.index("<student_answer>\nx")

    def test_absent_fields_leave_no_block(self) -> None:
        bare = Item(id="1", task=Task.ESSAY, question="Write.", answer="Once.")
        assert "reference" not in user_text(mark_essay(bare))
        assert "<checks>" not in user_text(mark_maths(bare))

    @pytest.mark.parametrize("name", ["mark_maths", "mark_short_answer", "mark_essay", "explain"])
    def test_little_is_read_again_for_every_answer(self, name: str) -> None:
        tail = user_text(prompts("ANSWER")[name]).partition("ANSWER")[2]
        assert len(tail.split()) <= 7
        assert tail.count("\n") == 2


class TestCriteria:
    def test_they_share_all_but_the_last_line(self) -> None:
        main = mark_rubric(RATED)
        trait = mark_trait(main, CRITERION)
        shared = user_text(main)[: -len("The score, from 0 to 5?")]
        assert user_text(trait).startswith(shared)
        assert shared.endswith("</student_answer>\n")
        assert trait[0] == main[0]

    def test_each_is_asked_for_on_its_own_levels(self) -> None:
        text = user_text(mark_trait(mark_essay(RATED), CRITERION))
        assert text.endswith("Now by one criterion alone: Facts\nThe score for it, 0 or 5?")
        assert "  0: none\n  5: all" in text


class TestWhatIsAsked:
    def test_criteria_with_weights_and_levels(self) -> None:
        item = Item(id="1", task=Task.RUBRIC, question="q", answer="a", rubric=RUBRIC)
        assert "Clear and complete.\n- Facts (weight 2)\n  0: none\n  5: all\n" in whole(
            mark_rubric(item)
        )

    def test_the_form_a_maths_answer_must_have(self) -> None:
        item = Item(id="1", task=Task.MATH, question="q", answer="a", form=Form.SIMPLEST)
        assert "<required_form>\nsimplest\n</required_form>" in whole(mark_maths(item))

    def test_italian_explanations(self) -> None:
        text = user_text(explain(answered("Boh", "it-IT"), ["Uno.", "Due."]))
        for heading in ("**Domanda**", "**Risposta Esperta**", "**Risposta dello Studente**"):
            assert heading in text
        assert "[1] Uno.\n[2] Due." in text
        assert "<risposta_studente>\nBoh\n</risposta_studente>" in text

    def test_other_languages_are_asked_in_english(self) -> None:
        text = user_text(explain(answered("Weiß nicht", "de"), []))
        assert "**Student's Answer**" in text
        assert "**Sources**\n(none)" in text

    def test_options_are_lettered(self) -> None:
        assert "A. 3\nB. 4\nC. 5\n" in user_text(choose("2 + 2?", ["3", "4", "5"]))

    def test_more_options_than_letters(self) -> None:
        with pytest.raises(ValueError, match="27 options"):
            choose("?", ["x"] * 27)


class TestContract:
    def test_this_wording_is_what_adapters_are_trained_on(self) -> None:
        """A changed digest makes every adapter trained before it unfit: change it on purpose."""
        assert (
            contract_digest() == "b57966eab1aab63d9cf73943e61d54846dfd0af0335d39637ba133c22625c935"
        )

    @pytest.mark.parametrize("name", ["MATHS", "ASK_SCORE", "CHECKS", "SCORE_START"])
    def test_it_changes_with_the_wording(self, name: str) -> None:
        code = (
            "from runtime.judge.prompt import contract_digest, wording, answers\n"
            f"for module in (wording, answers):\n"
            f"    if hasattr(module, {name!r}): module.{name} = getattr(module, {name!r}) + '!'\n"
            "print(contract_digest())"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )
        assert found.stdout.strip() != contract_digest()

    def test_it_is_light(self) -> None:
        code = "import runtime.judge.prompt, sys; print(*sys.modules)"
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )
        assert not {"numpy", "llama_cpp", "jinja2", "torch"} & set(found.stdout.split())


def test_each_template_is_a_template_of_its_own() -> None:
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)
