"""Foresees how long a class takes with a model, and in what memory, from what a probe takes here.

    pace = measure_pace(probe, Tuned())
    foreseen = foresee(read_shape(path), pace)
    foreseen.verdicts, foreseen.with_feedback, foreseen.memory

Reading is bound by arithmetic and grows with the weights, writing by memory and grows with their
bytes (Pope et al. 2022, arXiv 2211.05102), and so does each step in between; so the times of a
probe, in llama.cpp's own code for a kind of weights, are scaled by the ratio of weights.
"""

from pathlib import Path
from typing import NamedTuple

from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.engine import Model
from runtime.judge.measure.classroom import ClassSize
from runtime.judge.measure.machine import own_bytes
from runtime.judge.measure.shape import Shape, read_shape
from runtime.judge.measure.speed import pp, tg
from runtime.judge.measure.spread import repeated
from runtime.judge.measure.tuned import Tuned

MEASURED_SEQUENCES = 30
_READ = 256
_STEPS = 2
_WITHIN_BITS = {6.9: "Q4_K_M", 12.0: "Q8_0"}
"""Up to so many bits a weight, this kind of probe stands for a model; above, F16 does."""

_OURS = 90_000_000
"""Bytes that Python, numpy and llama.cpp take without a model."""
_SPARE_CELLS = 256


class Pace(NamedTuple):
    """Seconds a probe takes: to read a token, and for a step of 1 and one of 30 sequences.

    ``shape`` is the probe's. ``copied`` is the share of its weights that llama.cpp lays out anew
    for this processor (repacking): these lie in memory twice, once as pages of the file.
    """

    shape: Shape
    read: float
    one: float
    thirty: float
    copied: float = 1.0

    @property
    def flops(self) -> float:
        """Floating-point operations a second while reading."""
        return 2 * self.shape.body / self.read

    @property
    def bandwidth(self) -> float:
        """Bytes of weights a second while one sequence is written."""
        return (self.shape.body_bytes + self.shape.output_bytes) / self.one


class Foreseen(NamedTuple):
    """Seconds for the verdicts of a class and for feedback too; tokens a second, one at a time.

    ``memory`` is what must be free, in bytes; ``peak`` counts pages of the file, too, that were
    copied and that the system takes back when it needs the room.
    """

    verdicts: float
    with_feedback: float
    memory: int
    peak: int
    read: float
    write: float


def kind_of(shape: Shape) -> str:
    """Return the kind of probe that stands for a model."""
    kinds = (kind for most, kind in _WITHIN_BITS.items() if shape.bits <= most)
    return next(kinds, "F16")


def measure_pace(probe: Path, chosen: Tuned, repeats: int = 3) -> Pace:
    """Time a probe. Of the rounds the fastest counts: what else runs here only adds to it."""
    cells = max(_READ, MEASURED_SEQUENCES * _STEPS)
    limits = BranchLimits(cells, MEASURED_SEQUENCES, step=chosen.step, threads=chosen.threads)
    shape, before = read_shape(probe), own_bytes()
    with Model(probe) as model, BranchContext(model, limits) as context:
        copied = _copied(shape, before, own_bytes())
        read = min(repeated(lambda: pp(context, _READ), repeats)) / _READ
        one = min(repeated(lambda: tg(context, _STEPS), repeats)) / _STEPS
        thirty = min(repeated(lambda: tg(context, _STEPS, MEASURED_SEQUENCES), repeats)) / _STEPS
    return Pace(shape, read, one, thirty, copied)


def _copied(shape: Shape, before: int | None, after: int | None) -> float:
    # Where the system does not say, the most there can be.
    if before is None or after is None:
        return 1.0
    return min(1.0, max(0.0, (after - before) / shape.body_bytes))


def foresee(shape: Shape, pace: Pace, size: ClassSize | None = None, step: int = 512) -> Foreseen:
    """Return what a class will take with a model of this shape. Attention is left out: it adds a
    few per cent at such lengths.
    """
    size = size or ClassSize()
    body = shape.body / pace.shape.body
    # Logits are made of an answer's last token only, and of every token that is written.
    whole = (shape.body + shape.output) / (pace.shape.body + pace.shape.output)
    weights = (shape.body_bytes + shape.output_bytes) / (
        pace.shape.body_bytes + pace.shape.output_bytes
    )
    tokens = size.shared + size.answers * size.answer
    logits = shape.output / (pace.shape.body + pace.shape.output) * _step(pace, size.answers)
    verdicts = tokens * body * pace.read + logits
    needed = memory(shape, size, step)
    written = size.feedback * whole * _step(pace, size.answers)
    return Foreseen(
        verdicts=verdicts,
        with_feedback=verdicts + written,
        memory=needed,
        peak=needed + int(pace.copied * shape.body_bytes),
        read=1 / (body * pace.read),
        write=1 / (weights * pace.one),
    )


def _step(pace: Pace, sequences: int) -> float:
    """Return the seconds of one step of the probe: each more sequence adds as much."""
    return pace.one + (pace.thirty - pace.one) * (sequences - 1) / (MEASURED_SEQUENCES - 1)


def memory(shape: Shape, size: ClassSize, step: int) -> int:
    """Return the bytes of the file, of all keys and values of a class, and of one step."""
    cells = (size.cells + _SPARE_CELLS) * shape.cell_bytes
    # The widest tensors of a step in 32 bits, of which three lie in memory at a time; its logits
    # twice, in llama.cpp's buffer and in ours.
    graph = 4 * (3 * step * shape.inner + 2 * size.answers * shape.vocabulary)
    return shape.file_bytes + cells + graph + _OURS
