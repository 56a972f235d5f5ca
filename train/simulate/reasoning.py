"""Simulated Italian pupils: school questions of ours, answers built from points and errors.

An answer is *correct* with every key point and no error, *incorrect* without any point, else
*partial*. The feedback names what is right, missing and wrong, cites the source of each with its
number, and ends in a Socratic question.
"""

import random
from collections.abc import Iterator, Sequence

import msgspec

from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.texts import load

_VERDICTS = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)
_VAGUE = (
    "ne abbiamo parlato in classe",
    "è una cosa importante",
    "l'ho visto anche in un documentario",
    "dipende dalla natura",
    "me lo ha detto mio fratello",
    "secondo me è così",
)
_BLANK = ("Non lo so.", "non me lo ricordo", "Boh, non ho studiato questa parte.")
_OPENINGS = ("", "", "", "Secondo me ", "Allora, ", "Penso che ", "Perché ")
_JOINTS = (" e ", ". Poi ", ", inoltre ", " e quindi ", ". ")
_PRAISE = (
    "Hai scritto bene che {}",
    "È giusto che {}",
    "Bravo, hai capito che {}",
    "Giusto: {}",
)
_GAPS = ("Manca un punto: {}", "Ricorda anche che {}", "Non hai detto che {}")
_ERRORS = ('Non è esatto che "{}": {}', 'Rileggi la fonte: non è vero che "{}"; {}')
_EMPTY = ("La risposta non dice ancora ciò che serve.", "Qui manca la spiegazione.")


class Point(msgspec.Struct, frozen=True):
    """A key point, the number of its source, and how pupils say it."""

    name: str
    source: int
    says: tuple[str, ...]


class Error(msgspec.Struct, frozen=True):
    """A wrong statement and the number (from 0) of the point that it contradicts."""

    says: str
    against: int


class Question(msgspec.Struct, frozen=True):
    """A question with an expert's answer, three sources, points and errors."""

    question: str
    expert: str
    socratic: str
    sources: tuple[str, str, str]
    point: tuple[Point, ...]
    error: tuple[Error, ...]


class Questions(msgspec.Struct, frozen=True):
    """All questions."""

    domanda: tuple[Question, ...]


class Content(msgspec.Struct, frozen=True):
    """What an answer says: numbers of its points, and its errors."""

    points: tuple[int, ...]
    errors: tuple[Error, ...]


def questions() -> tuple[Question, ...]:
    """Return the questions."""
    return load("reasoning_it", Questions).domanda


def reasoning_it(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` Italian short answers with sources and feedback, as many of each verdict."""
    rng, known = random.Random(seed), questions()
    for number in range(count):
        question = rng.choice(known)
        verdict = _VERDICTS[number % len(_VERDICTS)]
        content = _content(question, verdict, rng)
        yield Example(
            id=f"reasoning-it-{seed}-{number}",
            set="reasoning-it",
            group=f"it-{question.question}",
            task=Task.SHORT_ANSWER,
            question=question.question,
            answer=_answer(question, content, rng),
            reference=question.expert,
            sources=question.sources,
            language="it",
            verdict=verdict,
            feedback=_feedback(question, content, rng),
            rule=_rule(content, verdict),
        )


def verdict_of(question: Question, content: Content) -> Verdict:
    """Return the verdict that follows from what an answer says."""
    if not content.points:
        return Verdict.INCORRECT
    whole = len(content.points) == len(question.point) and not content.errors
    return Verdict.CORRECT if whole else Verdict.PARTIAL


def _content(question: Question, verdict: Verdict, rng: random.Random) -> Content:
    """Draw until an answer has the verdict; every point can be there, missing or contradicted."""
    size = len(question.point)
    while True:
        wanted = size if verdict is Verdict.CORRECT else rng.randrange(size)
        if verdict is Verdict.INCORRECT:
            wanted = 0
        points = tuple(sorted(rng.sample(range(size), wanted)))
        free = [error for error in question.error if error.against not in points]
        most = 0 if verdict is Verdict.CORRECT else len(free)
        content = Content(points, tuple(rng.sample(free, rng.randint(0, most))))
        if verdict_of(question, content) is verdict:
            return content


def _rule(content: Content, verdict: Verdict) -> str:
    if verdict is Verdict.CORRECT:
        return "complete"
    if content.errors:
        return "contradicts" if content.points else "misconception"
    return "leaves_out" if content.points else "empty"


def _answer(question: Question, content: Content, rng: random.Random) -> str:
    said = [rng.choice(question.point[k].says) for k in content.points]
    said += [error.says for error in content.errors]
    rng.shuffle(said)
    if not said and rng.random() < 0.3:
        return rng.choice(_BLANK)
    # Idle words stand in good answers as well, or they would give the poor ones away.
    vague = rng.randint(0 if said else 1, max(1, 4 - len(said)))
    for clause in rng.sample(_VAGUE, vague):
        said.insert(rng.randrange(len(said) + 1), clause)
    return _written(said, rng)


def _written(clauses: Sequence[str], rng: random.Random) -> str:
    text = clauses[0]
    for clause in clauses[1:]:
        text += rng.choice(_JOINTS) + clause
    opening = rng.choice(_OPENINGS)
    text = opening + text
    if rng.random() < 0.7:
        text = text[:1].upper() + text[1:] + "."
    if rng.random() < 0.2:
        text = text.replace("perché", "perche").replace("è", "e'").replace("più", "piu")
    return text


def _feedback(question: Question, content: Content, rng: random.Random) -> str:
    parts = []
    for k in content.points:
        point = question.point[k]
        parts.append(f"{rng.choice(_PRAISE).format(point.name)} [{point.source}].")
    refuted = {error.against for error in content.errors}
    for error in content.errors:
        point = question.point[error.against]
        parts.append(f"{rng.choice(_ERRORS).format(error.says, point.name)} [{point.source}].")
    if not parts:
        parts.append(rng.choice(_EMPTY))
    for k, point in enumerate(question.point):
        if k not in content.points and k not in refuted:
            parts.append(f"{rng.choice(_GAPS).format(point.name)} [{point.source}].")
    return " ".join([*parts, question.socratic])
