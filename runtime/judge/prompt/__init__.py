"""The prompt contract: what models are asked, in training and in marking alike.

    segments = render(mark_rubric(item), template, bos=bos)
    ids = token_ids(segments, encode)

Training tokenizes through these very functions (and ``answer_segments`` for the reply), so what a
model meets in a classroom is, token for token, what it was trained on. ``contract_digest`` names
the wording.
"""

from runtime.judge.prompt.answers import (
    explanation_answer,
    read_choice,
    read_score,
    read_verdict,
    scale_scores,
    score_answer,
    solution_answer,
    verdict_answer,
)
from runtime.judge.prompt.digest import contract_digest
from runtime.judge.prompt.following import converse, give_feedback, give_reason
from runtime.judge.prompt.parts import Message, Part, Prompt, Segment, Whose, reply
from runtime.judge.prompt.rendering import answer_segments, public_segments, render, token_ids
from runtime.judge.prompt.tasks import (
    choose,
    compare_answers,
    explain,
    mark_essay,
    mark_maths,
    mark_rubric,
    mark_short_answer,
    mark_trait,
    solve,
    summarise,
)
from runtime.judge.prompt.templates import CHATML_TEMPLATE, GEMMA_TEMPLATE, PLAIN_TEMPLATE

__all__ = [
    "CHATML_TEMPLATE",
    "GEMMA_TEMPLATE",
    "PLAIN_TEMPLATE",
    "Message",
    "Part",
    "Prompt",
    "Segment",
    "Whose",
    "answer_segments",
    "choose",
    "compare_answers",
    "contract_digest",
    "converse",
    "explain",
    "explanation_answer",
    "give_feedback",
    "give_reason",
    "mark_essay",
    "mark_maths",
    "mark_rubric",
    "mark_short_answer",
    "mark_trait",
    "public_segments",
    "read_choice",
    "read_score",
    "read_verdict",
    "render",
    "reply",
    "scale_scores",
    "score_answer",
    "solution_answer",
    "solve",
    "summarise",
    "token_ids",
    "verdict_answer",
]
