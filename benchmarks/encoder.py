"""Measures how fast the encoder reads, in answers a second, for each way of running it.

    python -m benchmarks.encoder MODEL.gguf [MODEL.gguf ...] [--rounds 5] [--json out.json]
    python -m benchmarks.encoder MODEL.gguf --busy 2

With ``--busy`` it measures instead what waiting threads cost (``OMP_WAIT_POLICY``) while so many
other processes compute; 0 measures it on the machine as it is.

Every round times every way once, one after another, so that a noisy machine slows them all
alike; ratios are to the first way of the table (within a round), then the median is taken.
A way whose text is longer than its batch reads that text alone.
"""

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runtime.judge.context import Limits
from runtime.judge.encoder import Encoder

WORDS = (
    "the plant needs light and water to grow because it makes food in its leaves when sun "
    "shines so I think soil gives minerals but seeds have energy inside them at first then "
    "roots hold air gas bubbles heat melts ice faster than metal circuit battery lamp current"
).split()


class Way(NamedTuple):
    """One way of running the encoder."""

    model: Path
    limits: Limits

    def __str__(self) -> str:
        """Name the way for the table."""
        size = "singly" if self.limits.sequences == 1 else f"batch {self.limits.tokens}"
        plain = "" if self.limits.flash else " without flash attention"
        return f"{self.model.stem} {size} threads {self.limits.threads}{plain}"


def ways(args: argparse.Namespace) -> Iterator[Way]:
    """Yield every combination; the first is the first model, singly, with the most threads."""
    for model in args.models:
        for count in sorted(args.threads, reverse=True):
            for flash in (True, False) if args.plain else (True,):
                yield Way(model, Limits(256, 1, count, flash))
                for tokens in args.batches:
                    yield Way(model, Limits(tokens, 64, count, flash))


def texts(count: int, shortest: int, longest: int) -> list[str]:
    """Return made-up answers of about so many tokens, always the same ones."""
    rng = random.Random(0)
    return [" ".join(rng.choices(WORDS, k=rng.randint(shortest, longest))) for _ in range(count)]


def drift(encoders: dict[str, Encoder], work: list[str]) -> dict[str, float]:
    """Return by way how far a component of a token vector is from the first way's, at most."""
    found = {name: encoder.encode(work) for name, encoder in encoders.items()}
    first = next(iter(found.values()))
    return {
        name: max(
            float(np.abs(a.vectors - b.vectors).max()) for a, b in zip(first, others, strict=True)
        )
        for name, others in found.items()
    }


def measure(encoders: dict[str, Encoder], work: list[str], rounds: int) -> dict[str, list[float]]:
    """Return seconds by way, one number a round; a first round to warm up is dropped."""
    seconds: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(rounds + 1):
        for name, encoder in encoders.items():
            start = time.perf_counter()
            encoder.encode(work)
            seconds[name].append(time.perf_counter() - start)
    return {name: found[1:] for name, found in seconds.items()}


def table(seconds: dict[str, list[float]], answers: int) -> list[dict[str, float | str]]:
    """Return a row a way: best speed, median milliseconds an answer, median ratio of speeds."""
    first = next(iter(seconds.values()))
    return [
        {
            "way": name,
            "answers_a_second": round(answers / min(found), 1),
            "ms_an_answer": round(1000 * statistics.median(found) / answers, 2),
            "speed_ratio": round(
                statistics.median(a / b for a, b in zip(first, found, strict=True)), 2
            ),
        }
        for name, found in seconds.items()
    ]


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep ``count`` other processes computing."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def policies(args: argparse.Namespace) -> dict[str, list[float]]:
    """Return answers a second by wait policy, each time in a process of its own, in turns."""
    # The policy is read when llama.cpp is loaded, so one process cannot measure both.
    command = [sys.executable, "-m", "benchmarks.encoder", str(args.models[0]), "--rounds", "1"]
    command += ["--threads", str(max(args.threads)), "--batches", "256"]
    command += ["--short", str(args.short), "--long", "1", "--json"]
    found: dict[str, list[float]] = {"active": [], "passive": []}
    with busy(args.busy), tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        for policy in list(found) * args.rounds:
            environment = os.environ | {"OMP_WAIT_POLICY": policy}
            subprocess.run(
                [*command, str(target)], env=environment, check=True, stdout=subprocess.DEVNULL
            )
            rows = json.loads(target.read_bytes())["short answers"]
            found[policy].append(rows[1]["answers_a_second"])
    return found


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.encoder",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--batches", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--short", type=int, default=500, help="short answers (5-40 words)")
    parser.add_argument("--long", type=int, default=32, help="texts of 200 words")
    parser.add_argument("--busy", type=int, metavar="PROCESSES", help="see above")
    parser.add_argument("--plain", action="store_true", help="also without flash attention")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Measure both workloads and print their tables."""
    args = _arguments(argv)
    if args.busy is not None:
        for policy, speeds in policies(args).items():
            print(f"{statistics.median(speeds):>9} answers/s (median)  threads wait: {policy}")
        return 0
    encoders = {str(way): Encoder.open(way.model, limits=way.limits) for way in ways(args)}
    short, long = texts(args.short, 5, 40), texts(args.long, 200, 200)
    report = {
        "short answers": table(measure(encoders, short, args.rounds), len(short)),
        "texts of 200 words": table(measure(encoders, long, args.rounds), len(long)),
    }
    drifts = drift(encoders, short[:20])
    for title, rows in report.items():
        print(f"\n{title}: answers/s (best), ms an answer (median), speed ratio, drift")
        for row in rows:
            row["drift"] = round(drifts[str(row["way"])], 5)
            print(
                f"{row['answers_a_second']:>9} {row['ms_an_answer']:>8} {row['speed_ratio']:>6}"
                f" {row['drift']:>8}  {row['way']}"
            )
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
