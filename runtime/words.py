"""Words that people read, in their own language (GNU gettext; catalogues in ``runtime/locale``).

    from runtime.words import _, said, use

    use("it")              what _ and ngettext speak from now on: the language of the person here
    _("Who are you?")
    said("en", N_("Well done."))     one text in the language of an item, whoever sits here

English stands in the code and is what anything untranslated falls back to. The tests hold every
catalogue to the code: no text missing, none left over, placeholders alike.
"""

import gettext as gnu
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "it": "Italiano"}
"""Code and own name of each language there is a catalogue for; English needs none."""

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


@cache
def _catalogue(language: str) -> gnu.NullTranslations:
    return gnu.translation("kindmark", _FOLDER, [language], fallback=True)
