"""Grammars are refused in words before llama.cpp sees them; those that pass, it can use."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.judge.decoding.gbnf import MAX_CHARS, check
from runtime.judge.decoding.grammar import Grammar
from runtime.judge.engine import Model
from runtime.judge.llm.grammars import FEEDBACK, REASON
from tests.runtime.judge.decoders import Files

USABLE = (
    'root ::= "yes" | "no"',
    'root ::= word (" " word){0,2} [.!?]\nword ::= [a-zà-ú]+',
    "root ::= .*",
    "root ::=",
    '# a remark\nroot ::= "a" tail  # and another\n\ntail ::= "b" root | ""',
    r'root ::= "\n\"\\" [^\x00-\x1F\u00e9\]]{2,}',
    FEEDBACK,
    REASON,
)

REFUSED = {
    "no root": 'answer ::= "a"',
    "nothing": "",
    "no rule": "root = a",
    "an unknown rule": "root ::= word",
    "a rule twice": 'root ::= "a"\nroot ::= "b"',
    "an open bracket": 'root ::= ("a"',
    "a bracket too many": 'root ::= "a")',
    "an open text": 'root ::= "a',
    "an open class": "root ::= [a-z",
    "nothing to repeat": "root ::= *",
    "a range the wrong way round": 'root ::= "a"{3,2}',
    "no range": 'root ::= "a"{,2}',
    "too many repeats": 'root ::= "a"{201}',
    "too many repeats in all": 'root ::= ("a"{100}){100}',
    "a token": "root ::= <[3]>",
    "itself first": 'root ::= root "a" | "a"',
    "itself first by another": 'root ::= other\nother ::= root "a"',
    "itself behind what may be empty": 'root ::= a root "x"\na ::= b\nb ::= "c" | ""',
    "what may be empty, for ever": 'root ::= ("a"?)*',
    "a NUL": 'root ::= "a\0"',
    "a page too much": "root ::= " + '"a" ' * MAX_CHARS,
}


@pytest.mark.parametrize("text", USABLE)
def test_what_passes_llama_cpp_can_use(model: Model, text: str) -> None:
    Grammar(model, text).close()


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused_in_words(text: str) -> None:
    with pytest.raises(BadInputError, match=r"^The grammar "):
        check(text)


def test_the_line_is_named() -> None:
    with pytest.raises(BadInputError, match="in line 3"):
        check('root ::= a\n\na ::= ("b"')


@pytest.fixture(scope="module")
def loaded(decoder: Files) -> Iterator[Model]:
    with Model(decoder.path) as found:
        yield found


PIECES = st.sampled_from(
    [
        "root",
        "a",
        "b",
        " ::= ",
        '"x"',
        '""',
        "[a-z]",
        "|",
        "(",
        ")",
        "*",
        "+",
        "?",
        "{2}",
        "\n",
        " ",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_whatever_is_written_llama_cpp_goes_on(loaded: Model, text: str) -> None:
    try:
        check(text)
    except BadInputError:
        return
    with Grammar(loaded, text) as grammar:
        grammar.begin().close()
