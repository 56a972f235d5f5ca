"""Texts in the code that people would read in no language but English.

    shown(tree)                 given to a widget or a notification as they stand
    raised(tree, errors())      message or remedy of an error that people read
    kept(tree)                  sentences that a mark would keep without ``noted``
    hidden(tree)                names ``_`` that stand where texts are translated

Each yields the nodes of a module's syntax tree that are at fault.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

from tests.catalogues import CODE

_TEXT_CALLS = frozenset(
    "Static Label Button Markdown Checkbox RadioButton Collapsible TabPane Option Content TopLine "
    "notify update say did BadInputError add_column add_columns".split()
)
"""Calls whose first argument is read by people."""
_TEXT_ARGUMENTS = frozenset({"placeholder", "title", "label", "tooltip", "prompt"})
_TEXT_NAMES = frozenset({"HELP", "TITLE", "SUB_TITLE", "BORDER_TITLE"})
_NO_WORDS = frozenset({"Kindmark", "OK", "PIN"})
_TRANSLATED = frozenset({"_", "N_", "ngettext", "said", "noted"})
_SENTENCE = re.compile(r"[A-Z“{].*[\w}]{2,} [\w{]{2,}.*[.?!]", re.DOTALL)
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

Texts = Iterator[ast.expr]


def is_words(node: ast.expr) -> bool:
    """Whether an expression is a bare text, or one put together, that a person would read."""
    if isinstance(node, ast.JoinedStr):
        return any(is_words(part) for part in node.values)
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    text = node.value.strip()
    return any(map(str.isalpha, text)) and text not in _NO_WORDS


def called(node: ast.Call) -> str:
    """Return the name of what is called, without what it belongs to."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def shown(tree: ast.Module) -> Texts:
    """Yield the texts that a screen shows as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if called(node) in _TEXT_CALLS:
                yield from filter(is_words, node.args[:1])
            if called(node) == "Binding":
                yield from filter(is_words, node.args[2:3])
            named = (one.value for one in node.keywords if one.arg in _TEXT_ARGUMENTS)
            yield from filter(is_words, named)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {getattr(target, "id", "") for target in targets}
            if names & _TEXT_NAMES and node.value and is_words(node.value):
                yield node.value


@cache
def errors() -> frozenset[str]:
    """Return the names of ``KindmarkError`` and of every error that stands on it."""
    found = {"KindmarkError"}
    classes = [node for tree in _trees() for node in ast.walk(tree)]
    bases = {
        node.name: {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        for node in classes
        if isinstance(node, ast.ClassDef)
    }
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return frozenset(found)


def raised(tree: ast.Module, names: frozenset[str]) -> Texts:
    """Yield what errors of these ``names`` are given, and their titles, if it is not translated."""
    constants = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            for given in (*node.args, *(one.value for one in node.keywords)):
                yield from (text for text in _leaves(given, constants) if is_words(text))
        if isinstance(node, ast.ClassDef) and node.name in names:
            titles = _constants(node)
            yield from (titles[name] for name in ("title",) if name in titles)


def kept(tree: ast.Module) -> Texts:
    """Yield the sentences that are neither translated, nor noted, nor explanations of the code."""
    marked = {
        id(part)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and called(node) in _TRANSLATED) or _is_aside(node)
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            marked.update(map(id, node.values))
        if isinstance(node, ast.expr) and id(node) not in marked and _is_sentence(node):
            yield node


def hidden(tree: ast.Module) -> Texts:
    """Yield each ``_`` that takes a value in a function which translates by ``_``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | _COMPREHENSIONS):
            inner = [] if isinstance(node, _COMPREHENSIONS) else _own_names(node)
            names = [one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == "_"]
            taken = [
                one for one in names if isinstance(one.ctx, ast.Store) and (id(one) not in inner)
            ]
            if any(isinstance(one, ast.Call) and called(one) == "_" for one in ast.walk(node)):
                yield from taken


def _own_names(function: ast.AST) -> list[int]:
    """Return the names within comprehensions, which hide nothing outside of them."""
    inside = (one for one in ast.walk(function) if isinstance(one, _COMPREHENSIONS))
    return [id(name) for one in inside for name in ast.walk(one)]


@cache
def _trees() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in sorted(CODE.rglob("*.py")))


def _constants(scope: ast.Module | ast.ClassDef) -> Mapping[str, ast.expr]:
    """Return the bare texts that a class, or anything in a module, gives names to."""
    nodes = scope.body if isinstance(scope, ast.ClassDef) else ast.walk(scope)
    return {
        target.id: text
        for node in nodes
        if isinstance(node, ast.Assign)
        for text in _leaves(node.value, {})
        if is_words(text)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _leaves(node: ast.expr, constants: Mapping[str, ast.expr]) -> Texts:
    """Yield the texts that an expression may come to."""
    if isinstance(node, ast.IfExp):
        yield from _leaves(node.body, constants)
        yield from _leaves(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]
    else:
        yield node


def _is_aside(node: ast.AST) -> bool:
    """Whether a node says something to programmers alone: documentation, defects, the log."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return getattr(node.func.value, "id", "") == "LOGGER"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return _SENTENCE.fullmatch("".join(map(str, parts))) is not None
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _SENTENCE.fullmatch(node.value) is not None
    )
