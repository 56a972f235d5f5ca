"""What the numbers of a model hang on beside its weights and its prompt.

    engine_digest(step=512)         "1f0c5a9e77d2"

The same weights give slightly other logits in another build of llama.cpp, on a processor with other
instructions, with steps of another size or with weights laid out anew (``benchmarks.layout``).
"""

import hashlib
from importlib import metadata

from runtime.judge.engine import REPACK, build_info

_SHOWN = 12


def engine_digest(step: int) -> str:
    """Return the beginning of the SHA-256 of the engine: its version, the instructions it uses, the
    most tokens of a step, and whether weights are laid out anew."""
    version = metadata.version("llama-cpp-python")
    parts = f"{version} {build_info()} step {step} repack {REPACK}"
    return hashlib.sha256(parts.encode()).hexdigest()[:_SHOWN]
