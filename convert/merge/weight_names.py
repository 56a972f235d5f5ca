"""Finds the weights that an adapter changes in a base that wraps them differently.

    find_weights(["model.layers.0.mlp.up_proj.weight"], names_of_the_base)

The same layer is "model.layers.0" in a language model, "model.language_model.layers.0" in one that
sees, too, and "layers.0" in one without a head; BERT's layers lie under "bert" or not.
"""

from collections.abc import Collection

_WRAPPERS = frozenset({"model", "language_model", "bert"})


def find_weights(wanted: Collection[str], names: Collection[str]) -> dict[str, str | None]:
    """Return the name in the base for each wanted one; ``None`` where none or several fit."""
    exact = set(names)
    by_bare: dict[str, list[str]] = {}
    for name in names:
        by_bare.setdefault(bare(name), []).append(name)
    return {name: name if name in exact else _only(by_bare.get(bare(name), [])) for name in wanted}


def bare(name: str) -> str:
    """Return the name without what wraps it: "bert.encoder.layer" is "encoder.layer"."""
    parts = name.split(".")
    while len(parts) > 1 and parts[0] in _WRAPPERS:
        parts.pop(0)
    return ".".join(parts)


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None
