"""Tries files out, each in a process of its own that is made fast: prints how each one ended.

python -m tests.runtime.judge.try_each FILE ...
python -m tests.runtime.judge.try_each --lora BASE FILE ...
"""

import os
import sys
from pathlib import Path

from runtime.errors import KindmarkError
from runtime.judge import trial
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.engine import Model, start
from runtime.judge.lora import LoraAdapter


def put_on(base: Path, adapter: Path) -> None:
    with Model(base) as model, LoraAdapter.open(model, adapter) as opened:
        limits = CausalLimits(16, threads=1)
        with CausalContext(model, limits) as context:
            context.use([(opened, 1.0)])
            context.last([1, 2, 3])


def ending(path: Path, base: Path | None) -> str:
    """Return "ran", "refused" or the signal a process died of."""
    child = os.fork()
    if not child:
        # What llama.cpp has to say before it ends is not wanted here.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            put_on(base, path) if base else trial.run(path)
        except KindmarkError:
            os._exit(1)
        except BaseException:
            os._exit(2)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {0: "ran", 1: "refused"}.get(code, f"code {code}")


def main(argv: list[str]) -> None:
    base = Path(argv[1]) if argv[0] == "--lora" else None
    start()
    for name in argv[2:] if base else argv:
        print(ending(Path(name), base), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
