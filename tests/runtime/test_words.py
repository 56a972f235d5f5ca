"""Words that people read: catalogues say all that the code says, and the code marks it all."""

import ast
import string
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from runtime import words
from tests import catalogues, untranslated

_SHOWN = ("app", "study", "desk")
"""Packages whose texts stand on screens."""
_COMMANDS = ("cli", "bundle")
"""Packages of the command line, which speaks English; the app uses neither."""
_KEEPS_MARKS = ("marking",)


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


def keys(catalogue: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(one.context, ids(one)) for one in catalogues.messages(catalogue)}


def test_no_text_is_missing_and_none_is_left_over(language: str) -> None:
    wanted, there = keys(catalogues.found()), keys(catalogues.read(language))
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
        if message.context:
            told = [there.pgettext(message.context, one)]
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


def modules(parts: tuple[str, ...]) -> list[Path]:
    return [path for part in parts for path in sorted((catalogues.CODE / part).rglob("*.py"))]


def beside(parts: tuple[str, ...]) -> list[Path]:
    """Return every module of the runtime that does not lie in these packages."""
    left = set(modules(parts))
    return [path for path in sorted(catalogues.CODE.rglob("*.py")) if path not in left]


def stem(path: Path) -> str:
    return path.relative_to(catalogues.CODE).with_suffix("").as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def lines(found: Iterator[ast.expr]) -> list[int]:
    return sorted(node.lineno for node in found)


@pytest.mark.parametrize("path", modules(_SHOWN), ids=stem)
def test_no_text_is_shown_that_cannot_be_translated(path: Path) -> None:
    assert lines(untranslated.shown(parsed(path))) == []


@pytest.mark.parametrize("path", beside(_COMMANDS), ids=stem)
def test_no_error_reaches_the_app_in_english_alone(path: Path) -> None:
    assert lines(untranslated.raised(parsed(path), untranslated.errors())) == []


@pytest.mark.parametrize("path", modules(_KEEPS_MARKS), ids=stem)
def test_no_sentence_of_a_mark_is_kept_that_cannot_be_retold(path: Path) -> None:
    assert lines(untranslated.kept(parsed(path))) == []


@pytest.mark.parametrize("path", beside(()), ids=stem)
def test_nothing_hides_the_name_that_translates(path: Path) -> None:
    assert lines(untranslated.hidden(parsed(path))) == []


NEVER_TRANSLATED = """
    from runtime.errors import BadInputError
    _MEND = "Mend it."
    class OwnError(BadInputError):
        title = "Broken"
    def one(path):
        remedy = f"See {path}."
        raise OwnError(f"There is no {path}.", remedy)
    def two(found):
        raise errors.OwnError("None." if found else _("Some."), remedy=_MEND)
    def three(path):
        raise OwnError(f"{path}: {found}.", _(_OTHER))
"""


def test_errors_in_one_language_are_found_however_they_are_worded() -> None:
    tree = ast.parse(textwrap.dedent(NEVER_TRANSLATED))
    assert lines(untranslated.raised(tree, frozenset({"OwnError"}))) == [3, 5, 7, 8, 10]


def test_every_error_of_ours_is_known() -> None:
    assert {"StoreError", "DamagedStoreError", "WorkerError"} <= untranslated.errors()


def test_a_text_put_together_before_it_is_translated_is_found() -> None:
    tree = ast.parse('Static(f"Hello {name}")\nButton("Go")\nStatic(_("fine"))\nLabel("·")')
    assert lines(untranslated.shown(tree)) == [1, 2]


def test_sentences_that_a_mark_keeps_are_found() -> None:
    code = """
        "A module about something else."
        why = f"Line {number} is wrong."
        fine = noted("Line {number} is wrong.", number=number)
        said = ("The unit is missing.", "not a sentence")
    """
    assert lines(untranslated.kept(ast.parse(textwrap.dedent(code)))) == [3, 5]


def test_a_name_that_hides_the_one_that_translates_is_found() -> None:
    code = """
        def hiding():
            first, *_ = rows
            return _("Go")
        def fine():
            return [_("Go"), *(one for one, _ in rows)]
        def silent():
            _, one = rows
    """
    assert lines(untranslated.hidden(ast.parse(textwrap.dedent(code)))) == [3]


def test_texts_are_found_wherever_they_stand() -> None:
    code = """
        f"{_('in')} {ngettext('{n} a', '{n} b', n)}"
        words.said("it", "c" "d")
        _(name)
    """
    found = list(catalogues.marked(ast.parse(textwrap.dedent(code))))
    assert found == ["in", ("{n} a", "{n} b"), "cd"]


@pytest.mark.parametrize("path", beside(()), ids=stem)
def test_nothing_but_literals_is_translated_by_name(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and untranslated.called(node) in {"_", "N_", "noted"}:
            assert not isinstance(node.args[0], ast.JoinedStr), node.lineno


def test_figures_have_the_signs_of_the_language() -> None:
    assert words.number(1234567) == "1,234,567"
    assert words.number(2.5, "g") == "2.5"
    words.use("it")
    assert words.number(1234.5, ",.1f") == "1.234,5"
    assert words.number(2.5, "g") == "2,5"


def test_days_are_said_in_words() -> None:
    day = datetime(2026, 3, 7, tzinfo=UTC)
    assert words.date(day) == "07 March 2026"
    words.use("it")
    assert words.date(day) == "07 marzo 2026"


NOTES: list[tuple[Callable[[], str], str]] = [
    (
        lambda: words.noted("Line {line} is the first that does not hold.", line=3),
        "La riga 3 è la prima che non torna.",
    ),
    (
        lambda: words.noted(
            "The model scores it {expected:.1f} of {high:g} on average.", expected=2.4, high=5
        ),
        "Il modello le dà in media 2,4 punti di 5.",
    ),
    (
        lambda: words.noted("The model finds: {label} ({chance:.0%}).", label="partial", chance=1),
        "Secondo il modello: giusta in parte (100%).",
    ),
]


@pytest.mark.parametrize(("note", "said"), NOTES)
def test_what_was_noted_is_retold_in_the_language_in_use(
    note: Callable[[], str], said: str
) -> None:
    text = note()
    assert words.retold(text) == text
    words.use("it")
    # Marks are read by models and compared with each other: they stay as they are.
    assert note() == text
    assert words.retold(text) == said
    assert words.retold(text, "en") == text


def test_what_nobody_noted_is_left_as_it_is() -> None:
    words.use("it")
    for text in ("", "A sentence of a model.", "Line three is the first.", "{line} %s \x00"):
        assert words.retold(text) == text


@pytest.mark.parametrize("value", ["3/4", "(x)", "7 legs. Line 2 is wrong.", "a\nb", "{x}"])
def test_every_note_is_retold_whatever_stands_in_it(language: str, value: str) -> None:
    for message in catalogues.messages(catalogues.read(language)):
        if message.context == words.NOTED:
            [one], [other] = ids(message), strings(message)
            parsed = string.Formatter().parse(one)
            # What has a format is a figure.
            bare = {name: "3" if form else value for _text, name, form, _kind in parsed if name}
            assert words.retold(plain(one).format(**bare), language) == plain(other).format(**bare)


def plain(text: str) -> str:
    """Return a text without the formats of its numbers."""
    parsed = string.Formatter().parse(text)
    return "".join(f"{before}{{{name}}}" if name else before for before, name, *_ in parsed)


def test_a_note_says_enough_to_be_known_again(language: str) -> None:
    """A model's own sentence is not to be taken for a note."""
    for message in catalogues.messages(catalogues.read(language)):
        if message.context == words.NOTED:
            [one] = ids(message)
            own = "".join(before for before, *_ in string.Formatter().parse(one))
            assert placeholders(one) == set() or sum(map(str.isalpha, own)) >= 10, one
