"""JSONL rows: one JSON object a line.

rows = read_jsonl(file)
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn

import msgspec

from runtime.errors import BadInputError
from runtime.records.rows import RawRow, shorten
from runtime.records.source import lines_of
from runtime.words import N_, _

_ONE_A_LINE = N_('Write one object a line: {"id": "1", "task": "math", ...}.')
_NAMES = {
    list: N_("a list"),
    str: N_("a text"),
    bool: N_("a truth value"),
    type(None): N_("null"),
}
_NUMBER = N_("a number")
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def check_jsonl(file: BinaryIO, name: str) -> int:
    """Return the number of rows. Raises ``BadInputError`` for JSON laid out over several lines."""
    count = 0
    for count, (_number, line) in enumerate(lines_of(file), start=1):
        if count == 1 and line.strip() in {b"[", b"{"}:
            raise BadInputError(
                _("{name} is one JSON text over many lines.").format(name=name), _(_ONE_A_LINE)
            )
    return count


def read_jsonl(file: BinaryIO) -> Iterator[RawRow]:
    """Yield every row that is not blank; what is no JSON object carries its reason."""
    for number, line in lines_of(file):
        try:
            yield RawRow(number, line, _object(line))
        except BadInputError as error:
            yield RawRow(number, line, error=error)


def _object(line: bytes) -> Mapping[str, object]:
    found = _decoded(line)
    if not isinstance(found, dict):
        kind = _(_NAMES.get(type(found), _NUMBER))
        raise BadInputError(
            _("this row is {kind}, not a JSON object").format(kind=kind), _(_ONE_A_LINE)
        )
    return found


def _decoded(line: bytes) -> object:
    try:
        found: object = msgspec.json.decode(line)
        _refuse_repeats(line)
        return found
    except RecursionError:
        raise BadInputError(
            _("this row is nested too deeply"), _("An item has no lists within lists.")
        ) from None
    except msgspec.ValidationError:
        raise BadInputError(
            _("a number in this row is too large"),
            _("Write long numbers as text, in quotation marks."),
        ) from None
    except msgspec.DecodeError as error:
        _explain(line.decode("utf-8"), str(error))


def _explain(line: str, error: str) -> NoReturn:
    """Raise the reason msgspec refuses a line; some it words for programmers only."""
    lenient = _is_json(line)
    if lenient and re.search(r"[:\[,]\s*-?(NaN|Infinity)\b", line):
        raise BadInputError(
            _("NaN and Infinity are no JSON numbers"), _("Leave the field out or write null.")
        ) from None
    if lenient and _HALF_PAIR.search(line):
        raise BadInputError(
            _("half a character (a lone surrogate such as \\ud800) stands in a text"),
            _("Write the file as UTF-8 without \\u escapes."),
        ) from None
    what = error.removeprefix("JSON is malformed: ").replace(
        "Input data was truncated", _("cut short")
    )
    raise BadInputError(
        _("this row is not JSON: {what}").format(what=what), _(_ONE_A_LINE)
    ) from None


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_repeats(line: bytes) -> None:
    """Raise if a field is given twice: msgspec would keep the last without a word."""
    # Numbers stay text here: msgspec has read them, and Python refuses very long ones.
    json.loads(line, object_pairs_hook=_without_repeats, parse_int=str, parse_float=str)


def _without_repeats(pairs: list[tuple[str, object]]) -> None:
    times = Counter(name for name, _ in pairs)
    if len(times) < len(pairs):
        twice = shorten(times.most_common(1)[0][0])
        raise BadInputError(
            _("the field {twice!r} stands there twice").format(twice=twice),
            _("Keep the one that is meant."),
        )
