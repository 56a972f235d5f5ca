"""Respelling: notations of classrooms and countries written the one way the readers know.

``with_minus`` keeps every character's place, so spans hold; ``respelled`` changes lengths and
is for text that only has to be read.
"""

import re

_MINUS = re.compile(r"\b(?:minus|negative|meno)\s{1,3}(?=[.\d])", re.IGNORECASE)
_OPERAND_BEFORE = re.compile(r"(?:[\d)%°]|\b[a-zA-Z])\s*$")
_NOT_A_WHOLE = r"(?![\d.,/:])"
_PLACES = re.compile(
    r"[,(]?\s{0,2}\b(?:correct |rounded )?(?:to )?(?:the )?\(?"
    r"(?:\d{1,2} ?(?:d\.? ?p\b\.?|s\.? ?f\b\.?|sig\.? ?figs?\b\.?|decimal places?|"
    r"significant figures?)|nearest (?:whole(?: number)?|integer|(?:ten|hundred|thousand)(?:th)?))"
    r"\s{0,3}\)?",
    re.IGNORECASE,
)
_MORE = r"(?:greater|more|bigger|larger|higher)"
_LESS = r"(?:less|smaller|fewer|lower)"
_NAMED = r"^([A-Za-z]) (?:is |has to be |must be )"
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"=<", "<="),
        (rf"{_NAMED}{_MORE} than or equal to ", r"\1 >= "),
        (rf"{_NAMED}{_LESS} than or equal to ", r"\1 <= "),
        (rf"{_NAMED}at least ", r"\1 >= "),
        (rf"{_NAMED}at most ", r"\1 <= "),
        (rf"{_NAMED}{_MORE} than ", r"\1 > "),
        (rf"{_NAMED}{_LESS} than ", r"\1 < "),
        (r"(?<=[\da-z)])\s+to the (?:power (?:of )?)(-?\d{1,3})\b", r"^\1"),
        (
            r"^(?:a |an )?(\d{1,4}) (?:in|out of|chances? (?:in|out of)) (?:every )?"
            r"(\d{1,4})(?: chance)?$",
            r"\1/\2",
        ),
        (r"^(-?\d{1,9}) squared$", r"\1^2"),
        (r"^(-?\d{1,9}) cubed$", r"\1^3"),
        (r"^(\d{1,6}) [a-z]{2,20} to (?:every )?(\d{1,6}) [a-z]{2,20}$", r"\1:\2"),
        (r"(\d{1,6}) pounds? (?:and )?(\d\d)$", r"£\1.\2"),
        (r"(\d{1,6}) dollars? (?:and )?(\d\d)$", r"$\1.\2"),
        (r"(\d{1,6}) euros? (?:and |e )?(\d\d)$", r"\1.\2 €"),
        (r"(\d{1,6}) euros? (?:and )?(\d\d?) (?:euro)?cents?$", r"\1 € \2 eurocent"),
        (rf"([£$])\s?(\d{{1,6}})-(\d\d){_NOT_A_WHOLE}", r"\1\2.\3"),
        (rf"(?<![\d.,])(\d{{1,6}})\s?€\s?(\d\d){_NOT_A_WHOLE}", r"\1.\2 €"),
        (rf"([£$€₹])\s?(\d{{1,6}})\s?([.,])\s(\d\d){_NOT_A_WHOLE}", r"\1\2\3\4"),
        (r"([£$])\s?(\d{1,6}),? (?:and )?(\d\d) ?[pc¢](?:ents|ence)?$", r"\1\2.\3"),
        (r"(?<![a-z])(k?m|cm) ?(h|s)(?:⁻¹| ?\^\(?-1\)?)", r"\1/\2"),
        (r"\bRs\b\.?\s*(?=\d)", "₹"),
        (r"(?<=\d)\s?/[-=]$", ""),
        (r"(\d{1,4})\s?h(?:(?:ou)?rs?|ours)?\.?\s?(\d{1,2})\s?m\b\.?", r"\1 h \2 min"),
        (r"(\d{1,4}) (hours?|minutes?|years?) and a half\b", r"\1 1/2 \2"),
        (r"(\d{1,4}) (hours?|minutes?|years?) and (?:a|one) quarter\b", r"\1 1/4 \2"),
        (r"(\d{1,4}) (hours?|minutes?|years?) and three quarters\b", r"\1 3/4 \2"),
        (r"(\d[\d.,]{0,12})(\D{0,12}?) below (?:zero|0|freezing)$", r"-\1\2"),
        (r"(\d)\\dot\s?\{?(\d)\}?", r"\1(\2)"),
        (r"(?<=[.,])\\dot\s?\{?(\d)\}?", r"(\1)"),
        (r"(?<=[.,\d])\\(?:overline|bar)\s?\{(\d{1,6})\}", r"(\1)"),
        (r"(?<=[.,\d])(\d)\u0307", r"(\1)"),
        (r"(\.)(\d{0,6}?)(\d)\3{1,20}\s?(?:\.{2,}|…)$", r"\1\2(\3)"),
        (r"(\.)(\d{0,6}?)(\d\d)\3{1,9}\s?(?:\.{2,}|…)$", r"\1\2(\3)"),
        (
            r"([.,])(\d{0,6}?)(\d)\3{0,20},? (?:recurring|repeating|rec\.?|periodico|periodic)$",
            r"\1\2(\3)",
        ),
        (r"^\(?[a-h][).]\s+(?=[-£$€₹]?\d)", ""),
    )
)  # fmt: skip


def with_minus(text: str) -> str:
    """Write "minus 8" and "negative 8" as -8, place for place; "9 minus 4" is a calculation."""

    def signed(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - 4) : match.start()]
        if _OPERAND_BEFORE.search(before):
            return match.group()
        return "-".rjust(len(match.group()))

    return _MINUS.sub(signed, text)


def without_places(text: str) -> str:
    """Blank remarks like "(2 d.p.)" and "to the nearest ten" behind a number, place for place."""

    def blank(match: re.Match[str]) -> str:
        behind = (
            re.search(r"\d\D{0,12}$", text[max(0, match.start() - 20) : match.start()]) is not None
        )
        return " " * len(match.group()) if behind else match.group()

    return _PLACES.sub(blank, text)


def respelled(body: str) -> str:
    """Return plain text in the notation of ``reading``; what no rule knows stays as it is."""
    text = without_places(with_minus(body)).strip()
    for pattern, new in _RULES:
        text = pattern.sub(new, text)
    return text.strip()
