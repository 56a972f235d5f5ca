"""Texts of ours that the simulators are built from: passages, essays, questions.

load("passages", Passages)
"""

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def load(name: str, kind: type[T]) -> T:
    """Return the file ``name``.toml as ``kind``. Raises ``msgspec.ValidationError``."""
    content = files(__package__).joinpath(f"{name}.toml").read_bytes()
    return msgspec.toml.decode(content, type=kind)
