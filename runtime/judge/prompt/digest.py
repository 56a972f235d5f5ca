"""The contract's SHA-256: part of every mark's and every adapter's provenance."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from runtime.judge.prompt import answers, following, tasks, templates
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
        criteria=(Criterion(name="c", description="e", weight=2.0, levels={1: "l", 5: "m"}),),
    ),
)


@lru_cache(maxsize=1)
def contract_digest() -> str:
    """Return the SHA-256 (hexadecimal) over every prompt's, reply's and template's wording.

    Two small items, one with every field and one with none, bring all of the wording to light.
    """
    words = [*_prompts(), *_replies()]
    shapes = (templates.GEMMA_TEMPLATE, templates.CHATML_TEMPLATE, templates.PLAIN_TEMPLATE)
    return hashlib.sha256(msgspec.json.encode([words, shapes])).hexdigest()


def _prompts() -> Iterator[Prompt]:
    for item in (_BARE, _FULL):
        yield from (tasks.mark_maths(item), tasks.mark_maths(item, ["x", "y"]))
        yield from (tasks.mark_short_answer(item), tasks.mark_essay(item), tasks.mark_rubric(item))
        yield tasks.compare_answers(item, "1", "2")
        yield from (tasks.explain(item, []), tasks.explain(item, ["x", "y"]))
    assert _FULL.rubric
    yield tasks.mark_trait(tasks.mark_rubric(_FULL), _FULL.rubric.criteria[0])
    yield from _turns(tasks.mark_maths(_BARE))
    yield from (tasks.solve("q"), tasks.summarise("t"), tasks.choose("q", ["x", "y"]))


def _turns(asked: Prompt) -> Iterator[Prompt]:
    for language in ("en", "it", "other"):
        yield following.give_reason(asked, "s", ["x"], language)
        yield following.converse(asked, "s", "q", language=language, grade=3)
        for verdict in _VERDICTS:
            yield following.give_feedback(asked, "s", verdict, language=language)
        revealed = following.give_feedback(
            asked, "s", Verdict.PARTIAL, ["x"], language=language, grade=3, reveal=True
        )
        yield revealed


def _replies() -> Iterator[str]:
    yield from map(answers.verdict_answer, _VERDICTS)
    yield answers.score_answer(3, (1, 5), "why")
    yield from (f"{score:g}" for score in answers.scale_scores((0, 100)))
    yield answers.solution_answer("w", "n")
    for language in ("en", "it"):
        for verdict in _VERDICTS:
            yield answers.explanation_answer(verdict, "f", language)
