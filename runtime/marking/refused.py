"""Why a field of an item is refused, in words for whoever wrote the file.

    try:
        item = msgspec.convert(fields, Item, strict=False)
    except msgspec.ValidationError as error:
        field, why = refused(str(error), fields)        "task", "'poem' is no task"

What msgspec says of it is for programmers ("invalid enum value", "expected `int | null`").
"""

import json
import re
from collections.abc import Mapping, Sequence

from runtime.words import N_, _

_MOST_SHOWN = 40

_MESSAGE = re.compile(r"(?P<what>.*?)(?: - at (?P<key>`key` in )?`\$\.?(?P<field>[^`]*)`)?", re.S)
_WANTED = re.compile(r"Expected `(\w+)")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_STEP = re.compile(r"\w+")

_OF_FIELDS = {
    "task": N_("{value} is no task"),
    "form": N_("{value} is no form of an answer"),
    "scale": N_("{value} is no range of scores"),
    "rubric": N_("{value} is no rubric"),
}
_OF_KINDS = {
    "int": N_("{value} is no whole number"),
    "float": N_("{value} is no number"),
    "str": N_("{value} is no text"),
    "bool": N_("{value} is neither true nor false"),
    "array": N_("{value} is no list"),
    "object": N_("{value} has no named parts"),
}


def refused(error: str, fields: Mapping[str, object]) -> tuple[str, str]:
    """Return which field msgspec refuses, "" for all of the row, and why in plain words."""
    found = _MESSAGE.fullmatch(error)
    assert found
    field, what = found["field"] or "", found["what"]
    if missing := _MISSING.match(what):
        return field, _("its part '{name}' is missing").format(name=missing[1])
    wanted = _WANTED.match(what)
    if found["key"]:
        return field, _("the name of one of its parts is no whole number")
    words = _OF_FIELDS.get(field) or _OF_KINDS.get(wanted[1] if wanted else "")
    if words is None:
        return field, f"{what[:1].lower()}{what[1:]}"
    return field, _(words).format(value=_shown(_value(fields, field)))


def _value(fields: Mapping[str, object], field: str) -> object:
    """Return what stands at a path such as ``rubric.criteria[0].name``."""
    found: object = fields
    for step in _STEP.findall(field):
        if isinstance(found, Mapping):
            found = found[step]
        elif isinstance(found, Sequence):
            found = found[int(step)]
    return found


def _shown(value: object) -> str:
    """Return a value as it stands in the file, cut; texts in quotes."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    cut = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
    return f"'{cut}'" if isinstance(value, str) else cut
