"""What a model is asked about an example, and the reply it is to learn.

    prompt = asked("mark_rubric", example)
    reply = wanted("mark_rubric", example)      "Score: 4/5" and the reasoning

Wording is not made here but in ``runtime.judge.prompt``, which marking uses too.
"""

from string import ascii_uppercase
from typing import TypeVar

from runtime.errors import BadInputError
from runtime.judge import prompt as contract
from runtime.judge.prompt import Prompt
from runtime.marking.mark import Verdict
from train.data.choices import letter_of
from train.data.schema import Example, Pair
from train.recipe import PromptName

T = TypeVar("T")


def asked(  # noqa: PLR0911 - one return a prompt of the contract
    name: PromptName, example: Example
) -> Prompt:
    """Return the prompt ``name`` of the contract for one example."""
    match name:
        case "solve":
            return contract.solve(example.question)
        case "summarise":
            return contract.summarise(example.source or example.question)
        case "choose":
            return contract.choose(example.question, example.options)
        case "explain":
            return contract.explain(example.item(), example.sources)
        case "mark_maths":
            return contract.mark_maths(example.item())
        case "mark_short_answer":
            return contract.mark_short_answer(example.item())
        case "mark_essay":
            return contract.mark_essay(example.item())
        case "mark_rubric":
            return contract.mark_rubric(example.item())
    raise BadInputError(
        f"The prompt {name!r} is not about one answer.", "Use it in a stage of kind prefer."
    )


def wanted(name: PromptName, example: Example) -> str:
    """Return the reply to ``asked(name, example)`` that is right.

    Raises ``BadInputError`` naming the example and the field it lacks.
    """
    match name:
        case "solve" | "summarise":
            return _have(example.feedback, "feedback", example)
        case "choose":
            named = letter_of(_have(example.reference, "reference", example), example.options)
            return _have(named, "reference among its options", example)
        case "explain":
            verdict = _have(example.verdict, "verdict", example)
            feedback = _have(example.feedback, "feedback", example)
            return contract.explanation_answer(verdict, feedback, example.language)
        case "mark_rubric" | "mark_essay":
            score = _have(example.score, "score", example)
            reasons = (example.feedback or "") if name == "mark_rubric" else ""
            return contract.score_answer(score, example.scale, reasons)
        case "mark_maths" | "mark_short_answer":
            return contract.verdict_answer(_have(example.verdict, "verdict", example))
    raise BadInputError(
        f"The prompt {name!r} has no reply to learn.", "Use it in a stage of kind prefer."
    )


def replies(name: PromptName, example: Example) -> dict[str, str]:
    """Return how the reply begins for each label there could be; {} where it is no label.

    Scores are those of the contract (``scale_scores``).
    """
    verdicts = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
    match name:
        case "choose":
            return {letter: letter for letter in ascii_uppercase[: len(example.options)]}
        case "explain":
            said = {one: contract.explanation_answer(one, "", example.language) for one in verdicts}
            return {one.value: text.strip() for one, text in said.items()}
        case "mark_rubric" | "mark_essay":
            scores = contract.scale_scores(example.scale)
            return {f"{one:g}": contract.score_answer(one, example.scale) for one in scores}
        case "mark_maths" | "mark_short_answer":
            return {one.value: contract.verdict_answer(one) for one in verdicts}
    return {}


def label_place(name: PromptName, example: Example) -> int:
    """Return which of ``replies`` is right; a score between two labels goes to the nearer."""
    labels = list(replies(name, example))
    match name:
        case "choose":
            return labels.index(wanted(name, example))
        case "mark_rubric" | "mark_essay":
            score = _have(example.score, "score", example)
            return min(range(len(labels)), key=lambda at: abs(float(labels[at]) - score))
    return labels.index(_have(example.verdict, "verdict", example))


def both_sides(name: PromptName, pair: Pair) -> tuple[Prompt, Prompt]:
    """Return the two prompts of a pair, the better answer's first, under the same criteria.

    For ``compare_answers`` both show both answers, in the two orders: no place is favoured.
    """
    chosen, rejected = answered(pair, pair.chosen), answered(pair, pair.rejected)
    if name == "compare_answers":
        item = chosen.item()
        return (
            contract.compare_answers(item, pair.chosen, pair.rejected),
            contract.compare_answers(item, pair.rejected, pair.chosen),
        )
    return asked(name, chosen), asked(name, rejected)


def answered(pair: Pair, answer: str) -> Example:
    """Return the question of a pair with one of its answers."""
    return Example(
        id=pair.id,
        set=pair.set,
        group=pair.group,
        task=pair.task,
        question=pair.question,
        answer=answer,
        options=pair.options,
        reference=pair.reference,
        rubric=pair.rubric,
        source=pair.source,
        language=pair.language,
    )


def _have(value: T | None, field: str, example: Example) -> T:
    if value is None:
        raise BadInputError(
            f"{example.set}: the example {example.id} has no {field}, which this stage learns.",
            f"Add the field '{field}', or map one of yours to it in the recipe's fields.",
        )
    return value
