"""A bundle is read only as it was signed, whatever was done to it since."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.bundle import keys, reading
from runtime.bundle.layout import PREAMBLE, SIGNED, Signer
from runtime.bundle.manifest import encode
from runtime.errors import BadInputError
from tests.runtime.bundle import small
from tests.runtime.bundle.small import FILES, Key


def read(path: Path, data: bytes, trusted: str) -> dict[str, bytes]:
    """Return the files of a bundle; everything in it is checked."""
    path.write_bytes(data)
    found = {}
    with reading.check(path, trusted) as bundle:
        bundle.check_members()
        for member in bundle.manifest.members:
            bundle.copy(member, path.with_name("copy"))
            found[member.name] = path.with_name("copy").read_bytes()
    return found


def refused(path: Path, data: bytes, trusted: str, because: str) -> None:
    with pytest.raises(BadInputError, match=because) as caught:
        read(path, data, trusted)
    assert str(path) in caught.value.message
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_what_went_in_comes_out(tmp_path: Path, whole: bytes, key: Key) -> None:
    assert read(tmp_path / "b", whole, key.name) == FILES


def test_both_ways_of_checking_agree(tmp_path: Path, whole: bytes, key: Key) -> None:
    (tmp_path / "b").write_bytes(whole)
    with reading.check(tmp_path / "b", key.name, keys.verify) as bundle:
        assert bundle.manifest == small.manifest(FILES)


def test_python_runs_it_and_zip_tools_open_it(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / "b").write_bytes(whole)
    done = subprocess.run(
        [sys.executable, tmp_path / "b"], capture_output=True, check=True, text=True
    )
    assert done.stdout == "hello\n"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.namelist() == ["manifest.json", "manifest.sig", "__main__.py"]
        assert archive.testzip() is None
        assert archive.read("manifest.json") == encode(small.manifest(FILES))


class TestAltered:
    @given(st.data())
    def test_any_byte(self, whole: bytes, key: Key, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(whole) - 1))
        other = data.draw(st.integers(0, 255).filter(lambda value: value != whole[at]))
        self.is_refused(whole[:at] + bytes([other]) + whole[at + 1 :], key)

    @given(st.data())
    def test_anything_put_in_or_taken_out(
        self, whole: bytes, key: Key, data: st.DataObject
    ) -> None:
        at = data.draw(st.integers(0, len(whole)))
        gone = data.draw(st.integers(0, 200))
        new = data.draw(st.binary(max_size=200))
        changed = whole[:at] + new + whole[at + gone :]
        if changed != whole:
            self.is_refused(changed, key)

    def is_refused(self, data: bytes, key: Key) -> None:
        # Hypothesis allows no folder of a test's own; what is refused writes nothing anyway.
        file = io.BytesIO(data)
        with pytest.raises(BadInputError):
            bundle = reading.Bundle(
                Path("b"), file, reading._checked(Path("b"), file, key.name, keys.verify), key.name
            )
            bundle.check_members()

    @pytest.mark.parametrize("left", [0, 1, 40, 41, 200, -1])
    def test_cut_short(self, tmp_path: Path, whole: bytes, key: Key, left: int) -> None:
        refused(tmp_path / "b", whole[:left], key.name, "no bundle of Kindmark, or it is cut short")

    def test_a_member(self, tmp_path: Path, whole: bytes, key: Key) -> None:
        at = len(PREAMBLE) + 3
        data = whole[:at] + b"!" + whole[at + 1 :]
        refused(tmp_path / "b", data, key.name, r"items/week1.jsonl is not what was signed")

    def test_the_program(self, tmp_path: Path, whole: bytes, key: Key) -> None:
        data = whole.replace(b"print('hello')", b"print('HELLO')")
        refused(tmp_path / "b", data, key.name, r"its program's __main__.py is not what was signed")

    def test_something_in_front_of_the_program(
        self, tmp_path: Path, whole: bytes, key: Key
    ) -> None:
        # The comment says that the members end later: a place for what nobody signed.
        payload = len(PREAMBLE) + sum(map(len, FILES.values()))
        later = f"{payload:016x}".encode(), f"{payload + 5:016x}".encode()
        data = (whole[:payload] + b"extra" + whole[payload:]).replace(*later)
        refused(tmp_path / "b", data, key.name, "it holds something that is not signed")

    def test_the_list(self, tmp_path: Path, whole: bytes, key: Key) -> None:
        data = whole.replace(b'"kindmark": "0.1.0"', b'"kindmark": "0.2.0"')
        refused(tmp_path / "b", data, key.name, "its signature is not right")


class TestSigned:
    def test_with_another_key(self, tmp_path: Path, whole: bytes) -> None:
        other = small.key()
        refused(tmp_path / "b", whole, other.name, f"is not signed with the key {other.name}")

    def test_with_no_key_of_their_own(self, tmp_path: Path, key: Key) -> None:
        """Someone who has only the public half of a trusted key."""
        forged = Key(Signer(key.signer.public, lambda _: bytes(64)), key.name)
        data = small.bundle_bytes(tmp_path, forged)
        (tmp_path / "c").mkdir()
        refused(tmp_path / "c" / "b", data, key.name, "its signature is not right")

    def test_a_signature_for_something_else(self, tmp_path: Path, key: Key) -> None:
        def bare(data: bytes) -> bytes:
            return key.signer.sign(data.removeprefix(SIGNED))

        data = small.bundle_bytes(tmp_path, Key(Signer(key.signer.public, bare), key.name))
        (tmp_path / "c").mkdir()
        refused(tmp_path / "c" / "b", data, key.name, "its signature is not right")

    @pytest.mark.parametrize("name", ["../x", "/x", "models/../../x", "models/a/b"])
    def test_a_signed_name_that_leads_elsewhere(self, tmp_path: Path, key: Key, name: str) -> None:
        data = small.bundle_bytes(tmp_path, key, {name: b"evil"})
        (tmp_path / "c").mkdir()
        refused(tmp_path / "c" / "b", data, key.name, "impossible name")


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"hello" * 1000])
def test_no_bundle(tmp_path: Path, key: Key, data: bytes) -> None:
    refused(tmp_path / "b", data, key.name, "no bundle of Kindmark")


def test_a_plain_zip(tmp_path: Path, key: Key) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../evil", "x")
        archive.writestr("manifest.json", "{}")
    refused(tmp_path / "b", file.getvalue(), key.name, "no bundle of Kindmark")


@pytest.mark.parametrize(("name", "because"), [("no", "No such file"), (".", "directory")])
def test_what_cannot_be_read(tmp_path: Path, key: Key, name: str, because: str) -> None:
    with pytest.raises(BadInputError, match=because):
        reading.check(tmp_path / name, key.name)


def test_a_file_larger_than_four_gigabytes(tmp_path: Path, key: Key) -> None:
    """Members may be larger than an old zip archive could hold; the file is one of holes."""
    size = 2**32 + 5
    data = small.bundle_bytes(tmp_path, key, {"items/a": b"x"})
    start, end = len(PREAMBLE), len(PREAMBLE) + 1
    tail = data[end:].replace(f"{end:016x}".encode(), f"{start + size:016x}".encode())
    with (tmp_path / "big").open("wb") as file:
        file.write(PREAMBLE)
        file.seek(start + size)
        file.write(tail)
    done = subprocess.run(
        [sys.executable, tmp_path / "big"], capture_output=True, check=True, text=True
    )
    assert done.stdout == "hello\n"
    # The comment was changed after it was signed, and that is found without reading the members.
    with pytest.raises(BadInputError, match="it holds something that is not signed"):
        reading.check(tmp_path / "big", key.name)
