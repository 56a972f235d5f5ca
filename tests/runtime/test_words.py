"""Words that people read: catalogues say all that the code says, and the code marks it all."""

import ast
import string
import textwrap
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from runtime import words
from tests import catalogues

_PARTS = ("app", "study", "desk")
_TEXT_CALLS = frozenset(
    "Static Label Button Markdown Checkbox RadioButton Collapsible TabPane Option Content TopLine "
    "notify update say did BadInputError add_column add_columns".split()
)
"""Calls whose first argument is read by people."""
_TEXT_ARGUMENTS = frozenset({"placeholder", "title", "label", "tooltip", "prompt"})
_TEXT_NAMES = frozenset({"HELP", "TITLE", "SUB_TITLE", "BORDER_TITLE"})
_NO_WORDS = frozenset({"Kindmark", "OK", "PIN"})


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    words.use("en")


@pytest.fixture(params=catalogues.languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def strings(message: Message) -> tuple[str, ...]:
    text = message.string
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def placeholders(text: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name}


def test_no_text_is_missing_and_none_is_left_over(language: str) -> None:
    wanted = {ids(one) for one in catalogues.messages(catalogues.found())}
    there = {ids(one) for one in catalogues.messages(catalogues.read(language))}
    assert (wanted - there, there - wanted) == (set(), set()), "Run: make words"


def test_every_text_is_translated_for_sure(language: str) -> None:
    for message in catalogues.messages(catalogues.read(language)):
        assert all(strings(message)), message.id
        assert not message.fuzzy, message.id


def test_placeholders_are_alike(language: str) -> None:
    for message in catalogues.messages(catalogues.read(language)):
        if any("{" in text for text in ids(message)):
            wanted = set().union(*map(placeholders, ids(message)))
            for text in strings(message):
                assert placeholders(text) == wanted, message.id


def test_lines_and_marks_of_markdown_are_alike(language: str) -> None:
    for message in catalogues.messages(catalogues.read(language)):
        [one, *_], [other, *_] = ids(message), strings(message)
        for mark in ("# ", "\n- ", "**", "`"):
            assert one.count(mark) == other.count(mark), message.id
        assert one.endswith("\n") == other.endswith("\n"), message.id


def test_programs_read_what_people_edit(language: str) -> None:
    path = catalogues.place(language).with_suffix(".mo")
    with path.open("rb") as file:
        there = GNUTranslations(file)
    for message in catalogues.messages(catalogues.read(language)):
        one, *more = ids(message)
        told = [there.ngettext(one, more[0], n) for n in (1, 2)] if more else [there.gettext(one)]
        assert told == list(strings(message)), "Run: make words"


def test_each_language_there_is_can_be_chosen() -> None:
    assert {*catalogues.languages(), "en"} == set(words.LANGUAGES)


def test_words_are_said_in_the_language_in_use() -> None:
    assert words._("Who are you?") == "Who are you?"
    words.use("it-IT")
    assert words._("Who are you?") == "Chi sei?"
    assert words.said("en", "Who are you?") == "Who are you?"
    assert words.ngettext("{count} word", "{count} words", 1) == "{count} parola"
    assert words.ngettext("{count} word", "{count} words", 2) == "{count} parole"
    words.use("xx")
    assert words.current() == "en"


def modules() -> list[Path]:
    return [path for part in _PARTS for path in sorted((catalogues.CODE / part).rglob("*.py"))]


def is_words(node: ast.expr) -> bool:
    """Whether an expression is a bare text, or one put together, that a person would read."""
    if isinstance(node, ast.JoinedStr):
        return any(is_words(part) for part in node.values)
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    text = node.value.strip()
    return any(map(str.isalpha, text)) and text not in _NO_WORDS


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def bare(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the texts of a module that are shown as they stand, in no language but English."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if called(node) in _TEXT_CALLS:
                yield from filter(is_words, node.args[:1])
            if called(node) == "Binding":
                yield from filter(is_words, node.args[2:3])
            yield from (
                one.value
                for one in node.keywords
                if one.arg in _TEXT_ARGUMENTS and is_words(one.value)
            )
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = {getattr(target, "id", "") for target in targets}
            if named & _TEXT_NAMES and node.value and is_words(node.value):
                yield node.value


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_no_text_is_shown_that_cannot_be_translated(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [f"{path}:{node.lineno}" for node in bare(tree)] == []


def test_a_text_put_together_before_it_is_translated_is_found() -> None:
    tree = ast.parse('Static(f"Hello {name}")\nButton("Go")\nStatic(_("fine"))\nLabel("·")')
    assert [node.lineno for node in bare(tree)] == [1, 2]


def test_texts_are_found_wherever_they_stand() -> None:
    code = """
        f"{_('in')} {ngettext('{n} a', '{n} b', n)}"
        words.said("it", "c" "d")
        _(name)
    """
    found = list(catalogues.marked(ast.parse(textwrap.dedent(code))))
    assert found == ["in", ("{n} a", "{n} b"), "cd"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_nothing_but_literals_is_translated_by_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and called(node) in {"_", "N_"}:
            [text] = node.args
            assert not isinstance(text, ast.JoinedStr), f"{path}:{node.lineno}"
