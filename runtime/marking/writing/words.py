"""Words of a child's text: where each stands, its stem, and whether it carries content."""

import re
from functools import lru_cache

import msgspec
import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_STEMMERS = {"en": "english", "it": "italian", "de": "german", "fr": "french", "es": "spanish"}

NEGATIONS = frozenset(
    "no not never none nothing nobody neither nor cannot without dont doesnt didnt isnt arent "
    "wasnt werent wont cant couldnt wouldnt shouldnt hasnt havent hadnt "
    "non mai nessuno niente senza né".split()
)

FUNCTION_WORDS = NEGATIONS | frozenset(
    # English
    "a an the this that these those and or but if then so because as of to in on at by for with "
    "from into than is are was were be been being am do does did has have had having will would "
    "can could should shall may might must it its he him his she her hers they them their we us "
    "our you your i me my there here what which who whom whose when where why how very just also "
    "too some any each every all both more most much many few other such only own same up down "
    "out over under again about after before between during through while s t "
    # Italian
    "il lo la i gli le un uno una e o ma se che di a da in con su per tra fra del dello della dei "
    "degli delle al allo alla ai agli alle dal dalla nel nella sul sulla è sono era erano ha hanno "
    "avere essere si ci ne questo questa quello quella come quando dove perché cosa chi più molto "
    "anche poi quindi".split()
)


class Word(msgspec.Struct, frozen=True):
    """A word as written, its stem in lower case, and its span in the text."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Whether the word carries meaning of its own."""
        return self.text.lower().replace("'", "").replace("’", "") not in FUNCTION_WORDS


def words(text: str, language: str = "en") -> tuple[Word, ...]:
    """Split ``text`` into words; stems are Snowball's (Porter 2001) where it knows the language."""
    return tuple(
        Word(m.group(), _stem(m.group().lower(), language), m.start(), m.end())
        for m in _WORD.finditer(text)
    )


def content_stems(found: tuple[Word, ...]) -> frozenset[str]:
    """Return the stems of the words that carry content."""
    return frozenset(word.stem for word in found if word.is_content)


def is_negated(found: tuple[Word, ...]) -> bool:
    """Whether an odd number of negations stands in the text."""
    plain = (word.text.lower().replace("'", "").replace("’", "") for word in found)
    return sum(word in NEGATIONS for word in plain) % 2 == 1


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(language)
    return str(_stemmer(name).stemWord(word)) if name else word


@lru_cache(maxsize=len(_STEMMERS))
def _stemmer(name: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(name)
