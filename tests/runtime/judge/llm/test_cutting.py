"""What is left out of long answers and sources: always enough, never too much, said in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.judge.llm.cutting import LEAST, cut_answer, fitted, words_size
from runtime.judge.llm.passages import closest, joined
from runtime.judge.prompt import Prompt, mark_short_answer
from runtime.judge.prompt.wording import OMITTED
from runtime.marking.item import Item, Task
from runtime.marking.rubric import Rubric


def pieces(text: str) -> int:
    """Tokens of at most four characters; blanks are tokens too."""
    return len(re.findall(r"\w{1,4}|\s|[^\w\s]", text))


def item(answer: str, source: str | None = None) -> Item:
    return Item(
        id="1",
        task=Task.SHORT_ANSWER,
        question="Why do puddles dry up?",
        reference="The water evaporates.",
        answer=answer,
        source=source,
    )


def build(one: Item) -> list[Prompt]:
    return [mark_short_answer(one)]


def size(one: Item) -> int:
    return words_size(mark_short_answer(one), pieces)


BARE = size(item(""))
WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=120)
LONG = " ".join(f"word{number}" for number in range(1000))
SOURCE = (
    "Rain falls on the street. It collects in hollows.\n\n"
    "The sun warms the puddle and its water evaporates into the air.\n\n"
    "Birds like to drink there. Cars drive by all day long."
)


class TestAnswers:
    @given(WORDS, st.integers(20, 400))
    def test_it_fits_and_what_fits_is_whole(self, words: list[str], room: int) -> None:
        text = " ".join(words)
        found, notes = cut_answer(text, room, pieces)
        assert pieces(found) <= room
        assert (found == text) == (pieces(text) <= room) == (not notes)

    @given(WORDS, st.integers(20, 200))
    def test_cuts_are_at_the_ends_of_words(self, words: list[str], room: int) -> None:
        found, notes = cut_answer(" ".join(words), room, pieces)
        if notes:
            head, tail = (part.split() for part in found.split(OMITTED))
            assert head == words[: len(head)]
            assert tail == words[len(words) - len(tail) :]

    def test_three_parts_of_its_beginning_and_one_of_its_end(self) -> None:
        found, (note,) = cut_answer(LONG, 403, pieces)
        said = re.fullmatch(
            r"Of the answer's 1,000 words the judge read the first (\d+) and the last (\d+)\.", note
        )
        assert said
        head, tail = (len(part.split()) for part in found.split(OMITTED))
        assert (head, tail) == (int(said[1]), int(said[2]))
        assert head == round(0.75 * (head + tail))
        # One word more would not fit.
        assert pieces(found) > 403 - 4

    def test_a_word_without_end(self) -> None:
        found, notes = cut_answer("x" * 100_000, 200, pieces)
        assert 100 < pieces(found) <= 200
        assert notes


class TestItems:
    @given(WORDS, st.integers(BARE + LEAST, BARE + 500))
    def test_the_prompt_fits(self, words: list[str], room: int) -> None:
        whole = item(" ".join(words))
        kept, notes = fitted(whole, build, room, pieces)
        assert size(kept) <= room
        assert (kept == whole) == (size(whole) <= room) == (not notes)

    @given(WORDS, st.lists(st.sampled_from(SOURCE.split(". ")), max_size=60), st.integers(0, 600))
    def test_with_a_source_too(self, words: list[str], given: list[str], more: int) -> None:
        whole = item(" ".join(words), ". ".join(given) or None)
        room = size(item("", "x" if whole.source else None)) + LEAST + more
        kept, notes = fitted(whole, build, room, pieces)
        assert size(kept) <= room
        assert (kept == whole) == (size(whole) <= room) == (not notes)
        assert kept.question == whole.question
        assert kept.reference == whole.reference

    def test_long_answers_share_their_source(self) -> None:
        source = SOURCE * 30
        kept = [fitted(item(one, source), build, 900, pieces) for one in (LONG, LONG[1:])]
        assert kept[0].item.source == kept[1].item.source != source
        assert re.search(r"Of the source's [\d,]+ words the judge read \d+: ", kept[0].notes[0])
        assert "answer's" in kept[0].notes[1]

    def test_a_short_answer_leaves_the_source_whole(self) -> None:
        whole = item("It evaporates.", SOURCE)
        assert fitted(whole, build, size(whole), pieces).item is whole

    def test_working_line_by_line(self) -> None:
        whole = replace(item(""), steps=tuple(LONG.split()))
        kept, _ = fitted(whole, build, BARE + 100, pieces)
        assert kept.steps == ()
        assert kept.text.startswith("word0\nword1\n")

    @pytest.mark.parametrize("longest", ["question", "reference", "rubric"])
    def test_what_is_never_cut_is_named_with_the_numbers(self, longest: str) -> None:
        value = Rubric(name="r", description=LONG) if longest == "rubric" else LONG
        whole = replace(item("x"), **{longest: value})
        with pytest.raises(BadInputError) as raised:
            fitted(whole, build, 1500, pieces)
        assert re.search(r"take \d,\d{3} tokens; the model has room for 1,500", str(raised.value))
        assert raised.value.remedy.startswith(f"Shorten the {longest}")


class TestPassages:
    def test_the_closest_comes_first(self) -> None:
        first, *_ = closest(SOURCE, "Why do puddles dry up? The water evaporates.", "en")
        assert SOURCE[slice(*first)].startswith("The sun warms the puddle")

    def test_where_nothing_is_close_the_order_stands(self) -> None:
        found = closest(SOURCE, "Volcanoes?", "en")
        assert found == sorted(found)

    def test_rare_words_count_more(self) -> None:
        text = "A cat sat. A cat ran. A cat ate. A newt sat."
        found = closest(text, "cat newt", "en")
        assert text[slice(*found[0])] == "A newt sat."

    @given(st.text(max_size=300))
    def test_all_of_them_are_the_text(self, text: str) -> None:
        found = closest(text, "a b", "en")
        assert joined(text, found) == text

    def test_marks_stand_where_something_is_missing(self) -> None:
        text = "One. Two. Three. Four."
        spans = {text[slice(*span)]: span for span in closest(text, "", "en")}
        assert joined(text, [spans["Three."], spans["Two."]]) == " [...] Two. Three. [...] "

    def test_a_sentence_without_end_is_several(self) -> None:
        assert len(closest(LONG, "", "en")) == 25
