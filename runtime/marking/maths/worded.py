"""Answers in words: yes and no, true and false, letters of a choice, names and signs."""

import re

from runtime.marking.maths.notation import plain, wording
from runtime.marking.maths.places import Candidate

_LEAD_IN = re.compile(
    r"^(?:(?:i think|i say|i got|so|it is|it's|its|the answer is|answer|ans|option|choice|letter|"
    r"this is|that is|they are|is|a|an|the)(?![^\W\d_])[:,.=]*\s*)+",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(r"\b(?:not|no|or|isn't|isnt|never|nor)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|cause|cos|cuz|bc|since|as|so|perché|weil)\b|[,.;!–—-]|\s\(", re.IGNORECASE
)
_SPELLINGS = {
    "yes": "y yeah yep yup ja sì si".split(),
    "no": "n nope nah nein".split(),
    "true": "t vero wahr richtig correct".split(),
    "false": "f falso falsch incorrect untrue".split(),
}
_DECISIONS = {word: name for name, words in _SPELLINGS.items() for word in (name, *words)}
_CHOICE = re.compile(
    r"(?:(?:i think|i say|so|my|the|it is|it's|its|is|correct|right|answer|ans|"
    r"option|choice|letter)\b[:,.=]?\s*){0,6}[\[(]?(?P<letter>[a-h])(?:[\])]|(?![^\W_]))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGN_NAMES = {
    "<": "less than", ">": "greater than", "=": "equal to", "≤": "less than or equal to",
    "≥": "greater than or equal to", "+": "plus", "-": "minus", "*": "times", "/": "divided by",
}  # fmt: skip
_SIGN_WORDS = {
    "less than": "less than", "smaller than": "less than", "is less than": "less than",
    "greater than": "greater than", "more than": "greater than", "bigger than": "greater than",
    "larger than": "greater than", "equals": "equal to", "equal": "equal to", "add": "plus",
    "equal to": "equal to", "the same": "equal to", "plus": "plus", "take away": "minus",
    "subtract": "minus", "minus": "minus", "times": "times", "multiply": "times",
    "divide": "divided by", "divided by": "divided by",
}  # fmt: skip


def sign_name(text: str) -> str | None:
    """Return the name of a sign that is a whole answer: "<" is "less than"."""
    body = plain(text).strip().strip("\"' ").replace("<=", "≤").replace(">=", "≥")
    return _SIGN_NAMES.get("*" if body in ("x", "X") else body)


def worded(place: Candidate, wanted: str) -> str:
    """Return the answer as it compares with the wanted words; "" where nothing is said."""
    line = place.text.splitlines()[0].strip()
    if wanted in _SIGN_NAMES.values():
        return _sign(line)
    if wanted in _SPELLINGS:
        return _decision(line)
    if re.fullmatch(r"[a-h]", wanted):
        return _choice(line) or _phrase(line, wanted)
    return _phrase(line, wanted)


def _sign(line: str) -> str:
    alone = sign_name(line)
    if alone is not None:
        return alone
    body = plain(line).replace("<=", "≤").replace(">=", "≥")
    inside = re.findall(r"(?<=[\d)\s])[<>=≤≥+*/]|(?<=\s)-(?=\s)", body)
    if len(set(inside)) == 1:
        return _SIGN_NAMES[inside[0]]
    words = wording(re.sub(r"\d[\d.,/]*|\bis\b", " ", plain(line)))
    return _SIGN_WORDS.get(words, words)


def _decision(line: str) -> str:
    """Read yes or no, true or false, from before the reason that is given for it."""
    cut = _REASON.search(line, 1)
    head = line[: cut.start()] if cut else line
    said = {_DECISIONS[word] for word in wording(head).split() if word in _DECISIONS}
    first = wording(_LEAD_IN.sub("", line)).split()[:1]
    if len(said) == 1 and not re.search(r"\bnot\b|n't\b|\bor\b", head):
        return said.pop()
    opens = bool(first) and first[0] in _DECISIONS and not re.search(r"\b(?:or|and)\b", head)
    return _DECISIONS[first[0]] if opens else wording(line)


def _choice(line: str) -> str:
    """Read the letter of a choice, "" where none opens the line; "A or B" is none."""
    match = _CHOICE.fullmatch(line)
    others = match is not None and re.match(
        r"\s*(?:,|/|&|or\b|and\b)\s*[\[(]?[a-h]\b", match["rest"], re.IGNORECASE
    )
    if match is None:
        return ""
    return wording(line) if others else match["letter"].casefold()


def _phrase(line: str, wanted: str) -> str:
    """Read an answer in words without "I think it is"."""
    words = wording(_LEAD_IN.sub("", line))
    held = f" {wanted} " in f" {words} " and not _UNDECIDED.search(line)
    short = len(words.split()) <= len(wanted.split()) + 8
    spelled = "".join(words.split()) == wanted and all(len(word) == 1 for word in words.split())
    return wanted if wording(line) == wanted or spelled or (held and short) else words
