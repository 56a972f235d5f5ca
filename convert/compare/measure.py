"""Measures one GGUF file in a process of its own: how large, how quick, how much memory.

    python -m convert.compare.measure MODEL.gguf [--tokens 512] [--reply 64] [--threads N]

Prints one line of JSON. In a process of its own, because the most memory a process ever took is
all that the system remembers of it.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np

from convert.verify.parity_limits import kind_of
from convert.verify.ways import Way, opened
from runtime.judge import gguf_header
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.context import EncoderContext, Limits
from runtime.judge.engine import default_threads
from runtime.judge.tokens import Ids

ROUNDS = 3
"""The median of three: one stall of a busy machine does not count."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one file costs.

    ``load_seconds`` is until the first token was read, with the file wherever the system has it:
    on disk or still in memory. ``peak_mb`` is the whole process, what it had before the model
    (``before_mb``) included; 0 where the system does not tell. ``prefill`` and ``decode`` are
    tokens a second, ``decode`` ``None`` for an encoder. All with ``threads``, megabytes of a
    million bytes.
    """

    file: str
    kind: str
    megabytes: float
    load_seconds: float
    peak_mb: float
    before_mb: float
    prefill: float
    decode: float | None
    threads: int


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="convert.compare.measure")
    parser.add_argument("file", type=Path)
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--reply", type=int, default=64)
    parser.add_argument("--threads", type=int, default=default_threads())
    args = parser.parse_args(argv)
    found = measure(args.file, args.tokens, args.reply, args.threads)
    print(msgspec.json.encode(found).decode())
    return 0


def measure(path: Path, tokens: int, reply: int, threads: int) -> Measured:
    """Measure a file on a prompt of so many tokens, and on a reply to a short one.

    Raises ``ModelError`` if it cannot be used.
    """
    kind, before = kind_of(gguf_header.read(path)), peak_mb()
    start = time.perf_counter()
    with opened(path) as way:
        tokens = min(tokens, way.model.positions)
        # Any text will do: what a token says changes nothing about what it costs.
        ids = np.random.default_rng(0).integers(way.model.vocabulary, size=tokens, dtype=np.int32)
        with _context(way, max(tokens, reply + 1), threads) as context:
            read, write = _work(context, reply)
            read(ids[:1])
            load = time.perf_counter() - start
            prefill = tokens / _seconds(lambda: read(ids))
            decode = reply / _seconds(lambda: write(ids[:1])) if write else None
    return Measured(
        file=path.name,
        kind=kind,
        megabytes=round(path.stat().st_size / 1e6, 1),
        load_seconds=round(load, 3),
        peak_mb=round(peak_mb(), 1),
        before_mb=round(before, 1),
        prefill=round(prefill, 1),
        decode=None if decode is None else round(decode, 1),
        threads=threads,
    )


def peak_mb() -> float:
    """Return the most memory this process has taken so far, in megabytes; 0 if nobody knows.

    Linux's VmHWM, since what ``getrusage`` says there may be the parent's; else ``getrusage``.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    if find_spec("resource") is None:
        return 0.0
    import resource  # noqa: PLC0415 - Windows has none

    # macOS counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _context(way: Way, tokens: int, threads: int) -> EncoderContext | CausalContext:
    if way.model.encodes:
        return EncoderContext(way.model, Limits(tokens, 1, threads))
    return CausalContext(way.model, CausalLimits(tokens, threads))


def _work(
    context: EncoderContext | CausalContext, reply: int
) -> tuple[Callable[[Ids], object], Callable[[Ids], object] | None]:
    """Return how to read a prompt and, of a decoder, how to write a reply."""
    if isinstance(context, EncoderContext):
        return (lambda ids: context.encode([ids])), None
    return context.last, lambda ids: context.continued(ids, reply)


def _seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return statistics.median(once() for _ in range(ROUNDS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
