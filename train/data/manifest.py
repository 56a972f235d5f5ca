"""What a saved data set says of itself to programs; its card says the same to people."""

import msgspec

from train.recipe import Source


class PartNote(msgspec.Struct, frozen=True):
    """How many examples a part has, and the SHA-256 of their JSON lines."""

    examples: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Where a data set comes from and how it is made again.

    ``notes`` say what was left out on the way. ``parts`` and ``sha256`` (over all examples, part
    after part) are filled in when it is saved.
    """

    command: str
    seed: int
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    kindmark: str = ""
    parts: dict[str, PartNote] = {}
    sha256: str = ""
