"""What llama.cpp takes for granted about Gemma 3n, checked, and the tensors it asks for in vain.

    check_gemma3n(config)                       refuses what would be computed wrongly in silence
    missing_keys(config, names)                 the shapes of tensors to write as zeros

llama.cpp has the shape of the two published models in its code: keys and values of the first 20
layers only, sparse activations in the first ten, soft-capped logits. A config that says otherwise
loads and gives other logits.

What remains is arithmetic. llama.cpp divides the variance of sparse activations by n - 1, not n,
and looks GELU up in a half-precision table. Measured with float32 keys and values, largest
difference of logits (spread 0.8 to 2) with transformers, on 378 tokens:

    random weights, 5 layers, 128 columns          0.69      0.0015 once both compute alike
    random, 25 layers, 5 of them sharing keys      4.8       0.10; noise of 2e-7 moves it by 0.13
    the same, a tenth of every layer added         0.016     0.0002
    2,048 columns, 200 steps of training           0.0028    0.0012
    8,192 columns (the true width), random         0.0069    0.0020
"""

from collections.abc import Collection, Mapping
from typing import Any

from runtime.errors import ModelError

Config = Mapping[str, Any]

KEY_LAYERS = 20
"""The layers with keys and values of their own; later ones use those of layers 18 and 19."""
_SPARSE_LAYERS, _SPARSITY = 10, 0.95
_FIXED = {
    "altup_num_inputs": 4,
    "altup_active_idx": 0,
    "laurel_rank": 64,
    "hidden_size_per_layer_input": 256,
    "final_logit_softcapping": 30.0,
    "hidden_activation": "gelu_pytorch_tanh",
}


def check_gemma3n(config: Config) -> None:
    """Raise ``ModelError`` naming what differs from the published Gemma 3n models."""
    layers = int(config["num_hidden_layers"])
    sparse = min(layers, _SPARSE_LAYERS)
    wanted = {
        **_FIXED,
        "num_kv_shared_layers": max(0, layers - KEY_LAYERS),
        "activation_sparsity_pattern": [_SPARSITY] * sparse + [0.0] * (layers - sparse),
    }
    found = {name: config.get(name) for name in wanted}
    if layers > KEY_LAYERS:
        wanted["layer_types"] = ["sliding_attention", "full_attention"]
        found["layer_types"] = list(config["layer_types"][KEY_LAYERS - 2 : KEY_LAYERS])
    for name, value in wanted.items():
        if found[name] != value:
            raise ModelError(
                f"llama.cpp reads Gemma 3n in its published shape only: {name} must be {value}, "
                f"and it is {found[name]}.",
                "Train on a published Gemma 3n.",
            )


def missing_keys(config: Config, names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Return name and shape of each tensor of the key-sharing layers that the folder lacks.

    transformers no longer saves them, since nothing reads them; llama.cpp wants to see them.
    """
    head, width = int(config["head_dim"]), int(config["hidden_size"])
    keys = head * int(config["num_key_value_heads"])
    shapes = {"k_proj": (keys, width), "v_proj": (keys, width), "k_norm": (head,)}
    wanted = {
        f"model.layers.{layer}.self_attn.{name}.weight": shape
        for layer in range(KEY_LAYERS, int(config["num_hidden_layers"]))
        for name, shape in shapes.items()
    }
    return {name: shape for name, shape in wanted.items() if name not in names}
