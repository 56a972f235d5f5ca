"""Words that hurt: a small list of our own, English and Italian.

    unkind("That was a lazy answer.")     "lazy"

A word that the question itself uses (a story about a lazy dog) may be used of the story.
"""

import re

_ENGLISH = """
stupid dumb idiot idiotic moron fool foolish silly lazy careless sloppy clueless hopeless useless
worthless pathetic ridiculous absurd nonsense rubbish garbage terrible awful horrible dreadful
disgraceful shame shameful ashamed embarrassing embarrassed disappointing disappointed failure
failed loser incompetent ignorant inexcusable unacceptable pointless laughable childish babyish
bad badly hate hated ugly
"""
_ITALIAN = """
stupido stupida stupidi stupidaggine scemo scema idiota idioti cretino cretina sciocco sciocca
sciocchezza pigro pigra svogliato svogliata negligente incapace incapaci ignorante ignoranti
inutile ridicolo ridicola assurdo assurda vergogna vergognoso vergognosa vergognati imbarazzante
deludente deluso delusa delusione fallimento fallito fallita pessimo pessima terribile orribile
orrendo asino somaro buffone infantile inaccettabile disastro disastroso odio brutto brutta
"""
_WORDS = frozenset((_ENGLISH + _ITALIAN).split())

_PHRASES = re.compile(
    r"\b(?:you (?:should|ought to) (?:already )?(?:know|have known)|how (?:could|can) you not|"
    r"everyone (?:else )?(?:knows|can)|everybody (?:else )?(?:knows|can)|(?:any|every) child|"
    r"even (?:a|my) \w+ (?:knows|could|can)|you (?:never|always) (?:get|fail|make|forget)|"
    r"give up|what is wrong with you|what's wrong with you|not (?:smart|clever|good) enough|"
    r"you (?:do not|don't|didn't|did not) (?:even )?(?:try|care|pay attention)|shut up|"
    r"dovresti (?:già )?saperl[oa]|lo sanno tutti|tutti lo sanno|come hai potuto|"
    r"non sei capace|non sei abbastanza|lascia perdere|arrenditi|sbagli sempre|"
    r"non ti (?:impegni|sforzi)|stai zitt[oa])\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")


def unkind(text: str, given: str = "") -> str | None:
    """Return the first word or phrase that is unkind; words of ``given`` are not."""
    phrase = _PHRASES.search(text)
    if phrase:
        return phrase.group()
    known = {word.lower() for word in _WORD.findall(given)}
    found = (word for word in _WORD.findall(text) if word.lower() in _WORDS)
    return next((word for word in found if word.lower() not in known), None)
