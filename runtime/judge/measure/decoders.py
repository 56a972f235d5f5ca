"""Measures one decoder: loading, reading, writing, and judging a class with it.

for result in measure_decoder(path, Effort(), Tuned(threads=2, step=512)):
    print(result.name, result.spread.median)
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runtime.judge import gguf_header
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.scoring import ScoreRequest, score
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.decoding.writing import ANYTHING, Writer, WriteRequest
from runtime.judge.engine import Model
from runtime.judge.measure.classroom import Classroom, ClassSize, classroom
from runtime.judge.measure.machine import Energy
from runtime.judge.measure.results import Result
from runtime.judge.measure.speed import pp, tg
from runtime.judge.measure.spread import percentile, repeated, seconds
from runtime.judge.measure.tuned import Tuned

_PARALLEL = (8, 30)
_SPARE_SEQUENCES = 6
"""Beside the answers: what they share, in one sequence a branching."""


class Effort(NamedTuple):
    """How much is measured: rounds, tokens read and written, and the class."""

    repeats: int = 3
    read: int = 512
    write: int = 128
    write_each: int = 16
    size: ClassSize = ClassSize()


QUICK = Effort(1, 512, 32, 4, ClassSize(answers=8, feedback=16))
"""A look: a minute with a 1.5B model on two cores. The class is smaller, so its rate is lower."""


def measure_decoder(path: Path, effort: Effort, chosen: Tuned) -> Iterator[Result]:
    """Yield what is measured as it is known. Raises ``ModelError`` if the model cannot be used."""
    gguf_header.read(path)
    start = time.perf_counter()
    with Model(path) as model, BranchContext(model, _limits(model, effort, chosen)) as context:
        yield Result("load", [time.perf_counter() - start])
        read = min(effort.read, model.positions)
        yield _rate(f"pp{read}", lambda: pp(context, read), read, effort.repeats)
        write = min(effort.write, model.positions)
        yield _rate(f"tg{write}", lambda: tg(context, write), write, effort.repeats)
        for count in _PARALLEL:
            yield _parallel(context, count, effort)
        yield from _judging(context, effort)


def _limits(model: Model, effort: Effort, chosen: Tuned) -> BranchLimits:
    most = max(effort.size.answers, *_PARALLEL) + _SPARE_SEQUENCES
    alone = min(max(effort.read, effort.write), model.positions)
    cells = max(effort.size.cells, alone, max(_PARALLEL) * effort.write_each)
    return BranchLimits(cells, most, step=chosen.step, threads=chosen.threads)


def _rate(name: str, work: Callable[[], object], tokens: int, repeats: int) -> Result:
    return Result(name, [tokens / spent for spent in repeated(work, repeats)])


def _parallel(context: BranchContext, count: int, effort: Effort) -> Result:
    tokens = count * effort.write_each
    return _rate(
        f"pl{count}", lambda: tg(context, effort.write_each, count), tokens, effort.repeats
    )


def _judging(context: BranchContext, effort: Effort) -> Iterator[Result]:
    """Measure with the code that judges, over random tokens."""
    made = classroom(context.model.vocabulary, effort.size)
    verdicts, energy = [], []
    for _ in range(effort.repeats):
        with Energy() as used:
            verdicts.append(seconds(lambda: _verdicts(context, made)))
        energy += [] if used.joules is None else [used.joules / effort.size.answers]
    yield Result("class", verdicts)
    yield Result("answers", [60 * effort.size.answers / spent for spent in verdicts])
    if energy:
        yield Result("energy", energy)
    yield from _one_by_one(context, made)
    rates = [_feedback(context, made) for _ in range(effort.repeats)]
    yield Result("feedback", rates)
    yield Result("with feedback", _answers_a_minute(effort.size, verdicts, rates))


def _verdicts(context: BranchContext, made: Classroom) -> None:
    with Sequences(context) as sequences:
        score(sequences, _requests(made))


def _one_by_one(context: BranchContext, made: Classroom) -> Iterator[Result]:
    """Measure single answers, as a study session has them: the question lies in memory."""
    times, first = [], []
    with Sequences(context) as sequences:
        score(sequences, _requests(made)[:1])
        for request in _requests(made)[1:]:
            start = time.perf_counter()
            score(sequences, [request])
            times.append(1000 * (time.perf_counter() - start))
            writing = Writer(sequences).write([WriteRequest(request.prompt, ANYTHING, 2)])
            next(piece for piece in writing if piece.text or piece.done)
            first.append(1000 * (time.perf_counter() - start))
            # What is left of a few tokens: it gives the sequence back.
            list(writing)
    yield Result("p50", [percentile(times, 0.5)])
    yield Result("p95", [percentile(times, 0.95)])
    yield Result("first word", [percentile(first, 0.5)])


def _feedback(context: BranchContext, made: Classroom) -> float:
    """Return the tokens a second of a class' feedback, written after its verdicts."""
    with Sequences(context) as sequences:
        score(sequences, _requests(made))
        writer = Writer(sequences)
        asked = [WriteRequest(prompt, ANYTHING, made.size.feedback) for prompt in made.prompts]
        spent = seconds(lambda: list(writer.write(asked)))
    return max(1, writer.written_tokens) / spent


def _answers_a_minute(size: ClassSize, verdicts: list[float], rates: list[float]) -> list[float]:
    # Random weights may repeat themselves, which ends a reply: the whole length is reckoned.
    tokens = size.answers * size.feedback
    both = zip(verdicts, rates, strict=True)
    return [60 * size.answers / (spent + tokens / rate) for spent, rate in both]


def _requests(made: Classroom) -> list[ScoreRequest]:
    # Verdicts of one token each: any three will do.
    labels = tuple(np.array([token], np.int32) for token in range(3))
    return [ScoreRequest(prompt, labels) for prompt in made.prompts]
