"""Unkind words, markup, links, other languages and talk of being a program are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.feedback_check.kindness import unkind
from runtime.marking.feedback_check.plain_words import strange

ITSELF, CODE, LINK = "as a program", "code, markup", "a link"


class TestKindness:
    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("That is a LAZY answer.", "LAZY"),
            ("Everyone knows this.", "Everyone knows"),
            ("You never get this right.", "You never get"),
            ("Sei stato svogliato.", "svogliato"),
            ("Lo sanno tutti.", "Lo sanno tutti"),
        ],
    )
    def test_unkind(self, text: str, word: str) -> None:
        assert unkind(text) == word

    @pytest.mark.parametrize("text", ["Slow down and look.", "Embarrassment of riches", "Classic!"])
    def test_not_unkind(self, text: str) -> None:
        assert unkind(text) is None

    def test_a_story_may_have_a_lazy_dog(self) -> None:
        question = "Why does the lazy dog sleep?"
        assert unkind("Think of the lazy dog.", given=question) is None
        assert unkind("You are lazy and stupid.", given=question) == "stupid"


class TestStrange:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("```x```", CODE),
            ("Look <b>here</b>.", CODE),
            ("Look here <|im_end|>", CODE),
            ("# Feedback", CODE),
            ("- Look here", CODE),
            ("[here](there)", CODE),
            (r"\frac{1}{2}", CODE),
            ("Look\u202ehere.", CODE),
            ("Look \ufffd here.", CODE),
            ("See http://x", LINK),
            ("Write to me@x", LINK),
            ("Go to example.org now.", LINK),
            ("As an AI I cannot.", ITSELF),
            ("I'm just a language model.", ITSELF),
            ("I cannot tell you that.", ITSELF),
            ("Sono un assistente.", ITSELF),
        ],
    )
    def test_found(self, text: str, why: str) -> None:
        assert why in (strange(text, "en") or "")

    @pytest.mark.parametrize(
        "text",
        [
            "Is 3 < 5 true? Then 5 > 3 is, too.",
            "Put {2, 4} in order, or [1, 2].",
            "Draw a bar model to see it.",
            "The value of π is near 3.14.",
            "Bravo, Anna!",
            "You wrote 50 % and €3.",
            "Use the first sentence - it is a good one.",
        ],
    )
    def test_plain(self, text: str) -> None:
        assert strange(text, "en") is None

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Guarda ancora la seconda riga e prova di nuovo.", "en"),
            ("Look at the second line and try it again.", "it"),
            ("Regarde encore une fois la ligne numéro deux.", "en"),
            ("Schau dir die zweite Zeile noch einmal an.", "en"),
            ("Mira otra vez la segunda línea, por favor.", "it"),
            ("Посмотри ещё раз.", "en"),
            ("再看一次", "en"),
            ("Look again.", "de"),
        ],
    )
    def test_another_language(self, text: str, language: str) -> None:
        assert "language" in (strange(text, language) or "")

    @given(st.text(max_size=60))
    def test_of_any_text_there_is_an_answer(self, text: str) -> None:
        found = strange(text, "en")
        assert found is None or found.startswith("It ")
