"""The process in which one model is measured; ``running`` starts it.

    python -m runtime.judge.measure.worker '{"path": "model.gguf", ...}'

A process of its own gives each model a peak of memory of its own, and takes the blame if a file
ends llama.cpp. Every result is a line of JSON on stdout, as soon as it is known; what goes wrong
is one, too.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from runtime.errors import KindmarkError
from runtime.judge import gguf_header
from runtime.judge.measure.decoders import Effort, measure_decoder
from runtime.judge.measure.encoders import measure_encoder
from runtime.judge.measure.machine import peak_bytes
from runtime.judge.measure.results import Result
from runtime.judge.measure.tuned import Tuned


class Task(msgspec.Struct, frozen=True):
    """What to measure, and how."""

    path: str
    effort: Effort
    chosen: Tuned


class Failure(msgspec.Struct, frozen=True):
    """Why a model cannot be measured."""

    message: str
    remedy: str


def main(argv: Sequence[str]) -> int:
    """Measure the model that the first argument describes."""
    task = msgspec.json.decode(argv[0], type=Task)
    try:
        for result in measure(task):
            _say(result)
    except KindmarkError as error:
        _say(Failure(error.message, error.remedy))
        return int(error.exit_code)
    except KeyboardInterrupt:
        return 0
    return 0


def measure(task: Task) -> Iterator[Result]:
    """Yield what there is to know of a model. Raises ``ModelError`` if it cannot be used."""
    path = Path(task.path)
    encodes = gguf_header.read(path).architecture == "bert"
    measured = measure_encoder if encodes else measure_decoder
    yield from measured(path, task.effort, task.chosen)
    if peak := peak_bytes():
        yield Result("peak", [peak / 1e6])


def _say(line: msgspec.Struct) -> None:
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
