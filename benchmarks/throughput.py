"""How many answers a second ``kindmark grade`` marks, model loading included, and in what memory.

    python -m benchmarks.throughput                  500 short answers made here, marked three times
    python -m benchmarks.throughput --items F.jsonl  the first 500 rows of a file
    python -m benchmarks.throughput --json           the figures as data

Every run is a process of its own, as a user's is. The answers are made: a class answers each
question in turns of phrase that are right, half right or wrong, so questions and references repeat
and answers hardly do. Times of one mark are those the marks themselves carry (``seconds``).
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

QUESTIONS = {
    "Why does ice float on water?": (
        "Ice is less dense than water because water expands when it freezes.",
        "ice is lighter than the same amount of water|water gets bigger when it freezes",
        "ice is cold|ice has air on top|because it is a solid",
    ),
    "Why do plants need sunlight?": (
        "Plants use the energy of sunlight to make their own food from water and carbon dioxide.",
        "the light gives them energy to make food|they make sugar with the help of light",
        "so that they are warm|because they like the summer|to be green and pretty",
    ),
    "What makes day and night?": (
        "The Earth turns around its axis once a day, so each side faces the Sun in turn.",
        "the earth spins and we turn away from the sun|the earth rotates once in a day",
        "the sun goes around us|the moon comes and pushes the sun|clouds hide the sun",
    ),
    "Why does a bulb in a broken circuit stay dark?": (
        "The current can only flow if the path from the battery through the bulb has no gap.",
        "there is a gap and the current cannot get around|electricity needs a closed path",
        "the bulb is old|the battery is too far away|the light is used up",
    ),
}
OPENINGS = "I think|Because|My group found that|It happens because|We learned that|Maybe"
ENDINGS = "|, and we saw it in class|, like in the experiment|, I am sure|, my brother told me"
MARKED_BY = (sys.executable, "-m", "runtime.cli.main", "grade")


class Run(NamedTuple):
    """One run of the command: wall-clock seconds, largest memory so far, seconds of each mark."""

    seconds: float
    peak_mb: float
    marks: list[float]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures."""
    args = _parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "class.jsonl"
        rows.write_text("".join(_lines(args)), "utf-8")
        answers = rows.read_bytes().count(b"\n")
        runs = [_run(rows, Path(folder) / f"marks-{number}.jsonl") for number in range(args.runs)]
    figures = _figures(answers, runs)
    print(json.dumps(figures, indent=2) if args.json else _table(figures))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--items", type=Path, metavar="FILE", help="rows to mark (JSONL)")
    parser.add_argument("--answers", type=int, default=500, metavar="N", help="default 500")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="default 3")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    return parser.parse_args(argv)


def _lines(args: argparse.Namespace) -> Iterator[str]:
    if args.items:
        lines = args.items.read_text("utf-8").splitlines(keepends=True)
        yield from lines[: args.answers]
        return
    for number, row in enumerate(made(args.answers)):
        yield json.dumps({"id": f"b{number}", **row}) + "\n"


def made(count: int) -> Iterator[dict[str, str]]:
    """Yield ``count`` short answers, the same ones each time."""
    chance = random.Random(0)
    for _ in range(count):
        question = chance.choice(list(QUESTIONS))
        reference, *kinds = QUESTIONS[question]
        idea = chance.choice(chance.choice(kinds).split("|"))
        opening, ending = (chance.choice(part.split("|")) for part in (OPENINGS, ENDINGS))
        answer = f"{opening} {idea}{ending}."
        yield {
            "task": "short_answer",
            "question": question,
            "reference": reference,
            "answer": answer,
        }


def _run(rows: Path, marks: Path) -> Run:
    start = time.perf_counter()
    done = subprocess.run(
        [*MARKED_BY, rows, "-o", marks, "--quiet"], stderr=subprocess.PIPE, check=False, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr)
    lines = marks.read_text("utf-8").splitlines()
    return Run(seconds, _peak_mb(), [json.loads(line)["seconds"] for line in lines])


def _peak_mb() -> float:
    """Return the largest memory of any child so far; Linux counts kilobytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _figures(answers: int, runs: Sequence[Run]) -> dict[str, float]:
    seconds = statistics.median(run.seconds for run in runs)
    cuts = statistics.quantiles([mark for run in runs for mark in run.marks], n=20)
    return {
        "answers": answers,
        "runs": len(runs),
        "seconds": round(seconds, 2),
        "answers_a_second": round(answers / seconds, 1),
        "mark_p50_ms": round(1000 * cuts[9], 1),
        "mark_p95_ms": round(1000 * cuts[18], 1),
        "peak_memory_mb": round(runs[-1].peak_mb),
    }


def _table(figures: dict[str, float]) -> str:
    return "\n".join(f"{name.replace('_', ' '):18} {value:>9}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
