"""Keeps the catalogues of words in step with the code: finds texts, and compiles translations.

    make words                 or python -m tests.catalogues
    python -m tests.catalogues --missing       prints what waits for a translation

Texts are found in all of ``runtime`` by their calls (``_``, ``N_``, ``ngettext``, ``said``, and
``noted``, whose texts have a context of their own). A text that is new stands untranslated in
``runtime/locale/*/LC_MESSAGES/kindmark.po``, one that is gone leaves it; then the file that
programs read (``.mo``) is written beside it.
"""

import argparse
import ast
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from runtime.words import LANGUAGES, NOTED

REPOSITORY = Path(__file__).parents[1]
CODE = REPOSITORY / "runtime"
LOCALE = CODE / "locale"
_TEXTS = {"_": slice(0, 1), "N_": slice(0, 1), "ngettext": slice(0, 2), "said": slice(1, 2)}
"""Which arguments of a call are texts."""
_NOTES = {"noted": slice(0, 1)}
_WIDTH = 100
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
# Below it translators keep their glossary: one term for one thing.
_HEAD = """\
# Kindmark in {name}. Under the licence of Kindmark.
# Texts come from the code: translate here, then run: make words"""


def main(argv: Sequence[str] | None = None) -> int:
    """Update and compile every catalogue; return 1 if a translation is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.catalogues", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--missing", action="store_true", help="print what is not translated")
    args = parser.parse_args(argv)
    missing = 0
    for language in languages():
        catalogue = updated(language)
        _write(catalogue, language)
        waiting = [message for message in messages(catalogue) if not _is_translated(message)]
        missing += len(waiting)
        print(f"{language}: {len(catalogue)} texts, {len(waiting)} without a translation")
        if args.missing:
            for message in waiting:
                print(repr(message.id))
    return int(missing > 0)


def languages() -> list[str]:
    """Return the codes of the languages there is a catalogue for."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def place(language: str) -> Path:
    """Return the catalogue of a language, as people edit it."""
    return LOCALE / language / "LC_MESSAGES" / "kindmark.po"


def found() -> Catalog:
    """Return every text in the code, untranslated, with the modules it stands in."""
    catalogue = Catalog(project="Kindmark", charset="utf-8")
    for path in sorted(CODE.rglob("*.py")):
        where = [(path.relative_to(REPOSITORY).as_posix(), 0)]
        tree = ast.parse(path.read_text("utf-8"))
        for text in marked(tree):
            catalogue.add(text, None, where)
        for text in marked(tree, _NOTES):
            catalogue.add(text, None, where, context=NOTED)
    return catalogue


def marked(
    tree: ast.Module, calls_of: Mapping[str, slice] = _TEXTS
) -> Iterator[str | tuple[str, str]]:
    """Yield the texts of a module that are marked for translation, in their order.

    Babel's own search does not look into f-strings before Python 3.12; the syntax tree has all.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        wanted = calls_of.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
        given = node.args[wanted] if wanted else []
        texts = [one.value for one in given if isinstance(one, ast.Constant)]
        if texts and len(texts) == len(given) and all(isinstance(one, str) for one in texts):
            first, *more = map(str, texts)
            yield (first, more[0]) if more else first


def read(language: str) -> Catalog:
    """Return a catalogue as it is on the disk."""
    path = place(language)
    if not path.exists():
        return Catalog(language, project="Kindmark", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(language: str) -> Catalog:
    """Return the catalogue of a language with exactly the texts of the code."""
    catalogue = read(language)
    catalogue.update(found(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in messages(catalogue):
        message.flags.discard("fuzzy")
    return catalogue


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Yield every text, without the head of the file."""
    return (message for message in catalogue if message.id)


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as programs read it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def _write(catalogue: Catalog, language: str) -> None:
    path = place(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without line numbers and the date of the day, a diff shows words and nothing else.
    if not path.exists():
        catalogue.header_comment = _HEAD.format(name=LANGUAGES[language])
    catalogue.fuzzy = False
    catalogue.version = catalogue.msgid_bugs_address = ""
    catalogue.last_translator = catalogue.language_team = "Kindmark"
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    with path.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


if __name__ == "__main__":
    sys.exit(main())
