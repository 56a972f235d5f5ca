"""Many replies at once are what each would be alone, whatever the room."""

import re
import resource
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from string import ascii_lowercase

import numpy as np
import pytest

from runtime.errors import BadInputError
from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import (
    BranchContext,
    BranchLimits,
    OutOfRoomError,
    StoppedError,
)
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.decoding.streaming import Pieces, loops
from runtime.judge.decoding.writing import ANYTHING, Writer, WriteRequest, Written
from runtime.judge.engine import Model
from tests.runtime.judge.decoders import Files, some_ids
from tests.tiny_decoders import VOCABULARY, forward

LETTERS = "root ::= [a-z ]*"
BUDGET = 12
SHARED = some_ids(20, seed=9)


def prompt(number: int) -> Prompt:
    return Prompt(np.array([*SHARED, *some_ids(3 + number, seed=number)], np.int32))


PROMPTS = [prompt(number) for number in range(5)]
REQUESTS = [WriteRequest(one, LETTERS, BUDGET) for one in PROMPTS]


@contextmanager
def opened(model: Model, limits: BranchLimits) -> Iterator[Sequences]:
    exact = limits._replace(threads=1, exact=True)
    with BranchContext(model, exact) as context, Sequences(context) as sequences:
        yield sequences


def whole(pieces: Iterable[Written], count: int) -> list[Written]:
    """Join the pieces of each reply; every reply is done once, and last."""
    texts, ends = [""] * count, dict[int, Written]()
    for piece in pieces:
        assert piece.request not in ends
        texts[piece.request] += piece.text
        if piece.done:
            ends[piece.request] = piece
    return [ends[at]._replace(text=texts[at]) for at in range(count)]


def alone(model: Model, files: Files, ids: Sequence[int]) -> list[int]:
    """Write one reply by the network in numpy and a regular expression."""
    pieces, found = Pieces(model), list[int]()
    allowed = [t for t in range(VOCABULARY) if re.fullmatch(rb"[a-z ]+", pieces.of(t))]
    allowed.append(VOCABULARY - 1)
    while len(found) < BUDGET and not loops(found):
        row = forward(files.weights, [*ids, *found]).logits[-1]
        token = max(allowed, key=lambda one: row[one])
        if token == VOCABULARY - 1:
            break
        found.append(token)
    return found


@pytest.fixture(scope="module")
def expected(decoder: Files) -> list[list[int]]:
    with Model(decoder.path) as model:
        return [alone(model, decoder, one.ids.tolist()) for one in PROMPTS]


class TestReplies:
    @pytest.mark.parametrize(
        "limits",
        [
            BranchLimits(2048, 16),
            BranchLimits(2048, 3),
            BranchLimits(2048, 16, step=16),
        ],
        ids=["room for all", "few sequences", "short steps"],
    )
    def test_are_those_of_the_network(
        self, model: Model, expected: list[list[int]], limits: BranchLimits
    ) -> None:
        with opened(model, limits) as sequences:
            found = whole(Writer(sequences).write(REQUESTS), len(REQUESTS))
        assert [list(one.ids) for one in found] == expected

    def test_short_of_cells_they_wait_for_each_other(
        self, model: Model, expected: list[list[int]]
    ) -> None:
        # 256 cells are the fewest that llama.cpp makes; most of them are taken.
        with opened(model, BranchLimits(256, 16, step=128)) as sequences:
            [taken] = sequences.hold([Prompt(np.array(some_ids(160, seed=50), np.int32))])
            writer = Writer(sequences)
            found = whole(writer.write(REQUESTS), len(REQUESTS))
            sequences.release(taken)
            assert sequences.free == 16
        assert [list(one.ids) for one in found] == expected

    def test_where_a_step_fails_fewer_are_written_at_once(
        self, model: Model, expected: list[list[int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with opened(model, BranchLimits(2048, 16)) as sequences:
            read = sequences.context.read

            def short_of_memory(pieces: Sequence[Piece], **layout: bool) -> object:
                if all(len(piece.ids) == 1 for piece in pieces) and len(pieces) > 2:
                    raise OutOfRoomError("no memory for the graph")
                return read(pieces, **layout)

            monkeypatch.setattr(sequences.context, "read", short_of_memory)
            found = whole(Writer(sequences).write(REQUESTS), len(REQUESTS))
            assert sequences.free == 16
        assert [list(one.ids) for one in found] == expected

    def test_pieces_come_while_others_are_written(self, model: Model) -> None:
        with opened(model, BranchLimits(2048, 16)) as sequences:
            order = [piece.request for piece in Writer(sequences).write(REQUESTS)]
        assert len({*order[: len(REQUESTS)]}) == len(REQUESTS)

    def test_a_resident_prompt_costs_nothing(self, model: Model) -> None:
        with opened(model, BranchLimits(2048, 16)) as sequences:
            for held in sequences.hold(PROMPTS):
                sequences.release(held)
            before = sequences.read_tokens
            list(Writer(sequences).write(REQUESTS))
            # The last token of each is read for its logits, which nobody keeps.
            assert sequences.read_tokens - before <= len(PROMPTS)


class TestEnds:
    def test_after_the_budget(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = WriteRequest(PROMPTS[0], 'root ::= "abcdefgh"', 5)
            [found] = whole(Writer(sequences).write([request]), 1)
        assert (found.text, found.why) == ("abcde", "budget")

    def test_without_a_budget_at_once(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            [found] = whole(Writer(sequences).write([REQUESTS[0]._replace(budget=0)]), 1)
        assert found == Written(0, "", True, "budget")

    def test_where_the_grammar_does(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = WriteRequest(PROMPTS[0], 'root ::= "yes"', BUDGET)
            [found] = whole(Writer(sequences).write([request]), 1)
        assert (found.text, found.why) == ("yes", "end")

    def test_before_a_stop_string(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = WriteRequest(PROMPTS[0], 'root ::= "yes and no"', BUDGET, (" and",))
            [found] = whole(Writer(sequences).write([request]), 1)
        assert (found.text, found.why) == ("yes", "stop")

    def test_where_it_only_repeats_itself(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = WriteRequest(PROMPTS[0], 'root ::= "ha"*', 200)
            [found] = whole(Writer(sequences).write([request]), 1)
        assert found.why in {"repeats", "end"}
        assert len(found.ids) < 20

    def test_where_the_models_positions_do(
        self, model: Model, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Model, "positions", 64)
        long = Prompt(np.array(some_ids(61), np.int32))
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = WriteRequest(long, 'root ::= "abcdefgh"', BUDGET)
            [found] = whole(Writer(sequences).write([request]), 1)
        assert (found.why, len(found.ids)) == ("budget", 3)

    def test_where_memory_does_even_alone(self, model: Model) -> None:
        with opened(model, BranchLimits(256, 4, step=128)) as sequences:
            cells = sequences.context.cells
            [taken] = sequences.hold([Prompt(np.array(some_ids(100), np.int32))])
            own = Prompt(np.array(some_ids(60, seed=1), np.int32))
            request = WriteRequest(own, f'root ::= "{5 * ascii_lowercase}"', 130)
            [found] = whole(Writer(sequences).write([request]), 1)
            # The last token is said without being read.
            assert (found.why, len(found.ids)) == ("budget", cells - 160 + 1)
            sequences.release(taken)
            assert sequences.free == 4


class TestRefused:
    def test_a_grammar_that_cannot_be_used(self, model: Model) -> None:
        with opened(model, BranchLimits(512, 2)) as sequences:
            request = REQUESTS[0]._replace(grammar="root ::= (")
            with pytest.raises(BadInputError, match="bracket open"):
                list(Writer(sequences).write([request]))

    def test_a_prompt_that_does_not_fit_alone(self, model: Model) -> None:
        with opened(model, BranchLimits(256, 2, step=128)) as sequences:
            long = Prompt(np.array(some_ids(sequences.context.cells + 1), np.int32))
            with pytest.raises(OutOfRoomError):
                list(Writer(sequences).write([WriteRequest(long, ANYTHING, 5)]))
            assert sequences.free == 2


class TestGivenUp:
    def test_by_the_reader(self, model: Model, expected: list[list[int]]) -> None:
        with opened(model, BranchLimits(2048, 16)) as sequences:
            writer = Writer(sequences)
            for count in range(1, 12):
                pieces = writer.write(REQUESTS)
                for _ in range(count):
                    next(pieces)
                pieces.close()  # type: ignore[attr-defined]
                assert sequences.free == 16
            found = whole(writer.write(REQUESTS), len(REQUESTS))
        assert [list(one.ids) for one in found] == expected

    def test_in_the_middle_of_a_step(self, model: Model, expected: list[list[int]]) -> None:
        with opened(model, BranchLimits(2048, 16)) as sequences:
            writer, context = Writer(sequences), sequences.context
            stops = 0
            for after in range(1, 200, 7):
                calls = iter(range(after))
                context.stopping = lambda calls=calls: next(calls, None) is None
                with suppress(StoppedError):
                    list(writer.write(REQUESTS))
                    stops -= 1
                stops += 1
                context.stopping = None
                assert sequences.free == 16
            assert stops
            found = whole(writer.write(REQUESTS), len(REQUESTS))
        assert [list(one.ids) for one in found] == expected


def test_a_kept_reply_is_not_read_again(model: Model) -> None:
    with opened(model, BranchLimits(2048, 16)) as sequences:
        writer = Writer(sequences)
        request = REQUESTS[0]._replace(grammar='root ::= "yes and no"', keep=True)
        [found] = whole(writer.write([request]), 1)
        before = sequences.read_tokens
        more = np.array([*PROMPTS[0].ids, *found.ids, *some_ids(5)], np.int32)
        sequences.release(sequences.hold([Prompt(more)])[0])
        assert sequences.read_tokens - before == 6


def test_written_tokens_are_counted(model: Model) -> None:
    with opened(model, BranchLimits(2048, 16)) as sequences:
        writer = Writer(sequences)
        [found] = whole(writer.write([WriteRequest(PROMPTS[0], 'root ::= "yes"', 9)]), 1)
        # The token behind the last one is not read where the reply ends without.
        assert writer.written_tokens == len(found.ids)


def test_writing_and_giving_up_leaks_nothing(model: Model) -> None:
    def rounds(sequences: Sequences, count: int) -> int:
        writer = Writer(sequences)
        for number in range(count):
            pieces = writer.write(REQUESTS)
            for _ in range(number % 9):
                next(pieces)
            del pieces
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with opened(model, BranchLimits(512, 16)) as sequences:
        before = rounds(sequences, 50)
        # Kilobytes, as Linux counts them.
        assert rounds(sequences, 300) - before < 3_000
        assert sequences.free == 16
