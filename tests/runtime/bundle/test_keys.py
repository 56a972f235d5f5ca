"""Keys, fingerprints and what is trusted."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.bundle import ed25519, keys, trust
from runtime.errors import BadInputError


class TestKeys:
    def test_a_pair_signs_and_is_checked(self, tmp_path: Path) -> None:
        public, path = keys.make(tmp_path / "school.key")
        signer = keys.read_signer(tmp_path / "school.key")
        assert path == tmp_path / "school.pub"
        assert trust.read_public(path) == signer.public == public
        assert ed25519.verify(public, b"x", signer.sign(b"x"))

    def test_only_the_owner_reads_the_private_half(self, tmp_path: Path) -> None:
        keys.make(tmp_path / "school.key")
        assert stat.S_IMODE((tmp_path / "school.key").stat().st_mode) == 0o600

    @pytest.mark.parametrize("there", ["school.key", "school.pub"])
    def test_no_key_is_overwritten(self, tmp_path: Path, there: str) -> None:
        (tmp_path / there).write_text("mine")
        with pytest.raises(BadInputError, match="is there already"):
            keys.make(tmp_path / "school.key")
        assert [path.name for path in tmp_path.iterdir()] == [there]
        assert (tmp_path / there).read_text() == "mine"

    def test_a_public_name_for_a_private_key(self, tmp_path: Path) -> None:
        with pytest.raises(BadInputError, match="the name of a public key"):
            keys.make(tmp_path / "school.pub")

    @pytest.mark.parametrize("text", ["", "hello", "-----BEGIN PRIVATE KEY-----\nAA==\n"])
    def test_no_private_key(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "x").write_text(text)
        with pytest.raises(BadInputError, match="no private key"):
            keys.read_signer(tmp_path / "x")

    def test_a_missing_key(self, tmp_path: Path) -> None:
        with pytest.raises(BadInputError, match="No such file") as caught:
            keys.read_signer(tmp_path / "x")
        assert "kindmark bundle key" in caught.value.remedy


class TestTrust:
    def test_typed_or_as_a_file(self, tmp_path: Path) -> None:
        public, path = keys.make(tmp_path / "school.key")
        name = trust.fingerprint(public)
        assert trust.trusted(str(path)) == name
        assert trust.trusted(name) == name
        assert trust.trusted(name.replace("-", " ").upper()) == name

    @given(st.binary(min_size=32, max_size=32))
    def test_a_fingerprint_is_eight_groups(self, public: bytes) -> None:
        groups = trust.fingerprint(public).split("-")
        assert [len(group) for group in groups] == [4] * 8

    @pytest.mark.parametrize("text", ["", "abcd", "g" * 32, "a" * 31, "no-such.pub"])
    def test_neither_of_both(self, text: str) -> None:
        with pytest.raises(BadInputError, match="neither a fingerprint nor a public key"):
            trust.trusted(text)

    @pytest.mark.parametrize(
        "text", ["", "hello", f"{trust.PREFIX} AAAA", f"{trust.PREFIX} ?", "ssh-ed25519 AAAA"]
    )
    def test_a_file_that_is_no_key(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "x").write_text(text)
        with pytest.raises(BadInputError, match="no public key of Kindmark"):
            trust.trusted(str(tmp_path / "x"))
