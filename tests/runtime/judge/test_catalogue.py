from pathlib import Path

import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge import catalogue
from runtime.judge.catalogue import State
from runtime.locations import shipped_models

BASE = """
[[entry]]
name = "small"
kind = "base"
title = "A small one"
licence = "Apache-2.0"
source = "https://example.org"
[[entry.file]]
name = "small.gguf"
bytes = 3
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""


def read(folder: Path, text: str) -> catalogue.Catalogue:
    (folder / "catalogue.toml").write_text(text, "utf-8")
    return catalogue.read(folder / "catalogue.toml")


def test_the_shipped_catalogue_is_sound() -> None:
    entry = catalogue.read(shipped_models() / "catalogue.toml").named("minilm-marker")
    assert entry.build
    assert entry.licence == "Apache-2.0"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("kind =", "knd ="), "knd"),
        (('"base"', '"bass"'), "kind"),
        (("bytes = 3", 'bytes = "3"'), "bytes"),
        (('"small.gguf"', '"../small.gguf"'), "name"),
        (("ba7816", "XY7816"), "sha256"),
        (("[[entry]]", "[[entry"), "line 2"),
        (("[[entry.file]]", "[[entry.files]]"), "file"),
    ],
)
def test_faults_name_the_file_and_the_key(
    tmp_path: Path, change: tuple[str, str], key: str
) -> None:
    with pytest.raises(ModelError, match=key) as caught:
        read(tmp_path, BASE.replace(*change))
    assert "catalogue.toml" in caught.value.message


def test_a_name_may_be_there_once_only(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="twice"):
        read(tmp_path, BASE + BASE)


def test_a_head_belongs_to_a_base(tmp_path: Path) -> None:
    head = BASE.replace('"base"', '"head"').replace('"small"', '"head"')
    with pytest.raises(ModelError, match="base"):
        read(tmp_path, BASE + head)
    whole = head.replace("title", 'base = "small"\ntitle')
    assert read(tmp_path, BASE + whole).named("head").base == "small"


def test_an_unknown_name_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="smal") as caught:
        read(tmp_path, BASE).named("smal")
    assert "'small'" in caught.value.remedy


class TestInstalled:
    @pytest.mark.parametrize(
        ("content", "hashes", "state"),
        [
            (None, True, State.MISSING),
            (b"", False, State.DAMAGED),
            (b"abcd", False, State.DAMAGED),
            (b"abd", False, State.OK),
            (b"abd", True, State.DAMAGED),
            (b"abc", True, State.OK),
        ],
    )
    def test_states(
        self, tmp_path: Path, content: bytes | None, hashes: bool, state: State
    ) -> None:
        if content is not None:
            (tmp_path / "small.gguf").write_bytes(content)
        entry = read(tmp_path, BASE).named("small")
        assert catalogue.installed(entry, tmp_path, hashes) is state


def test_a_missing_catalogue_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        catalogue.read(tmp_path / "none.toml")
