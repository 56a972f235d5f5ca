"""Judgements by a side head: a linear layer on the hidden state behind the prompt.

    for place, judgement in by_head(chat, group, puts): ...

A head reads one vector, which llama.cpp gives only of a text read by itself; so the answers of a
class share nothing here, unlike where replies are scored.
"""

from collections.abc import Iterator, Sequence

from runtime.errors import BadInputError
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.reading import Put, is_near_tie, made_by, refused, same_words
from runtime.judge.llm.stages import Stage
from runtime.judge.llm.subjects import Group
from runtime.judge.side_head import Floats, SideHead
from runtime.marking.judgement import Distribution, Judged, Judgement
from runtime.marking.mark import Verdict

_VERDICTS = frozenset(verdict.value for verdict in Verdict)


def by_head(
    chat: ChatModel, group: Group, puts: Sequence[Put], threads: int | None = None
) -> Iterator[Judged]:
    """Yield the judgement of each answer by the head of the group's subject.

    Raises ``ModelError`` if the model fails or memory is short.
    """
    head = group.subject.head
    if not puts or head is None:
        return
    prompts = [chat.prompt(put.asked[0].messages) for put in puts]
    limits = CausalLimits(max(len(prompt.ids) for prompt in prompts), threads)
    with CausalContext(chat.model, limits) as context:
        context.use(group.subject.adapters)
        for put, prompt in zip(puts, prompts, strict=True):
            try:
                judgement = _judged(put, group, head, head.logits(context.last(prompt.ids)))
            except BadInputError as error:
                judgement = refused(error)
            yield Judged(put.place, judgement)


def _judged(put: Put, group: Group, head: SideHead, logits: Floats) -> Judgement:
    found = Distribution(head.labels, tuple(float(p) for p in head.probabilities(logits)))
    scores = None if _VERDICTS.issuperset(head.labels) else found
    if scores:
        _check_scale(put, head)
    main = put.asked[0]
    return Judgement(
        verdicts=None if scores else found,
        scores=scores,
        cuts=head.cuts,
        calibrated=head.temperature != 1.0 and same_words(group.subject.trained),
        near_tie=is_near_tie(put.item, found, is_score=bool(scores)),
        notes=(*main.notes, *group.subject.notes),
        stage=Stage.MODEL.value,
        made_by=made_by(group),
    )


def _check_scale(put: Put, head: SideHead) -> None:
    try:
        known = [float(label) for label in head.labels]
    except ValueError:
        known = []
    low, high = put.item.scale
    if not known or (min(known), max(known)) != (low, high):
        raise BadInputError(
            f"The head {head.name!r} chooses between {', '.join(head.labels)}, and this answer is "
            f"marked from {low:g} to {high:g}.",
            "Give the rows the scale that the head was trained on, or use another model.",
        )
