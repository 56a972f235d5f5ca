"""The models a recipe starts from: loaded and quantized, tiny ones built on the spot, adapters.

loaded = load_base(recipe, "classify", labels=2, tiny=False)
model = apply_adapter(loaded, recipe.adapter)      then train, then
save_adapter(model, loaded, folder)
loaded = load_trained(folder)                      base, adapter and head, ready to measure
"""

import logging

# On a CPU with bfloat16 it asks for a package of faster kernels; they have no backward pass.
logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
# In 8 bits it says at every layer of every step that its inputs become float16.
logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)

from train.bases.adapters import (  # noqa: E402 - it imports bitsandbytes
    apply_adapter,
    load_adapter,
    load_trained,
    save_adapter,
)
from train.bases.classes import Purpose  # noqa: E402
from train.bases.loading import Loaded, Origin, load_base, load_origin  # noqa: E402

__all__ = [
    "Loaded",
    "Origin",
    "Purpose",
    "apply_adapter",
    "load_adapter",
    "load_base",
    "load_origin",
    "load_trained",
    "save_adapter",
]
