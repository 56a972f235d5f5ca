"""The contract's SHA-256: part of every mark's and every adapter's provenance."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from runtime.judge.prompt import answers, tasks, templates
from runtime.judge.prompt.parts import Prompt
from runtime.marking.item import Form, Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.rubric import Criterion, Rubric

_VERDICTS = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)
_BARE = Item(id="", task=Task.RUBRIC, question="q", answer="a")
_FULL = msgspec.structs.replace(
    _BARE,
    reference="r",
    source="s",
    form=Form.SIMPLEST,
    scale=(1.0, 5.0),
    language="it",
    rubric=Rubric(
        name="n",
        description="d",
        criteria=(Criterion(name="c", description="e", weight=2.0, levels={1: "l"}),),
    ),
)


@lru_cache(maxsize=1)
def contract_digest() -> str:
    """Return the SHA-256 (hexadecimal) over every prompt's, reply's and template's wording.

    Two small items, one with every field and one with none, bring all of the wording to light.
    """
    words = [*_prompts(), *_replies()]
    ours = (templates.GEMMA_TEMPLATE, templates.CHATML_TEMPLATE, templates.PLAIN_TEMPLATE)
    return hashlib.sha256(msgspec.json.encode([words, ours])).hexdigest()


def _prompts() -> Iterator[Prompt]:
    for item in (_BARE, _FULL):
        yield from (tasks.mark_maths(item), tasks.mark_maths(item, ["x", "y"]))
        yield from (tasks.mark_short_answer(item), tasks.mark_essay(item), tasks.mark_rubric(item))
        yield tasks.compare_answers(item, "1", "2")
        yield from (tasks.explain(item, []), tasks.explain(item, ["x", "y"]))
    yield from (tasks.solve("q"), tasks.summarise("t"), tasks.choose("q", ["x", "y"]))


def _replies() -> Iterator[str]:
    yield from map(answers.verdict_answer, _VERDICTS)
    yield answers.score_answer(3, (1, 5), "why")
    yield answers.solution_answer("w", "n")
    for language in ("en", "it"):
        for verdict in _VERDICTS:
            yield answers.explanation_answer(verdict, "f", language)
