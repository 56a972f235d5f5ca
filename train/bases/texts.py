"""What the tokenizers of tiny models are trained on: the prompts, and texts of the simulators.

So the words of marking are a token or two each, and tiny runs are short. A change to either makes
other tiny models; ``load_trained`` notices an adapter of an older one.
"""

from collections.abc import Iterator

from runtime.judge.prompt import (
    Prompt,
    choose,
    compare_answers,
    converse,
    explain,
    give_feedback,
    give_reason,
    mark_essay,
    mark_maths,
    mark_rubric,
    mark_short_answer,
    solve,
    summarise,
)
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from train.simulate import SIMULATORS

EXAMPLES = 20
"""Of each simulator: enough for every frame and rule, and read in a tenth of a second."""


def training_texts() -> list[str]:
    """Return the texts, the same each time."""
    prompts = [part.text for prompt in _prompts() for message in prompt for part in message.parts]
    return prompts + list(_simulated())


def _prompts() -> Iterator[Prompt]:
    """Yield every prompt with nothing in it: its own words."""
    for language in ("en", "it"):
        item = Item(id="1", task=Task.MATH, question="", language=language)
        for mark in (mark_maths, mark_short_answer, mark_essay, mark_rubric):
            yield mark(item)
        yield explain(item, ())
        yield compare_answers(item, "", "")
        yield give_reason((), "", [""], language)
        yield converse((), "", "", language=language)
        for verdict in (Verdict.CORRECT, Verdict.INCORRECT):
            yield give_feedback((), "", verdict, language=language)
    yield from (solve(""), summarise(""), choose("", ()))


def _simulated() -> Iterator[str]:
    for name in sorted(SIMULATORS):
        for example in SIMULATORS[name](EXAMPLES, 0):
            texts = (example.question, example.answer, example.feedback, example.source)
            yield from (text for text in texts if text)
            yield from (*example.steps, *example.options, *example.sources)
