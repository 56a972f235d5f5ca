"""Writes TOML: the standard library only reads it.

toml_text({"entry": [{"name": "tiny", "file": [{"name": "tiny.gguf"}]}]})
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def toml_text(values: Mapping[str, Any]) -> str:
    """Return a table as TOML that ``tomllib`` reads back as it was; None is left out."""
    return "\n".join(_table(values, "")) + "\n"


def _table(values: Mapping[str, Any], name: str) -> Iterator[str]:
    below = {key: value for key, value in values.items() if _is_table(value)}
    for key, value in values.items():
        if key not in below and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in below.items():
        where = f"{name}{_key(key)}"
        for table in value if isinstance(value, list) else [value]:
            yield f"\n[[{where}]]" if isinstance(value, list) else f"\n[{where}]"
            yield from _table(table, f"{where}.")


def _is_table(value: object) -> bool:
    rows = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return rows or isinstance(value, dict)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    # JSON's finite numbers, truth values and escaped strings are TOML's too, but for one control
    # character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007F")
