"""What a model is asked about an item, and which replies are allowed.

    verdict, *traits = ask(item, evidence, chat.room(2048), chat.measure)
    question = chat.question(verdict.messages, verdict.reply_start, verdict.labels)
    told = ask_feedback(item, verdict, "incorrect", Verdict.INCORRECT, evidence)

An item is asked for a verdict or for a score first, then for a score by each criterion with levels.
All of it begins alike, and what follows a verdict begins with what was asked for it, so that a
model reads shared words once.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

import msgspec

from runtime.judge import prompt as contract
from runtime.judge.llm.basis import SCORED, PromptName, check, prompt_names, repeated, traits
from runtime.judge.llm.cutting import Measure, fitted
from runtime.judge.prompt import Prompt, scale_scores
from runtime.judge.prompt.explaining import explaining
from runtime.judge.prompt.wording import SCORE_START
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict

__all__ = [
    "Asked",
    "PromptName",
    "ask",
    "ask_feedback",
    "ask_reason",
    "converse",
    "sentences",
]

MOST_FINDINGS = 8
"""More than these no model weighs, and a child none at all."""

_VERDICTS = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
_MARKING: Mapping[PromptName, Callable[[Item], Prompt]] = {
    "mark_short_answer": contract.mark_short_answer,
    "mark_essay": contract.mark_essay,
    "mark_rubric": contract.mark_rubric,
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question to a model.

    A reply is ``reply_start`` and one of ``labels``; ``values`` says what each label means: a
    verdict, or a score as a number. They rise. ``about`` is the criterion of a trait. ``notes``
    say what was left out.
    """

    kind: Literal["verdict", "score", "trait"]
    messages: Prompt
    reply_start: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    about: str = ""
    notes: tuple[str, ...] = ()

    def reply(self, value: str) -> str:
        """Return the reply that means ``value``. Raises ``ValueError`` if none does."""
        return self.reply_start + self.labels[self.values.index(value)]


def ask(
    item: Item,
    evidence: Sequence[Evidence],
    room: int,
    measure: Measure,
    *,
    name: PromptName | None = None,
) -> tuple[Asked, ...]:
    """Return what an item is asked: verdict or score first, then its criteria one by one.

    Words of at most ``room`` tokens are used, as ``measure`` counts them. ``name`` is the prompt
    that an adapter was trained on, else the one that fits. Raises ``BadInputError`` if there is
    nothing to judge by, or no room for an answer beside what must be read whole.
    """
    name = name or prompt_names(item)[0]
    check(item, name)
    found = sentences(evidence) if name == "mark_maths" else ()
    criteria = traits(item) if name in SCORED else ()

    def build(one: Item) -> list[Prompt]:
        main = _messages(name, one, found)
        return [main, *(contract.mark_trait(main, criterion) for criterion in criteria)]

    kept, cuts = fitted(item, build, room, cache(measure))
    notes = (*cuts, *(repeated(item) if criteria else ()))
    main, *others = build(kept)
    first = _verdict(main, name, item)
    if name in SCORED:
        first = _score(main, scale_scores(item.scale))
    return msgspec.structs.replace(first, notes=notes), *(
        _score(messages, sorted(criterion.levels), criterion.name)
        for messages, criterion in zip(others, criteria, strict=True)
    )


def ask_reason(item: Item, asked: Asked, value: str, evidence: Sequence[Evidence] = ()) -> Prompt:
    """Return the turn for one sentence to the teacher, after ``asked`` was replied ``value``."""
    found = _unsaid(item, evidence)
    return contract.give_reason(asked.messages, asked.reply(value), found, item.language)


def ask_feedback(  # noqa: PLR0913 - what a child may be told hangs on all of these
    item: Item,
    asked: Asked,
    value: str,
    verdict: Verdict,
    evidence: Sequence[Evidence] = (),
    *,
    reveal: bool = False,
) -> Prompt:
    """Return the turn for two or three sentences to the child, after the reply ``value``.

    ``verdict`` is what was decided. The right answer is to be kept unless ``reveal``.
    """
    return contract.give_feedback(
        asked.messages,
        asked.reply(value),
        verdict,
        _unsaid(item, evidence),
        language=item.language,
        grade=item.grade_level,
        reveal=reveal,
    )


def converse(
    item: Item, asked: Asked, value: str, question: str, *, reveal: bool = False
) -> Prompt:
    """Return the turn for a child's own question, after the reply ``value``.

    More turns follow with ``prompt.converse``: the conversation so far, the last reply, a question.
    """
    return contract.converse(
        asked.messages,
        asked.reply(value),
        question,
        language=item.language,
        grade=item.grade_level,
        reveal=reveal,
    )


def sentences(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return what code found, a sentence each, with the line it is about; at most some."""
    said = (
        one.message if one.step is None else f"Line {one.step + 1}: {one.message}"
        for one in evidence
    )
    return tuple(dict.fromkeys(filter(None, said)))[:MOST_FINDINGS]


def _unsaid(item: Item, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the findings that are not part of the first prompt: maths is asked with them."""
    return () if item.task is Task.MATH else sentences(evidence)


def _messages(name: PromptName, item: Item, found: Sequence[str]) -> Prompt:
    if name == "mark_maths":
        return contract.mark_maths(item, found)
    if name == "explain":
        paragraphs = re.split(r"\n\s*\n", item.source or "")
        return contract.explain(item, [text.strip() for text in paragraphs if text.strip()])
    return _MARKING[name](item)


def _verdict(messages: Prompt, name: PromptName, item: Item) -> Asked:
    start, labels = "", tuple(map(contract.verdict_answer, _VERDICTS))
    if name == "explain":
        words = explaining(item.language)
        start, labels = f"**{words.verdict}**: ", tuple(words.words[one] for one in _VERDICTS)
    return Asked(
        kind="verdict",
        messages=messages,
        reply_start=start,
        labels=labels,
        values=tuple(one.value for one in _VERDICTS),
    )


def _score(messages: Prompt, scores: Sequence[float], about: str = "") -> Asked:
    scale = scores[0], scores[-1]
    replies = (contract.score_answer(score, scale) for score in scores)
    return Asked(
        kind="trait" if about else "score",
        messages=messages,
        reply_start=SCORE_START,
        labels=tuple(reply.removeprefix(SCORE_START) for reply in replies),
        values=tuple(f"{score:g}" for score in scores),
        about=about,
    )
