"""Text comes in whole characters, ends before a stop string, and loops are seen."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.decoding.streaming import MIN_LOOP, Pieces, Stream, loops
from runtime.judge.engine import Model


def streamed(data: bytes, cuts: list[int], stops: tuple[str, ...] = ()) -> str:
    stream = Stream(stops)
    bounds = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    parts = [data[a:b] for a, b in pairwise(bounds)]
    return "".join([*(stream.add(part) for part in parts), stream.flush()])


CUTS = st.lists(st.integers(0, 60), max_size=8)


@given(st.text(max_size=30), CUTS)
def test_wherever_tokens_part_the_text_is_the_same(text: str, cuts: list[int]) -> None:
    data = text.encode("utf-8", "replace")
    assert streamed(data, cuts) == data.decode()


@given(st.text("ab¶", max_size=20), CUTS, st.text("ab¶", min_size=1, max_size=4))
def test_it_ends_before_the_first_stop_string(text: str, cuts: list[int], stop: str) -> None:
    assert streamed(text.encode(), cuts, (stop,)) == text.split(stop, maxsplit=1)[0]


def test_half_a_character_is_held_back() -> None:
    stream = Stream()
    assert stream.add(b"caf\xc3") == "caf"
    assert stream.add(b"\xa9") == "é"
    assert stream.add(b"\xc3") == ""
    assert stream.flush() == "\ufffd"


def test_what_may_become_a_stop_string_is_held_back() -> None:
    stream = Stream(("\n\n", "END"))
    assert stream.add(b"one\n") == "one"
    assert (stream.add(b"two EN"), stream.stopped) == ("\ntwo ", False)
    assert (stream.add(b"D three"), stream.stopped) == ("", True)
    assert stream.add(b"more") == stream.flush() == ""


def test_of_several_stop_strings_the_first_in_the_text_counts() -> None:
    assert streamed(b"a. b; c", [], (";", ".")) == "a"


def test_pieces_are_the_bytes_of_tokens(model: Model) -> None:
    pieces = Pieces(model)
    assert pieces.of(ord("A") - 33) == b"A"
    assert b"".join(sorted(pieces.of(token) for token in range(256))) == bytes(range(256))


class TestLoops:
    @pytest.mark.parametrize("phrase", [[7], [1, 2], [1, 2, 3, 4, 5], list(range(16))])
    def test_the_same_over_and_over(self, phrase: list[int]) -> None:
        rounds = max(3, -(-MIN_LOOP // len(phrase)))
        assert loops([90, 91, *phrase * rounds])
        assert not loops([90, 91, *phrase * (rounds - 1), 99])

    def test_twice_is_none(self) -> None:
        assert not loops([*range(16), *range(16)])

    def test_a_few_words_said_again_are_none(self) -> None:
        assert not loops([1, 2, 1, 2, 1, 2])

    @given(st.integers(0, 1000))
    def test_other_text_is_none(self, seed: int) -> None:
        assert not loops(np.random.default_rng(seed).permutation(60).tolist())
