"""Judgements by a side head: a linear layer on the hidden state behind the prompt.

    for place, judgement in by_head(sequences, chat, group, puts): ...

What the answers of a class share is read once; the vector is asked for in a step of its own, of the
last token of each prompt.
"""

from collections.abc import Sequence

import numpy as np

from runtime.errors import BadInputError
from runtime.judge.batches import Piece
from runtime.judge.context import Vectors
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.fits import same_words
from runtime.judge.llm.reading import Put, is_near_cut, is_near_step, is_near_tie, made_by, refused
from runtime.judge.llm.stages import Stage
from runtime.judge.llm.subjects import Group
from runtime.judge.side_head import Floats, SideHead
from runtime.marking.judgement import Distribution, Judged, Judgement
from runtime.marking.mark import Verdict
from runtime.words import _

_VERDICTS = frozenset(verdict.value for verdict in Verdict)


def by_head(
    sequences: Sequences, chat: ChatModel, group: Group, puts: Sequence[Put]
) -> list[Judged]:
    """Return the judgement of each answer by the head of the group's subject, if it has one.

    Raises as ``Sequences.hold`` does; then nothing stays held.
    """
    head = group.subject.head
    if head is None:
        return []
    prompts = [chat.prompt(put.asked[0].messages) for put in puts]
    found = []
    for put, vector in zip(puts, _vectors(sequences, prompts), strict=True):
        try:
            judgement = _judged(put, group, head, head.logits(vector))
        except BadInputError as error:
            judgement = refused(error)
        found.append(Judged(put.place, judgement))
    return found


def _vectors(sequences: Sequences, prompts: Sequence[Prompt]) -> Vectors:
    """Return the hidden state of the last token of each prompt, ``(prompts, width)``."""
    rows, most = [], max(1, sequences.free)
    for start in range(0, len(prompts), most):
        part = prompts[start : start + most]
        held = sequences.hold([Prompt(one.ids[:-1], one.public) for one in part])
        try:
            pairs = zip(held, part, strict=True)
            last = [Piece(one.sequence, asked.ids[-1:], one.length, 1) for one, asked in pairs]
            rows.append(sequences.context.vectors(last))
        finally:
            for one in held:
                sequences.context.drop(one.sequence, one.length)
                sequences.release(one)
    return np.concatenate(rows)


def _judged(put: Put, group: Group, head: SideHead, logits: Floats) -> Judgement:
    found = _distribution(head, head.probabilities(logits))
    scores = None if _VERDICTS.issuperset(head.labels) else found
    if scores:
        _check_scale(put, head)
    main = put.asked[0]
    return Judgement(
        verdicts=None if scores else found,
        scores=scores,
        cuts=head.cuts,
        calibrated=head.temperature != 1.0 and same_words(group.subject.trained),
        near_tie=_is_near(put, head, logits),
        notes=(*main.notes, *group.subject.notes),
        stage=Stage.MODEL.value,
        made_by=made_by(group),
    )


def _is_near(put: Put, head: SideHead, logits: Floats) -> bool:
    """Whether what another layout moves might turn the verdict or the score."""
    found = _distribution(head, head.probabilities(logits))
    if head.cuts:
        return is_near_cut(found, head.cuts, head.temperature)
    if not _VERDICTS.issuperset(head.labels):
        return is_near_step(put.item, found, head.temperature)
    return is_near_tie(_distribution(head, head.probabilities(logits * head.temperature)))


def _distribution(head: SideHead, probabilities: Floats) -> Distribution:
    return Distribution(head.labels, tuple(float(p) for p in probabilities))


def _check_scale(put: Put, head: SideHead) -> None:
    try:
        known = [float(label) for label in head.labels]
    except ValueError:
        known = []
    low, high = put.item.scale
    if not known or (min(known), max(known)) != (low, high):
        raise BadInputError(
            _(
                "The head {head!r} chooses between {labels}, and this answer is marked"
                " from {low:g} to {high:g}."
            ).format(head=head.name, labels=", ".join(head.labels), low=low, high=high),
            _("Give the rows the scale that the head was trained on, or use another model."),
        )
