"""The signed list: what it may say, and that no name in it leads out of a folder."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.bundle.manifest import ENTRIES, Machine, Manifest, ManifestError, Member, encode, parse
from tests.runtime.bundle.small import PROGRAM, manifest, member

SOUND = manifest({ENTRIES: b"", "models/a.gguf": b"a", "items/week 1".replace(" ", "-"): b""})
HOSTILE = (
    *("../x", "models/../x", "/etc/passwd", "models//x", "models/", "x", "models", "models/a/b"),
    *("C:\\x", "models\\x", "models/..", "models/.hidden", "models/a\0", "models/a\n", "", "."),
    *("models/con", "items/NUL.txt", "items/com1.json", "items/x.", "wheels/-x", "other/x"),
    *("models/é", "models/" + "a" * 300, "models/a b"),
)


def with_fields(**changes: object) -> bytes:
    fields = json.loads(encode(SOUND)) | changes
    return (json.dumps(fields, indent=1) + "\n").encode()


def refused(data: bytes, because: str = "it") -> None:
    with pytest.raises(ManifestError, match=because):
        parse(data)


def test_what_is_written_is_read() -> None:
    assert parse(encode(SOUND)) == SOUND
    other = SOUND._replace(machine=Machine("3.11", "linux-x86_64", "2.36", ("avx2", "fma")))
    assert parse(encode(other)) == other


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_lead_elsewhere(name: str) -> None:
    refused(encode(SOUND._replace(members=(Member(name, 1, "0" * 64),))), "name")


@given(st.text(max_size=30))
def test_any_name_is_plain_or_refused(name: str) -> None:
    try:
        found = parse(encode(SOUND._replace(members=(Member(f"models/{name}", 1, "0" * 64),))))
    except ManifestError:
        return
    file = found.members[0].file
    assert file == name
    assert "/" not in file and "\\" not in file and not file.startswith(".")


@pytest.mark.parametrize("second", ["items/a.txt", "items/A.txt"])
def test_one_name_twice(second: str) -> None:
    twice = (member("items/a.txt", b"1"), member(second, b"2"))
    refused(encode(SOUND._replace(members=twice)), "twice")


@pytest.mark.parametrize("name", ["../x.py", "x", "x.pyc", "/x.py", "a/b/c/d/e.py", "X.PY"])
def test_the_programs_names(name: str) -> None:
    refused(encode(SOUND._replace(program=(Member(name, 1, "0" * 64),))), "program")


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": True, "more": 1},
        {"more": 1},
        {"members": {}},
        {"members": [1]},
        {"members": [{"name": "items/a", "bytes": -1, "sha256": "0" * 64}]},
        {"members": [{"name": "items/a", "bytes": 2**70, "sha256": "0" * 64}]},
        {"members": [{"name": "items/a", "bytes": True, "sha256": "0" * 64}]},
        {"members": [{"name": "items/a", "bytes": 1.0, "sha256": "0" * 64}]},
        {"members": [{"name": "items/a", "bytes": 1, "sha256": "0"}]},
        {"members": [{"name": "items/a", "bytes": 1}]},
        {"machine": {}},
        {"machine": {"python": "3.11", "platform": "x", "glibc": "", "cpu": "avx2"}},
        {"machine": {"python": 3.11, "platform": "x", "glibc": "", "cpu": []}},
        {"kindmark": None},
        {"made": "\x1b[31mred"},
        {"program": None},
    ],
)
def test_anything_out_of_place(changes: dict[str, Any]) -> None:
    refused(with_fields(**changes))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 200_000])
def test_no_list_at_all(data: bytes) -> None:
    refused(data)


def test_there_is_one_spelling_only() -> None:
    data = encode(SOUND)
    refused(data + b"\n", "not written as")
    refused(data.replace(b'"members": [', b'"members": [], "members": [', 1), "not written as")


@given(st.integers(0, len(encode(SOUND)) - 1), st.integers(0, 255))
def test_a_changed_byte_is_another_list_or_none(at: int, value: int) -> None:
    data = bytearray(encode(SOUND))
    data[at] = value
    try:
        found = parse(bytes(data))
    except ManifestError:
        return
    assert isinstance(found, Manifest)
    assert encode(found) == bytes(data)
    assert len(found.program) == len(PROGRAM)
