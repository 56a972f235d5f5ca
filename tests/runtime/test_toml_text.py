import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime.toml_text import toml_text

LETTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(LETTERS)
PLAIN = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(-1e9, 1e9))
KEYS = st.text(LETTERS, min_size=1)
ROWS = st.lists(st.dictionaries(KEYS, PLAIN, max_size=3), min_size=1, max_size=3)


@given(
    st.dictionaries(
        KEYS,
        st.one_of(PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(KEYS, PLAIN), ROWS),
        max_size=5,
    )
)
def test_what_is_written_is_read_back(values: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(values)) == values


def test_tables_in_tables() -> None:
    values = {"entry": [{"name": "a", "file": [{"name": "a.gguf"}], "hub": {"weights": "o/w"}}]}
    assert tomllib.loads(toml_text(values)) == values


def test_what_is_none_is_left_out() -> None:
    assert toml_text({"a": None, "b": 1}) == "b = 1\n"
