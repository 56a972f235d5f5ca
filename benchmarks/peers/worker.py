"""One measurement, in the process that was started for it: ``worker JOB.json RESULT.json``."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import msgspec

from benchmarks.peers.job import Job, Result

MODULES: Mapping[str, str] = {
    "loop": "llama_loop",
    "prefix": "llama_loop",
    "ram_cache": "llama_loop",
    "server": "server",
    "transformers": "hugging_face",
    "cascade": "cascade",
    "no_cascade": "cascade",
    "kindmark": "kindmark",
    "kindmark_again": "kindmark",
    "kindmark_single": "kindmark",
}
"""Which module measures a method; only that one is imported, since imports count as memory."""


def main(asked: str, said: str) -> None:
    """Measure and write the result."""
    job = msgspec.json.decode(Path(asked).read_bytes(), type=Job)
    module = import_module(f"benchmarks.peers.{MODULES[job.method]}")
    measure: Callable[[Job], Result] = module.measure
    Path(said).write_bytes(msgspec.json.encode(measure(job)))


if __name__ == "__main__":
    main(*sys.argv[1:])
