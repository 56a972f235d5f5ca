"""Whether feedback says something else than the evidence: of the verdict, of a line, of a sum.

    contradictions("Well done, that is right!", told)
    ["It praises an answer that is wrong."]

Clauses are judged one by one. A question says nothing, and what is negated says the opposite.
"""

import re
from collections.abc import Iterator

from runtime.marking.feedback_check.numbers_said import numbers_said
from runtime.marking.feedback_check.told import Told
from runtime.marking.mark import Verdict
from runtime.marking.maths.calculations import Truth, check_links
from runtime.marking.maths.notation import plain, wording
from runtime.marking.maths.reading import read
from runtime.marking.maths.values import Quantity
from runtime.words import noted

_CLAUSE = re.compile(r"[^.!?;:\n]*(?:\.(?=\d)[^.!?;:\n]*)*[.!?;:\n]?")
_JOIN = re.compile(
    r"\b(?:but|however|although|though|yet|while|ma|però|anche se|mentre)\b|[,–—]", re.I
)

_RIGHT = re.compile(
    r"\b(?:right|correct(?:ly)?|true|perfect(?:ly)?|exactly(?= right| correct|\W*$)|exact|spot on|"
    r"well done|bravo|brava|excellent|(?:great|good) (?:job|work)|full marks|congratulations|"
    r"nailed it|"
    r"giust[oaie]|corrett[oaie]|esatt[oaie]|perfett[oaie]|ottim[oaie]|complimenti|bravissim[oa]|"
    r"eccellente)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:wrong|incorrect|false|mistaken?|mistakes|errors?|try (?:it )?again|not (?:there )?yet|"
    r"not quite|nearly|almost|isn'?t (?:right|correct)|went astray|slip(?:ped)?|off track|"
    r"sbagliat[oaie]|errat[oaie]|errore|errori|scorrett[oaie]|riprova|quasi|non ancora)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|n't|no|never|nothing|none|without|isn'?t|wasn'?t|aren'?t|doesn'?t|don'?t|didn'?t|"
    r"nearly|almost|hardly|free of|avoid|non|niente|nessun[oa]?|senza|quasi|mai|né)\b"
    r"[^.!?;:]{0,24}$",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|whether|check|make sure|to (?:be|get|make|find)|would be|could be|close to|so that|"
    r"until|the (?:right|correct|true|exact) (?!answer|result)|try|find|need|se|controlla|verifica|"
    r"per (?:essere|avere|trovare)|cerca|trova|finché|la risposta (?:giusta|corretta))\b",
    re.IGNORECASE,
)
_OTHER_RIGHT = re.compile(
    r"^\s*(?:track|idea|way|direction|path|angle|angles|triangle|hand|side|now|place|order|start|"
    r"method|unit|steps?|thinking|formula|operation|from|after|before|up to|so far|until|here|"
    r",? or|,? no up)\b",
    re.IGNORECASE,
)
_MOVING = re.compile(r"\b(?:to the|mov\w+|far|turn|go|left (?:and|or|/))\s*$", re.IGNORECASE)
# "Good job showing your work", "you are correct that it is a kite": praise of less than all.
_OF_THIS = re.compile(r"^\s*(?:\w+ing|that|about|today|on|with|to)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:part|partly|partial|some|first|half|idea|start|value|number|method|way|unit|steps?|"
    r"lines?|sentences?|point|numerator|denominator|sign|digits?|term|beginning|effort|try|trying|thinking|parte|inizio|idea|valore|numero|"
    r"metodo|rig[ah]e?|passagg\w+|procedimento|tentativo|impegno|operazion\w+|operations?|plan)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|every|everything|whole|fully|entirely|tutt[oaie]|ogni)\b", re.IGNORECASE
)
_BUT = re.compile(
    r"\b(?:but|however|although|though|yet|except|apart from|miss(?:es|ing)?|not|partly|partially|"
    r"incomplete|ma|però|tranne|a parte|manca|mancano|non|in parte)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\W*(?:(?:yes|sì|well)\W+)?(?:(?:that|this|it|(?:your|the|this) (?:answer|response|solution|"
    r"work|result)|la (?:tua )?(?:risposta|soluzione)|questo|il (?:tuo )?risultato)"
    r"(?:'s| is| was| è)?\s+)?(?:(?:\w+ly|so|very|quite|è|molto)\s+)*"
    rf"(?:{_RIGHT.pattern})\W*(?:(?:and )?{_RIGHT.pattern}\W*)*",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1,
    "prima": 1, "seconda": 2, "terza": 3, "quarta": 4, "quinta": 5, "ultima": -1,
    "primo": 1, "secondo": 2, "terzo": 3, "quarto": 4, "quinto": 5, "ultimo": -1,
}  # fmt: skip
_LINE = re.compile(
    rf"\b(?:(?P<ordinal>{'|'.join(_ORDINALS)}) (?:line|step|row|riga|passaggio|passo)"
    r"|(?:line|step|row|riga|passaggio|passo) (?:number |numero )?(?P<number>\d{1,3}|one|two|three|"
    r"four|five|uno|due|tre|quattro|cinque))\b",
    re.IGNORECASE,
)
_SPELLED = {word: at % 5 + 1 for at, word in enumerate(
    "one two three four five uno due tre quattro cinque".split()
)}  # fmt: skip
_LOOK = re.compile(
    r"\b(?:look|check|again|think|read|redo|work out|careful\w*|problem|guarda|controlla|rivedi|"
    r"rileggi|ripensa|rifai|attenzione|attent[oa])\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"\b(?:up to|until|before|fino a(?:lla)?|prima (?:di|della))\s*$", re.IGNORECASE
)
_CLAIM = re.compile(
    r"\b(?:correct |right |final )?(?:answer|result|solution) (?:is|should be|must be|equals)"
    r"\W{0,2}(?P<en>[^,.!?;]{1,30})|\b(?:risposta|risultato|soluzione)(?: giust[oa]| corrett[oa])?"
    r" (?:è|dev'essere|deve essere)\W{0,2}(?P<it>[^,.!?;]{1,30})",
    re.IGNORECASE,
)


def contradictions(text: str, told: Told) -> list[str]:
    """Return what the evidence does not bear out, a sentence each."""
    found = [*_of_verdict(text, told), *_of_lines(text, told), *_of_sums(text, told)]
    return list(dict.fromkeys(found))


def _clauses(text: str) -> Iterator[str]:
    """Yield what is stated, clause by clause; questions are none."""
    for sentence in _CLAUSE.findall(plain(text)):
        if not sentence.rstrip().endswith("?"):
            yield from _JOIN.split(sentence)


def _of_verdict(text: str, told: Told) -> Iterator[str]:
    # Of an answer that is partly right, "that is correct, but ..." is true.
    qualified = told.verdict is Verdict.PARTIAL and _BUT.search(text) is not None
    for clause in _clauses(text):
        if told.verdict is not Verdict.CORRECT and not qualified and _praises(clause, told):
            yield noted("It praises an answer that is wrong.")
        if told.verdict is Verdict.CORRECT and not _line_is_wrong(told) and _blames(clause):
            yield noted("It finds fault with an answer that is right.")


def _praises(clause: str, told: Told) -> bool:
    """Whether a clause says that the answer is right: for a part of the points, all of it."""
    said = [match for match in _RIGHT.finditer(clause) if _is_said(clause, match)]
    if not said:
        return False
    if _ALL.search(clause):
        return True
    if told.verdict is Verdict.PARTIAL and _WHOLE.fullmatch(clause.strip()) is None:
        return False
    return not (_PART.search(clause) or _LINE.search(clause))


def _is_said(clause: str, match: re.Match[str]) -> bool:
    before, after = clause[: match.start()], clause[match.end() :]
    if _NOT.search(before) or _OPEN.search(f"{before}{match.group()}{after[:8]}"):
        return False
    if match.group().lower() in ("right", "true", "exact") and (
        _OTHER_RIGHT.match(after) or _MOVING.search(before)
    ):
        return False
    return _OF_THIS.match(after) is None


def _blames(clause: str) -> bool:
    wrong = any(
        not _NOT.search(clause[: match.start()]) or match.group().lower().startswith("not")
        for match in _WRONG.finditer(clause)
    )
    denied = any(
        re.search(r"\b(?:not|n't|isn'?t|non)\b[^.!?;:]{0,16}$", clause[: match.start()], re.I)
        for match in _RIGHT.finditer(clause)
    )
    return wrong or denied


def _line_is_wrong(told: Told) -> bool:
    return told.first_wrong_step is not None and told.first_wrong_step >= 0


def _of_lines(text: str, told: Told) -> Iterator[str]:
    count = len(told.item.lines())
    suspect = {e.step for e in told.evidence if e.step is not None and _is_fault(e.kind, told)}
    clauses = (part for whole in _CLAUSE.findall(plain(text)) for part in _JOIN.split(whole))
    for clause in clauses:
        for match in _LINE.finditer(clause):
            line = _number(match, count)
            if not 0 < line <= count:
                yield noted("It names line {line}; the answer has {count}.", line=line, count=count)
            elif _UP_TO.search(clause[: match.start()]):
                continue
            elif count == 1 and told.verdict is not Verdict.CORRECT:
                continue  # the only line is all of the answer, which is not right
            elif _says_wrong(clause) and line - 1 not in {told.first_wrong_step, *suspect}:
                yield noted("It points at line {line}, of which nothing wrong is known.", line=line)
            elif _says_right(clause) and line - 1 == told.first_wrong_step:
                yield noted("It says that line {line} is right, which does not hold.", line=line)


def _is_fault(kind: str, told: Told) -> bool:
    return kind != "final_answer" or told.verdict is not Verdict.CORRECT


def _number(match: re.Match[str], count: int) -> int:
    if match["ordinal"]:
        found = _ORDINALS[match["ordinal"].lower()]
        return count if found < 0 else found
    said = match["number"].lower()
    return int(said) if said.isdigit() else _SPELLED[said]


def _says_wrong(clause: str) -> bool:
    return bool(_LOOK.search(clause) or _blames(clause))


def _says_right(clause: str) -> bool:
    return any(_is_said(clause, match) for match in _RIGHT.finditer(clause))


def _of_sums(text: str, told: Told) -> Iterator[str]:
    """Yield calculations that are wrong and not quoted, and claims of another final answer."""
    mine = wording(told.item.text)
    for link in check_links(plain(text)):
        said = text[link.left[0] : link.right[1]]
        if link.truth is Truth.FALSE and wording(said) not in mine:
            yield noted("It calculates wrongly: {said}.", said=said)
    wanted = {v.number for v in read(told.item.reference or "") if isinstance(v, Quantity)}
    for match in _CLAIM.finditer(plain(text)):
        if wanted and not re.search(r"\b(?:your|tua|tuo)\s+$", text[: match.start()], re.I):
            claimed = {said.value for said in numbers_said(match["en"] or match["it"], "en")}
            if claimed and not claimed & wanted and not _NOT.search(match.group()):
                yield noted("It gives an answer that is not the reference.")
