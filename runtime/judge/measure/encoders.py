"""Measures one encoder: loading it, and judging short answers with its vectors and our heads.

for result in measure_encoder(path, Effort(), Tuned()):
    print(result.name, result.spread.median)
"""

import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from runtime.judge.context import Limits
from runtime.judge.embedded import QUALITY, EmbeddedJudge
from runtime.judge.encoder import BATCH_SEQUENCES, BATCH_TOKENS, Encoder
from runtime.judge.engine import default_threads
from runtime.judge.features import RIGHT_WRONG
from runtime.judge.heads import load_head
from runtime.judge.measure.decoders import Effort
from runtime.judge.measure.machine import Energy
from runtime.judge.measure.results import Result
from runtime.judge.measure.spread import percentile, seconds
from runtime.judge.measure.tuned import Tuned
from runtime.locations import shipped_models
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case

_WORDS = (
    "the plant needs light and water to grow because it makes food in its leaves when sun shines "
    "so I think soil gives minerals but seeds have energy inside them at first then roots hold"
).split()
"""Of these an answer has from 5 to 34, in an order of its own: no two are the same."""


def measure_encoder(path: Path, effort: Effort, chosen: Tuned) -> Iterator[Result]:
    """Yield what is measured as it is known. Raises ``ModelError`` if the model cannot be used.

    With an encoder our heads were not fitted to, the verdicts mean nothing and take as long.
    """
    start = time.perf_counter()
    right_wrong = load_head(shipped_models() / "right-wrong.json", "right_wrong", RIGHT_WRONG)
    quality = load_head(shipped_models() / "essay-quality.json", "quality", QUALITY)
    with EmbeddedJudge(_encoder(path, chosen), right_wrong, quality, "") as judge:
        yield Result("load", [time.perf_counter() - start])
        cases = [_case(number) for number in range(effort.size.answers)]
        judge.judge(cases[:1])
        times = [1000 * seconds(partial(judge.judge, [case])) for case in cases]
        yield Result("p50", [percentile(times, 0.5)])
        yield Result("p95", [percentile(times, 0.95)])
        yield from _classes(judge, cases, effort.repeats)


def _classes(judge: EmbeddedJudge, cases: list[Case], repeats: int) -> Iterator[Result]:
    verdicts, energy = [], []
    for _ in range(repeats):
        with Energy() as used:
            verdicts.append(seconds(lambda: judge.judge(cases)))
        energy += [] if used.joules is None else [used.joules / len(cases)]
    yield Result("class", verdicts)
    yield Result("answers", [60 * len(cases) / spent for spent in verdicts])
    if energy:
        yield Result("energy", energy)


def _encoder(path: Path, chosen: Tuned) -> Encoder:
    # The step of a decoder says nothing of an encoder, whose attention grows with it squared.
    limits = Limits(BATCH_TOKENS, BATCH_SEQUENCES, chosen.threads or default_threads())
    return Encoder.open(path, limits=limits)


def _case(number: int) -> Case:
    words = random.Random(number).choices(_WORDS, k=5 + number % 30)
    item = Item(
        id=str(number),
        task=Task.SHORT_ANSWER,
        question="Why do plants need sunlight?",
        reference="Plants use the energy of sunlight to make food from water and air.",
        answer=" ".join(words),
    )
    return Case(item)
