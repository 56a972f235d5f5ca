"""The prompts, one function a task; training and marking call the same ones.

    prompt = mark_short_answer(item)

Question, reference, rubric, sources and above all the child's text stand in blocks of their own and
never become special tokens. What a class shares comes before anything of a child's.
"""

from collections.abc import Sequence
from itertools import chain
from string import ascii_uppercase

from runtime.judge.prompt import wording
from runtime.judge.prompt.explaining import explaining
from runtime.judge.prompt.parts import Message, Part, Prompt, childs, given, ours
from runtime.marking.item import Item
from runtime.marking.rubric import Criterion, Rubric

Parts = tuple[Part, ...]


def mark_maths(item: Item, evidence: Sequence[str] = ()) -> Prompt:
    """Ask for a verdict on a maths answer; ``evidence``: what code found, a sentence each."""
    checks = _block("checks", childs("\n".join(evidence))) if evidence else ()
    intro = (ours(f"{wording.CHECKS}\n"), *checks) if evidence else ()
    return _prompt(wording.MATHS, *_shared(item), intro, *_work(item, wording.ASK_VERDICT))


def mark_short_answer(item: Item) -> Prompt:
    """Ask for a verdict on a short answer."""
    return _prompt(wording.SHORT_ANSWER, *_shared(item), *_work(item, wording.ASK_VERDICT))


def mark_essay(item: Item) -> Prompt:
    """Ask for a score on the item's scale, nothing else."""
    return _scored(wording.ESSAY, item)


def mark_rubric(item: Item) -> Prompt:
    """Ask for a score by the rubric ("Score: X/5") and then for the reasoning."""
    return _scored(wording.RUBRIC, item)


def mark_trait(prompt: Prompt, criterion: Criterion) -> Prompt:
    """Ask for a score by one criterion of the rubric, on its own levels.

    ``prompt`` is what ``mark_essay`` or ``mark_rubric`` made of the item: all but its last line is
    kept, so that the criteria of an answer share it. What the levels mean stands there already.
    """
    system, user = prompt
    levels = [str(level) for level in sorted(criterion.levels)]
    listed = " or ".join(filter(None, (", ".join(levels[:-1]), *levels[-1:])))
    ask = ours(wording.ASK_TRAIT), given(criterion.name)
    level = ours(wording.ASK_LEVEL.format(levels=listed))
    return system, Message("user", (*user.parts[:-1], *ask, level))


def compare_answers(item: Item, first: str, second: str) -> Prompt:
    """Ask which of two answers is better, A (``first``) or B; the item's own answer is not used.

    To be fair to both, ask in both orders.
    """
    blocks = (_block("answer_a", childs(first)), _block("answer_b", childs(second)))
    return _prompt(wording.COMPARE, *_shared(item), *blocks, (ours(wording.ASK_BETTER),))


def explain(item: Item, sources: Sequence[str]) -> Prompt:
    """Ask for a verdict and feedback citing ``sources`` as [1] [2] [3], in the item's language."""
    words = explaining(item.language)
    numbered = "\n".join(f"[{number}] {text}" for number, text in enumerate(sources, start=1))
    found = given(numbered) if sources else ours(words.no_sources)
    return _prompt(
        words.rules,
        (ours(f"**{words.question}**\n"), given(item.question), ours("\n\n")),
        (ours(f"**{words.expert}**\n"), given(item.reference or ""), ours("\n\n")),
        (ours(f"**{words.sources}**\n"), found, ours("\n\n")),
        (ours(f"**{words.student}**\n"), *_block(words.tag, childs(item.text), gap="\n")),
        (ours(words.ask),),
    )


def solve(question: str) -> Prompt:
    """Ask for a maths solution step by step, ending in "Final Answer: N"."""
    return _prompt(
        wording.SOLVE, _block("question", given(question)), (ours(wording.ASK_SOLUTION),)
    )


def summarise(text: str) -> Prompt:
    """Ask for a summary."""
    return _prompt(wording.SUMMARISE, _block("text", given(text)), (ours(wording.ASK_SUMMARY),))


def choose(question: str, options: Sequence[str]) -> Prompt:
    """Ask for the letter of the right option. Raises ``ValueError`` for more than 26 options."""
    if len(options) > len(ascii_uppercase):
        raise ValueError(f"{len(options)} options are more than there are letters")
    lettered = zip(ascii_uppercase, options, strict=False)
    listed = "\n".join(f"{letter}. {option}" for letter, option in lettered)
    blocks = (_block("question", given(question)), _block("options", given(listed)))
    return _prompt(wording.CHOOSE, *blocks, (ours(wording.ASK_LETTER),))


def _prompt(rules: str, *blocks: Parts) -> Prompt:
    return Message("system", (ours(rules),)), Message("user", tuple(chain.from_iterable(blocks)))


def _scored(rules: str, item: Item) -> Prompt:
    work = _work(item, _on_scale(wording.ASK_SCORE, item))
    return _prompt(_on_scale(rules, item), *_shared(item), *work)


def _block(tag: str, part: Part, gap: str = "\n\n") -> Parts:
    return ours(f"<{tag}>\n"), part, ours(f"\n</{tag}>{gap}")


def _shared(item: Item) -> tuple[Parts, ...]:
    """Return what the whole class shares: question, source, reference and criteria."""
    found = {
        "question": item.question,
        "source_text": item.source,
        "reference_answer": item.reference,
        "criteria": _criteria(item.rubric) if item.rubric else None,
        "required_form": item.form,
    }
    return tuple(_block(tag, given(str(text))) for tag, text in found.items() if text)


def _work(item: Item, ask: str) -> tuple[Parts, Parts]:
    """Return the child's text and the one line after it."""
    return _block("student_answer", childs(item.text), gap="\n"), (ours(ask),)


def _criteria(rubric: Rubric) -> str:
    lines = chain.from_iterable(_criterion(criterion) for criterion in rubric.criteria)
    return "\n".join(filter(None, (rubric.description, *lines)))


def _criterion(criterion: Criterion) -> list[str]:
    weight = f" (weight {criterion.weight:g})" if criterion.weight != 1 else ""
    about = f": {criterion.description}" if criterion.description else ""
    levels = [f"  {score}: {words}" for score, words in sorted(criterion.levels.items())]
    return [f"- {criterion.name}{weight}{about}", *levels]


def _on_scale(ask: str, item: Item) -> str:
    low, high = item.scale
    return ask.format(low=f"{low:g}", high=f"{high:g}")
