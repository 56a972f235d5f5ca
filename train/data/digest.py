"""The hash of examples: what a run folder records of the data a model was trained on."""

import hashlib
from collections.abc import Iterable

import msgspec

from train.data.schema import Example, Pair


def json_lines(rows: Iterable[Example | Pair]) -> bytes:
    """Return one line of JSON a row: fields in the order of the schema, defaults left out.

    Lines stay readable that way, and a field added to the schema changes no hash.
    """
    return b"".join(msgspec.json.encode(_told(row)) + b"\n" for row in rows)


def data_hash(rows: Iterable[Example | Pair]) -> str:
    """Return the SHA-256 over ``json_lines``, as 64 hexadecimal digits."""
    return hashlib.sha256(json_lines(rows)).hexdigest()


def _told(row: Example | Pair) -> dict[str, object]:
    # msgspec's own omit_defaults asks whether a value *is* the default, not whether it equals it.
    defaults = {field.name: field.default for field in msgspec.structs.fields(type(row))}
    values = msgspec.structs.asdict(row)
    return {name: value for name, value in values.items() if value != defaults[name]}
