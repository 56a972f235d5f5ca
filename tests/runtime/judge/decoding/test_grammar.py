"""The next token is the likeliest one that a grammar allows."""

import re
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runtime.judge.decoding import grammar as tested
from runtime.judge.decoding.grammar import Grammar, Row
from runtime.judge.decoding.streaming import Pieces
from runtime.judge.engine import Model
from tests.runtime.judge.llm.chat_files import FIRST_MARK, write_chat
from tests.tiny_decoders import VOCABULARY

END = VOCABULARY - 1
WORDS = "root ::= [a-z]+ [.]"


def likings(seed: int, **liked: float) -> Row:
    """Return random logits with some letters liked better."""
    row = np.random.default_rng(seed).normal(size=VOCABULARY).astype(np.float32)
    for letter, more in liked.items():
        row[letter_id(letter)] += more
    return row


def letter_id(letter: str) -> int:
    return ord(letter) - 33


@pytest.fixture
def words(model: Model) -> Iterator[Grammar]:
    with Grammar(model, WORDS) as found:
        yield found


class TestPick:
    def test_the_likeliest_where_it_is_allowed(self, words: Grammar) -> None:
        with words.begin() as course:
            assert course.pick(likings(0, k=20.0)) == letter_id("k")

    def test_else_the_likeliest_of_those_allowed(self, words: Grammar) -> None:
        with words.begin() as course:
            assert course.pick(likings(0, K=20.0, k=10.0)) == letter_id("k")

    def test_goes_on_from_what_was_accepted(self, words: Grammar) -> None:
        row = likings(0)
        row[letter_id(".")] = 20.0
        with words.begin() as course:
            assert course.pick(row) != letter_id(".")
            course.accept(letter_id("k"))
            assert course.pick(row) == letter_id(".")
            course.accept(letter_id("."))
            assert course.pick(row) == END

    def test_each_course_is_its_own(self, words: Grammar) -> None:
        row = likings(0)
        row[letter_id(".")] = 20.0
        with words.begin() as first, words.begin() as second:
            first.accept(letter_id("k"))
            assert first.pick(row) == letter_id(".")
            assert second.pick(row) != letter_id(".")

    def test_nothing_where_nothing_may_follow(self, model: Model) -> None:
        with Grammar(model, r"root ::= [\u4e00] [a]") as grammar, grammar.begin() as course:
            for byte in "一".encode():
                token = byte_id(model, byte)
                assert course.pick(liking(token)) == token
                course.accept(token)
            row = liking(END)
            row[letter_id("a")] = -np.inf
            assert course.pick(row) is None

    @pytest.mark.parametrize("few", [1, 7, 256])
    def test_trying_a_few_first_changes_nothing(
        self, words: Grammar, monkeypatch: pytest.MonkeyPatch, few: int
    ) -> None:
        monkeypatch.setattr(tested, "FEW", few)
        for seed in range(50):
            row = likings(seed)
            with words.begin() as course:
                assert course.pick(row) == likeliest(words.model, row)


def likeliest(model: Model, row: Row) -> int:
    """Return what the grammar allows at first, by a regular expression."""
    pieces = Pieces(model)
    allowed = [t for t in range(END) if re.fullmatch(rb"[a-z]+", pieces.of(t))]
    return max(allowed, key=lambda token: row[token])


def liking(token: int) -> Row:
    row = np.zeros(VOCABULARY, np.float32)
    row[token] = 10.0
    return row


def byte_id(model: Model, byte: int) -> int:
    pieces = Pieces(model)
    return next(token for token in range(256) if pieces.of(token) == bytes([byte]))


def test_ends_may_be_said_beside_the_vocabularys(model: Model) -> None:
    dot = letter_id(".")
    with (
        Grammar(model, "root ::= [a-z]{2}", np.array([dot, END], np.int32)) as grammar,
        grammar.begin() as course,
    ):
        assert course.pick(liking(dot)) != dot
        course.accept(letter_id("a"))
        course.accept(letter_id("b"))
        assert course.pick(liking(dot)) == dot


def test_special_tokens_are_never_written(tmp_path: Path) -> None:
    start = FIRST_MARK + 2
    with (
        Model(write_chat(tmp_path, "qwen")) as model,
        Grammar(model, "root ::= .*") as grammar,
        grammar.begin() as course,
    ):
        found = course.pick(liking(start))
        assert found not in {None, start}


def test_nothing_leaks(model: Model) -> None:
    def rounds(count: int) -> int:
        for _ in range(count):
            with Grammar(model, WORDS) as grammar, grammar.begin() as course:
                course.pick(likings(0))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = rounds(200)
    assert rounds(1000) - before < 2_000
