"""Words that people read, in their own language (GNU gettext; catalogues in ``runtime/locale``).

    from runtime.words import _, said, use

    use("it")              what _ and ngettext speak from now on: the language of the person here
    _("Who are you?")
    said("en", N_("Well done."))     one text in the language of an item, whoever sits here
    number(1234.5, ",.1f")           "1,234.5", or "1.234,5"

    text = noted("Line {number} is wrong.", number=3)    for the records: always English
    retold(text)                                         "La riga 3 è sbagliata."

English stands in the code and is what anything untranslated falls back to. The tests hold every
catalogue to the code: no text missing, none left over, placeholders alike.
"""

import gettext as gnu
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

LANGUAGES = {"en": "English", "it": "Italiano"}
"""Code and own name of each language there is a catalogue for; English needs none."""

NOTED = "note"
"""The gettext context of texts that are kept as they were ``noted`` and ``retold`` when shown."""

_NOTES_WITHIN = frozenset({"why", "but", "label", "other"})
"""Placeholders of notes that are filled with other notes."""

_FOLDER = Path(__file__).parent / "locale"
_current = "en"


def use(language: str) -> None:
    """Speak ``language`` from now on ("it", also "it-IT"); an unknown one means English."""
    global _current  # noqa: PLW0603 - one person sits at one machine, as with the C library's locale
    _current = nearest(language)


def current() -> str:
    """Return the code of the language in use."""
    return _current


def nearest(language: str) -> str:
    """Return the language of ``LANGUAGES`` that a tag such as "it-IT" or "it_IT.UTF-8" names."""
    code = language.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else "en"


def _(text: str) -> str:
    """Return ``text`` in the language in use."""
    return said(_current, text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for ``count`` in the language in use; the caller fills the number in."""
    return _catalogue(_current).ngettext(singular, plural, count)


def said(language: str, text: str) -> str:
    """Return ``text`` in ``language``."""
    return _catalogue(nearest(language)).gettext(text)


def N_(text: str) -> str:
    """Mark ``text`` for translation where it stands; it is translated where it is shown."""
    return text


def number(value: float, form: str = ",") -> str:
    """Return a number by a format of Python's, with the signs of the language in use."""
    return numeral(format(value, form))


def numeral(text: str) -> str:
    """Return figures such as "1,234.5" with the signs of the language in use."""
    return _numeral(text, _current)


def date(at: datetime) -> str:
    """Return the day in words: "07 March 2026"."""
    return f"{at:%d} {_(_MONTHS[at.month - 1])} {at:%Y}"


def noted(text: str, /, **values: object) -> str:
    """Return a sentence to be kept with a mark: English, for models and programs read it too."""
    return text.format(**values) if values else text


def retold(text: str, language: str = "") -> str:
    """Return what was ``noted`` in a language, by default the one in use; other texts stay."""
    code = nearest(language or _current)
    for note in _notes(code):
        if found := re.fullmatch(note.pattern, text, re.DOTALL):
            return note.said.format(**{k: note.value(k, v) for k, v in found.groupdict().items()})
    return text


class _Note(NamedTuple):
    """A noted text in another language. ``pattern`` knows it however it was filled in."""

    pattern: str
    said: str
    figures: frozenset[str]
    language: str

    @classmethod
    def of(cls, text: str, said: str, language: str) -> "_Note":
        parsed = list(Formatter().parse(text))
        bare = [(before, name) for before, name, *_rest in Formatter().parse(said)]
        return cls(
            pattern="".join(
                re.escape(before) + (f"(?P<{name}>.*?)" if name else "")
                for before, name, *_rest in parsed
            ),
            # Figures are written already: their formats are done with.
            said="".join(before + (f"{{{name}}}" if name else "") for before, name in bare),
            figures=frozenset(name for _text, name, form, _kind in parsed if name and form),
            language=language,
        )

    def value(self, name: str, text: str) -> str:
        """Return what a placeholder is filled with; what a child wrote stays as it is."""
        if name in self.figures:
            return _numeral(text, self.language)
        return retold(text, self.language) if name in _NOTES_WITHIN else text


@cache
def _notes(language: str) -> Sequence[_Note]:
    """Return what is noted, that with most words of its own first: it is known the most surely."""
    begins = f"{NOTED}\x04"
    known = vars(_catalogue(language)).get("_catalog", {})
    texts = {key.removeprefix(begins): key for key in known if str(key).startswith(begins)}
    surest = sorted(
        texts, key=lambda text: -sum(len(own) for own, *_rest in Formatter().parse(text))
    )
    return [_Note.of(text, known[texts[text]], language) for text in surest]


def _numeral(text: str, language: str) -> str:
    return text.translate(_NUMERALS.get(language, {}))


@cache
def _catalogue(language: str) -> gnu.NullTranslations:
    return gnu.translation("kindmark", _FOLDER, [language], fallback=True)


_NUMERALS = {"it": str.maketrans(".,", ",.")}
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
