"""The replies a model is trained to give, and how they are read back.

    read_score(score_answer(3, (0, 5), "Two of three points."), (0, 5)) == 3.0

When marking, probabilities of the first tokens decide; reading back serves evaluation in training.
"""

import re
from string import ascii_uppercase

from runtime.judge.prompt.explaining import ENGLISH, ITALIAN, explaining
from runtime.judge.prompt.wording import FINAL_ANSWER, SCORE_START, VERDICT_WORDS
from runtime.marking.mark import Verdict

MOST_STEPS = 20
"""More scores than 21 no teacher tells apart, and each must be read out of the probabilities."""

_SCORE = re.compile(
    r"\bscore\b[\s:*=]*(-?\d+(?:\.\d+)?)(?:\s*/\s*(\d+(?:\.\d+)?))?(?![\d.]*\d)", re.I
)
_HEADING = re.compile(r"\*\*(?:" + "|".join((ENGLISH.verdict, ITALIAN.verdict)) + r"):?\*\*", re.I)
_FIRST_WORD = re.compile(r"[\s:*\"'.]*([^\W\d_]+)")
_FIRST_LETTER = re.compile(r"[\s:*\"'(]*([A-Z])\b")
_READ_AS = {
    word.lower(): verdict
    for words in (VERDICT_WORDS, ENGLISH.words, ITALIAN.words)
    for verdict, word in words.items()
} | {
    # What a model says that was trained on other words.
    "right": Verdict.CORRECT,
    "wrong": Verdict.INCORRECT,
    "partially": Verdict.PARTIAL,
    "partly": Verdict.PARTIAL,
    "corretto": Verdict.CORRECT,
    "parzialmente": Verdict.PARTIAL,
    "errato": Verdict.INCORRECT,
}


def verdict_answer(verdict: Verdict) -> str:
    """Return the one word. Raises ``KeyError`` for ``unmarked``, which no teacher says."""
    return VERDICT_WORDS[verdict]


def score_answer(score: float, scale: tuple[float, float], reasoning: str = "") -> str:
    """Return "Score: 3/5" and the reasoning below it, if any.

    Raises ``ValueError`` for a score off the scale.
    """
    low, high = scale
    if not low <= score <= high:
        raise ValueError(f"{score:g} is not on the scale from {low:g} to {high:g}")
    return f"{SCORE_START}{score:g}/{high:g}\n{reasoning}".strip()


def scale_scores(scale: tuple[float, float]) -> tuple[float, ...]:
    """Return the scores that a model may give on a scale, rising.

    Whole points, halves on a scale of one point, as scores are rounded in ``marking.decision``; on
    wider one ``MOST_STEPS`` steps or, where that divides it evenly, a few less.
    """
    low, high = scale
    points = max(2, round(high - low))
    even = (n for n in range(MOST_STEPS, MOST_STEPS // 2, -1) if not points % n)
    steps = points if points <= MOST_STEPS else next(even, MOST_STEPS)
    places = (round(step * points / steps) for step in range(steps + 1))
    return tuple(low + place * (high - low) / points for place in places)


def solution_answer(working: str, answer: str) -> str:
    """Return the working and the line with the final answer."""
    return f"{working.strip()}\n{FINAL_ANSWER}{answer}".strip()


def explanation_answer(verdict: Verdict, feedback: str, language: str = "en") -> str:
    """Return verdict and feedback under their headings. Raises ``KeyError`` for ``unmarked``."""
    words = explaining(language)
    return (
        f"**{words.verdict}**: {words.words[verdict]}\n\n**{words.feedback}**: {feedback.strip()}"
    )


def read_score(text: str, scale: tuple[float, float]) -> float | None:
    """Return the first score; ``None`` where there is none, or it is on another scale."""
    found = _SCORE.search(text)
    if not found:
        return None
    score, out_of = float(found[1]), float(found[2] or scale[1])
    return score if out_of == scale[1] and scale[0] <= score <= scale[1] else None


def read_verdict(text: str) -> Verdict | None:
    """Return what the first word says, or the one below the verdict's heading; else ``None``."""
    heading = _HEADING.search(text)
    found = _FIRST_WORD.match(text, heading.end() if heading else 0)
    return _READ_AS.get(found[1].lower()) if found else None


def read_choice(text: str, options: int) -> int | None:
    """Return the place (from 0) of the option whose letter comes first; else ``None``."""
    found = _FIRST_LETTER.match(text)
    place = ascii_uppercase.index(found[1]) if found else options
    return place if place < options else None
