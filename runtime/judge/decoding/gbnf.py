"""Grammars in GBNF, checked before llama.cpp reads them.

    check('root ::= word (" " word)*\\nword ::= [a-z]+')

llama.cpp writes to stderr about a grammar it cannot read, and loops for ever in one that begins
with itself by way of a rule that may be empty. So a grammar of ours is one rule a line, without
token references, and is refused here in words.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from math import prod
from typing import NamedTuple

from runtime.errors import BadInputError
from runtime.words import _

MAX_CHARS = 4000
"""A grammar of a page: ours have ten lines, and nesting cannot exhaust llama.cpp's stack."""

MAX_REPEATS = 200
"""llama.cpp makes a rule of every repetition that is counted, nested ones multiplied."""

ROOT = "root"

_TOKEN = re.compile(
    r"(?P<space>[ \t]+|#.*)"
    r'|(?P<literal>"(?:[^"\\]|\\[nrt"\\\[\]]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})*")'
    r"|(?P<chars>\[\^?(?:[^\]\\]|\\[nrt\\\[\]-]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})+\])"
    r"|(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"|(?P<repeat>[*+?]|\{(?P<least>\d{1,3})(?:(?P<comma>,)(?P<most>\d{1,3})?)?\})"
    r"|(?P<sign>[()|.])"
)
_RULE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*)\s*::=(?P<body>.*)")


class _Part(NamedTuple):
    """One piece of a rule: a reference, a group of options, or characters (neither).

    ``again``: repeated without a limit.
    """

    reference: str = ""
    options: "tuple[tuple[_Part, ...], ...]" = ()
    empty: bool = False
    again: bool = False


_Rules = dict[str, _Part]


def check(text: str) -> None:
    """Raise ``BadInputError`` naming line and fault if llama.cpp could not use the grammar."""
    if len(text) > MAX_CHARS or "\0" in text:
        raise _error(f"has more than {MAX_CHARS} characters or a NUL in it")
    rules: _Rules = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, part = _rule(line, number)
            if name in rules:
                raise _error(f"gives the rule '{name}' twice", number)
            rules[name] = part
    _check_names(rules)
    empties = _empties(rules)
    _check_repeats(rules, empties)
    _check_left(rules, empties)


def _error(what: str, line: int = 0) -> BadInputError:
    where = f" in line {line}" if line else ""
    return BadInputError(
        _("The grammar {what}{where}.").format(what=what, where=where),
        _("Write one rule a line, as GBNF has them."),
    )


def _rule(line: str, number: int) -> tuple[str, _Part]:
    match = _RULE.fullmatch(line.strip())
    if match is None:
        raise _error("has no rule of the form 'name ::= ...'", number)
    tokens = list(_tokens(match["body"], number))
    if prod(int(token["most"] or token["least"] or 1) or 1 for token in tokens) > MAX_REPEATS:
        raise _error(f"repeats more than {MAX_REPEATS} times", number)
    part, rest = _group(tokens, number)
    if rest:
        raise _error("closes a bracket that is not open", number)
    return match["name"], part


def _tokens(body: str, number: int) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(body):
        match = _TOKEN.match(body, at)
        if match is None:
            raise _error(f"cannot be read at '{body[at : at + 10]}'", number)
        at = match.end()
        if match.lastgroup != "space":
            yield match


def _group(tokens: list[re.Match[str]], number: int) -> tuple[_Part, list[re.Match[str]]]:
    """Read options up to the closing bracket or the end; return them and what follows."""
    options: list[list[_Part]] = [[]]
    while tokens and tokens[0].group() != ")":
        token, tokens = tokens[0], tokens[1:]
        if token.group() == "|":
            options.append([])
        elif token["repeat"]:
            options[-1].append(_repeated(options[-1], token, number))
        elif token.group() == "(":
            inner, tokens = _group(tokens, number)
            if not tokens:
                raise _error("leaves a bracket open", number)
            tokens = tokens[1:]
            options[-1].append(inner)
        else:
            options[-1].append(_Part(token["name"] or "", empty=token.group() == '""'))
    return _Part(options=tuple(map(tuple, options))), tokens


def _repeated(before: list[_Part], token: re.Match[str], number: int) -> _Part:
    if not before:
        raise _error(f"repeats nothing with '{token.group()}'", number)
    least = int(token["least"] or 0) if token["least"] else int(token.group() == "+")
    if token["most"] and int(token["most"]) < max(least, 1):
        raise _error(f"repeats with '{token.group()}'", number)
    again = token.group() in ("*", "+") or (token["comma"] is not None and not token["most"])
    part = before.pop()
    return _Part(options=((part,),) if least else ((part,), ()), again=again)


def _check_names(rules: _Rules) -> None:
    if ROOT not in rules:
        raise _error(f"has no rule '{ROOT}'")
    for part in rules.values():
        for inner in _inside(part):
            if inner.reference and inner.reference not in rules:
                raise _error(f"names the rule '{inner.reference}', which is not there")


def _check_repeats(rules: _Rules, empties: set[str]) -> None:
    for name, rule in rules.items():
        for part in _inside(rule):
            if part.again and all(_may_be_empty(inner, empties) for inner in part.options[0]):
                raise _error(f"repeats without a limit in '{name}' what may be empty")


def _inside(part: _Part) -> Iterator[_Part]:
    yield part
    for option in part.options:
        for inner in option:
            yield from _inside(inner)


def _empties(rules: _Rules) -> set[str]:
    """Return the rules that may say nothing at all."""
    found: set[str] = set()
    while True:
        more = {name for name, part in rules.items() if _may_be_empty(part, found)}
        if more == found:
            return found
        found = more


def _may_be_empty(part: _Part, empties: set[str]) -> bool:
    if part.options:
        return any(all(_may_be_empty(p, empties) for p in option) for option in part.options)
    return part.empty or part.reference in empties


def _check_left(rules: _Rules, empties: set[str]) -> None:
    first = {name: set(_firsts(part, empties)) for name, part in rules.items()}
    for name in rules:
        reached, waiting = set[str](), [*first[name]]
        while waiting:
            following = waiting.pop()
            if following not in reached:
                reached.add(following)
                waiting.extend(first[following])
        if name in reached:
            raise _error(f"lets the rule '{name}' begin with itself")


def _firsts(part: _Part, empties: set[str]) -> Iterator[str]:
    """Yield the rules that a part may begin with."""
    if part.reference:
        yield part.reference
    for option in part.options:
        for inner in _beginning(option, empties):
            yield from _firsts(inner, empties)


def _beginning(option: Iterable[_Part], empties: set[str]) -> Iterator[_Part]:
    """Yield the parts of a sequence up to the first that says something."""
    parts = list(option)
    silent = len(list(takewhile(lambda part: _may_be_empty(part, empties), parts)))
    yield from parts[: silent + 1]
