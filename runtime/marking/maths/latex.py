"""LaTeX of answers, turned into the plain notation that ``reading`` knows."""

import re

_SPACES = re.compile(r"\\(?:[,;:> ]|quad\b|qquad\b|displaystyle\b|left\b|right\b|limits\b)")
_TEXT = re.compile(
    r"\\(?:text(?:bf|it|rm|normal|sf)?|textnormal|mathrm|mathbf|mbox|operatorname)\s*\{([^{}]*)\}"
)
_FRACTION = re.compile(r"\\[dtc]?frac\s*")
_BRACED = re.compile(r"\{([^{}]*)\}")
_SIGNS = {
    r"\times": "*", r"\cdot": "*", r"\div": "/", r"\leq": "<=", r"\le": "<=", r"\geq": ">=",
    r"\ge": ">=", r"\neq": "!=", r"\ne": "!=", r"\lt": "<", r"\gt": ">", r"\approx": "≈",
    r"\pi": "π", r"\%": "%", r"\$": "$", r"\{": "{", r"\}": "}", r"\degree": "°", r"\pounds": "£",
    r"\euro": "€", r"\sqrt": "√", r"\colon": ":", r"\cup": "∪", r"\in": "∈", r"\infty": "∞",
    r"\cfrac": r"\frac", r"\dots": "...", r"\ldots": "...",
}  # fmt: skip
_MAX_NESTING = 12


def is_latex(text: str) -> bool:
    """Whether the text holds LaTeX at all."""
    return "\\" in text or text.count("$") >= 2


def plain_latex(text: str) -> str:
    """Return the text with simple LaTeX written plainly; what is not simple stays as it is."""
    body = re.sub(r",\s*\\!\s*", ",", text).replace("\\!", "")
    body = re.sub(r"\\\\(?=[a-zA-Z(\[])", r"\\", body)
    body = re.sub(r"\\boxed\s*\{", "{", body)
    body = re.sub(r"\^\s*\{?\s*\\circ\s*\}?", "°", body)
    body = _TEXT.sub(r" \1 ", body)
    body = _SPACES.sub(" ", body)
    for _ in range(_MAX_NESTING):
        body, count = _one_fraction(body)
        if not count:
            break
    body = _with_signs(body)
    body = re.sub(r"√\s*\{([^{}]*)\}", r"√(\1)", body)
    body = re.sub(r"([\^])\s*\{([^{}]*)\}", r"\1(\2)", body)
    return _without_delimiters(body)


def _with_signs(body: str) -> str:
    for name in sorted(_SIGNS, key=len, reverse=True):
        ends = r"(?![a-zA-Z])" if name[-1].isalpha() else ""
        body = re.sub(re.escape(name) + ends, lambda _, name=name: _SIGNS[name], body)  # type: ignore[misc]
    return body


def _one_fraction(body: str) -> tuple[str, int]:
    """Write the last fraction plainly: the last holds no other one."""
    places = list(_FRACTION.finditer(body))
    if not places:
        return body, 0
    start, at = places[-1].start(), places[-1].end()
    top, at = _argument(body, at)
    bottom, at = _argument(body, at)
    if not top or not bottom:
        return body[:start] + "\ufffd" + body[places[-1].end() :], 1
    mixed = start > 0 and body[start - 1].isdigit()
    simple = top.strip().isdigit() and bottom.strip().isdigit()
    shown = f"{top.strip()}/{bottom.strip()}" if simple else f"(({top})/({bottom}))"
    after = " " if simple and body[at : at + 1].isdigit() else ""
    return body[:start] + (" " if mixed else "") + shown + after + body[at:], 1


def _argument(body: str, at: int) -> tuple[str, int]:
    while at < len(body) and body[at] == " ":
        at += 1
    if at < len(body) and body[at] == "{":
        depth = 0
        for index in range(at, len(body)):
            depth += {"{": 1, "}": -1}.get(body[index], 0)
            if not depth:
                return body[at + 1 : index], index + 1
        return "", at
    return body[at : at + 1], at + 1


def _without_delimiters(body: str) -> str:
    body = re.sub(r"\\[()\[\]]", " ", body)
    if body.count("$") >= 2 and not re.search(r"\$\d[^$]*\$\d", body):
        body = body.replace("$", " ")
    return body.strip()
