"""Whether a text is plain words to a child: no markup, no link, its own language, no talk of AI.

strange("As an AI model, I cannot say.", "en")
"It talks about itself as a program."
"""

import re
import unicodedata

from runtime.words import noted

_MARKUP = re.compile(
    r"```|`|\*\*|__|~~|</?[a-z|!]|\|>|[{}\[\]\\|]|^\s*(?:#|>|[-*+]\s)|\$\$|&[a-z]+;|"
    r"\w+\(\w*\)\s*;|\b(?:def|class|import|print|return|function|var|const)\b\s*[\w(]+\s*[:=({]",
    re.IGNORECASE | re.MULTILINE,
)
# Braces and square brackets of numbers are maths: {2, 4}.
_SET = re.compile(r"\{[\d\s.,;/+-]{1,80}\}|\[[\d\s.,;/+-]{1,80}\]")
_LINK = re.compile(
    r"\bhttps?\b|\bwww\.|\b[\w-]{2,}\.(?:com|org|net|edu|gov|io|ai|it|uk|eu|de|fr)\b|\S@\S",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:as an? (?:AI|model|assistant|chatbot|bot|tutor|language model|program)|"
    r"(?:an?|the|this) AI\b|AI (?:model|assistant|tutor|system)|artificial intelligence|"
    r"language model|large model|chat ?bot|chatgpt|gpt|"
    r"i(?: am|'m|’m) (?:(?:only |just )?an? )?(?:model|AI|bot|program|computer|assistant|machine)|"
    r"my (?:training|instructions|programming|prompt|rules)|system prompt|"
    r"i was (?:trained|told|instructed|asked)|the (?:rubric|prompt) says|i apologi[sz]e|"
    r"i (?:cannot|can't|can not|am unable to) (?:help|assist|answer|comply|reveal|tell)|"
    r"student_answer|user'?s? (?:input|message)|"
    r"intelligenza artificiale|modello (?:linguistico|di linguaggio)|"
    r"come (?:IA|assistente|modello)|le mie istruzioni|"
    r"sono (?:un|una|un'|solo un) ?(?:IA|assistente|modello|programma|macchina|bot)|"
    r"sono stat[oa] (?:addestrat[oa]|programmat[oa])|non posso (?:aiutart?i|rispondere))\b",
    re.IGNORECASE,
)

_FUNCTION_WORDS = {
    "en": frozenset(
        "a an the this that these those and or but if then so because as of to in on at by for "
        "with from into than is are was were be been do does did has have had will would can "
        "could should may might must it its he she they them their we us our you your i me my "
        "there here what which who when where why how very just also too some any each every "
        "all both more most much many other such only same up down out over again about after "
        "before between not no yes well good great nice right wrong look think try check read "
        "work line step answer done yet now".split()
    ),
    "it": frozenset(
        "il lo la i gli le un uno una e o ma se che di a da in con su per tra fra del dello della "
        "dei degli delle al allo alla ai agli alle dal dalla nel nello nella nei negli nelle sul "
        "sulla sui è sono era erano ha hai ho hanno avere essere si ci ne ti mi vi questo questa "
        "quello quella quel come quando dove perché cosa chi più molto anche poi quindi non sì "
        "tuo tua tuoi tue bene bravo brava buon buona guarda pensa prova controlla rileggi leggi "
        "riga passo risposta ancora ora l dell all nell sull un c dov cos quest".split()
    ),
}
_MIN_WORDS = 5
"""Fewer words are no sample of a language: "Bravo, Anna!" may be said in any."""

_MIN_SHARE = 0.15
"""Running text has 40 to 50 % function words (Biber et al. 1999); a sum or a name takes some."""

_WORD = re.compile(r"[^\W\d_]+")


def strange(text: str, language: str) -> str | None:
    """Return what is no plain language of a lesson in ``language``, in words; else ``None``."""
    if _MARKUP.search(_SET.sub("", text)) or any(_is_hidden(char) for char in text):
        return noted("It contains code, markup or signs of the model.")
    if _LINK.search(text):
        return noted("It contains a link or an address.")
    if _ITSELF.search(text):
        return noted("It talks about itself as a program.")
    if not _is_in(text, language):
        return noted("It is not in the lesson's language ({language}).", language=language)
    return None


def _is_hidden(char: str) -> bool:
    return char != "\n" and (
        char == "\ufffd" or unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs"}
    )


def _is_in(text: str, language: str) -> bool:
    """Whether the letters and, in more than a few words, the small words are the language's."""
    if any(char.isalpha() and not _is_latin(char) for char in text):
        return False
    known = _FUNCTION_WORDS.get(language)
    words = [word.lower() for word in _WORD.findall(text) if len(word) > 1 or word in "aeioAIO"]
    if known is None:
        return False
    if len(words) < _MIN_WORDS:
        return True
    others = [_FUNCTION_WORDS[name] for name in _FUNCTION_WORDS if name != language]
    own = sum(word in known for word in words)
    foreign = max(sum(word in other for word in words) for other in others)
    return own >= _MIN_SHARE * len(words) and own > foreign


def _is_latin(char: str) -> bool:
    # Numbers and angles have Greek names in every language.
    return char in "πθαβΔµªº" or unicodedata.name(char, "").startswith("LATIN")
