"""What a teacher's label says: a verdict in the words data sets use, or a score on a scale.

read_label("Partially correct", {})           -> Verdict.PARTIAL
read_label("pass", {"correct": ["pass"]})     -> Verdict.CORRECT
read_label(3.5, {})                           -> 3.5
"""

import difflib
import re
from collections.abc import Mapping, Sequence

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict

_WORDS = {
    Verdict.CORRECT: "correct right true pass passed yes",
    Verdict.INCORRECT: "incorrect wrong false fail failed no",
    Verdict.PARTIAL: "partial partially_correct partly_correct half_right",
}
_KNOWN = {
    word.replace("_", " "): verdict for verdict, words in _WORDS.items() for word in words.split()
}
_SCALE = re.compile(r"\[?\s*(-?[\d.]+)\s*[-–,;:]\s*(-?[\d.]+)\s*\]?")


def read_label(value: object, labels: Mapping[str, Sequence[str]]) -> Verdict | float | None:
    """Return the verdict or score that ``value`` means; None where there is no label.

    ``labels`` maps a verdict to the values that mean it ("unmarked": no label); without it, known
    words are verdicts and numbers scores. Raises ``BadInputError`` for any other value.
    """
    word = word_of(value)
    if not word:
        return None
    if labels:
        return _mapped(word, labels)
    if word in _KNOWN:
        return _KNOWN[word]
    score = number(word)
    if score is None:
        raise BadInputError(
            f"the label {word[:40]!r} is neither a verdict nor a score",
            "Say what it means with labels, for instance: --label correct=good,fine",
        )
    return score


def _mapped(word: str, labels: Mapping[str, Sequence[str]]) -> Verdict | None:
    meanings = {word_of(one): verdict for verdict, values in labels.items() for one in values}
    if word in meanings:
        verdict = Verdict(meanings[word])
        return None if verdict is Verdict.UNMARKED else verdict
    near = difflib.get_close_matches(word, meanings, n=1)
    raise BadInputError(
        f"the label {word[:40]!r} stands for no verdict in the label mapping",
        f"Is {near[0]!r} meant?" if near else "Add it to the labels; 'unmarked' leaves rows out.",
    )


def check_labels(labels: Mapping[str, Sequence[str]], allowed: Sequence[str]) -> None:
    """Raise ``BadInputError`` if ``labels`` maps something else than ``allowed``."""
    strange = next((name for name in labels if name not in allowed), None)
    if strange is not None:
        near = difflib.get_close_matches(strange, allowed, n=1)
        hint = f"Is {near[0]!r} meant?" if near else f"Use some of: {', '.join(allowed)}."
        raise BadInputError(f"The label mapping has {strange!r}, which is no verdict.", hint)


def read_scale(value: object) -> tuple[float, float]:
    """Return lowest and highest score: from "0-5", [0, 5], or 5 alone, which means 0 to 5.

    Raises ``BadInputError`` if it is none of these or the lowest is not below the highest.
    """
    ends = value if isinstance(value, list) else _ends(str(value))
    found = [number(str(end)) for end in ends]
    match found:
        case [float(high)] if high > 0:
            return 0.0, high
        case [float(low), float(high)] if low < high:
            return low, high
        case _:
            raise BadInputError(
                f"the field 'scale' is wrong: {value!r} is no range of scores",
                'Write the lowest and the highest score, for instance "0-5".',
            )


def _ends(text: str) -> Sequence[str]:
    match = _SCALE.fullmatch(text.strip())
    return match.groups() if match else (text,)


def number(text: str) -> float | None:
    """Return ``text`` as a finite number, or None."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def word_of(value: object) -> str:
    """Return a label in one spelling: lower case, single spaces, 1.0 as 1."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).lower().replace("_", " ").split())
