"""The similarity-threshold labels of an earlier system, as a baseline to be measured.

    python -m train.simulate.thresholds [--data FILE] [--prompts FILE] [--count N]

Instead of a teacher, cosine similarity of sentence vectors (Reimers & Gurevych 2019) of answer
and reference gave the label: 0.2, 0.4, 0.6, 0.75 and 0.9 cut it into scores 0 to 5, and a maths
answer was right from 0.85. The table says how such labels agree with true ones: on simulated
maths answers and summaries, whose labels hold by construction, and on graded summaries.
Prints Markdown.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.errors import BadInputError, KindmarkError
from runtime.judge.embedded import MODEL_FILE
from runtime.judge.encoder import Encoder
from runtime.locations import model_store
from runtime.marking import agreement
from runtime.marking.mark import Verdict
from train.graded import read_rows
from train.simulate.maths.answers import maths_answers
from train.simulate.summary import summaries

CUTS = (0.2, 0.4, 0.6, 0.75, 0.9)
RIGHT_FROM = 0.85
TOP = len(CUTS)

Floats = NDArray[np.float64]
Scores = NDArray[np.int64]


class Work(msgspec.Struct, frozen=True):
    """Answers with what they are compared to, and their true labels.

    ``labels`` are scores 0 to 5, or 0 and 1 where ``binary``.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    labels: tuple[int, ...]
    binary: bool = False


class _Prompt(msgspec.Struct, frozen=True):
    prompt_text: str


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How threshold labels agree with true ones; ``confusion`` rows are the true labels."""

    name: str
    answers: int
    accuracy: float
    kappa: float
    qwk: float
    macro_f1: float
    spearman: float
    """Of the similarity itself with the true labels: what other cuts could gain at most."""
    majority: float
    """Accuracy of always giving the most frequent true label."""
    confusion: tuple[tuple[int, ...], ...]

    @property
    def disagreement(self) -> float:
        """The share of labels that are not the true ones."""
        return 1 - self.accuracy


def score_of(similarity: Floats) -> Scores:
    """Return scores 0 to 5 ``(n,)`` of cosine similarities ``(n,)``."""
    return np.searchsorted(np.array(CUTS), similarity, side="right").astype(np.int64)


def right_of(similarity: Floats) -> Scores:
    """Return 1 for right and 0 for wrong ``(n,)`` of cosine similarities ``(n,)``."""
    return (similarity >= RIGHT_FROM).astype(np.int64)


def by_quantiles(labels: Sequence[float]) -> tuple[int, ...]:
    """Return scores 0 to 5 in six parts of equal size, by rank; equal labels share a score.

    z-scores of content have no zero and no full marks: this is the mapping that puts the six
    scores on them without an opinion.
    """
    values = np.asarray(labels, np.float64)
    cuts = np.quantile(values, [k / (TOP + 1) for k in range(1, TOP + 1)])
    return tuple(int(score) for score in np.searchsorted(cuts, values, side="right"))


def similarities(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> Floats:
    """Return the cosine ``(n,)`` of the sentence vectors of each pair."""
    texts = sorted({text for pair in pairs for text in pair})
    known = {
        text: vectors.mean() for text, vectors in zip(texts, encoder.encode(texts), strict=True)
    }
    return np.array([float(known[a] @ known[b]) for a, b in pairs], np.float64)


def thresholds_report(works: Sequence[Work], encoder: Encoder) -> list[Agreement]:
    """Compare threshold labels with the true labels of each work."""
    return [compared(work, similarities(encoder, work.pairs)) for work in works]


def compared(work: Work, similarity: Floats) -> Agreement:
    """Return how the labels that follow from ``similarity`` ``(n,)`` agree with the true ones."""
    labels = np.array(work.labels, np.int64)
    given = right_of(similarity) if work.binary else score_of(similarity)
    top = 1 if work.binary else TOP
    confusion = agreement.confusion_matrix(labels, given, list(range(top + 1)))
    return Agreement(
        name=work.name,
        answers=len(labels),
        accuracy=agreement.accuracy(labels, given),
        kappa=agreement.cohen_kappa(labels, given),
        qwk=agreement.quadratic_weighted_kappa(labels, given, 0, top),
        macro_f1=agreement.macro_f1(labels, given),
        spearman=agreement.spearman(labels, similarity),
        majority=float(np.bincount(labels).max() / len(labels)),
        confusion=tuple(tuple(map(int, row)) for row in confusion),
    )


def simulated_maths(count: int, seed: int = 0) -> Work:
    """Return simulated maths answers, right or not, compared with the worked solution."""
    found = list(maths_answers(count, seed))
    pairs = tuple((example.answer, example.reference or "") for example in found)
    labels = tuple(int(example.verdict is Verdict.CORRECT) for example in found)
    return Work("simulated maths answers", pairs, labels, binary=True)


def simulated_summaries(count: int, seed: int = 0) -> tuple[Work, Work]:
    """Return simulated summaries, compared with a good summary and with the text itself."""
    found = list(summaries(count, seed))
    labels = tuple(int(example.score or 0) for example in found)
    good = tuple((example.answer, example.reference or "") for example in found)
    text = tuple((example.answer, example.source or "") for example in found)
    return (
        Work("simulated summaries, to a good one", good, labels),
        Work("simulated summaries, to the text", text, labels),
    )


def graded_summaries(path: Path, prompts: Path) -> Work:
    """Read summaries graded with a number, compared with the text that they sum up.

    Each row of the JSONL names its text as ``prompt_id``, a key of the JSON object ``prompts``
    with a ``prompt_text``; the labels become scores by ``by_quantiles``. Raises ``BadInputError``.
    """
    texts = _prompt_texts(prompts)
    rows = read_rows(path)
    if not rows:
        raise BadInputError(f"{path} holds no rows.", "Name a file of graded summaries.")
    try:
        pairs = tuple((str(row["answer"]), texts[str(row["prompt_id"])]) for row in rows)
        labels = by_quantiles([float(row["label"]) for row in rows])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError(
            f"{path} has a row without a usable {error}.",
            "Each row needs 'answer', 'prompt_id' (in the file of prompts) and a number 'label'.",
        ) from None
    return Work(path.parent.name, pairs, labels)


def table(found: Sequence[Agreement]) -> str:
    """Return the report in Markdown: the measures, then every confusion matrix."""
    lines = [
        "| work | answers | disagreement | accuracy | majority | kappa | QWK | macro-F1 "
        "| Spearman |",
        "| --- " * 9 + "|",
    ]
    for one in found:
        figures = (one.accuracy, one.majority, one.kappa, one.qwk, one.macro_f1, one.spearman)
        cells = " | ".join(f"{value:.3f}" for value in figures)
        lines.append(f"| {one.name} | {one.answers:,} | {one.disagreement:.1%} | {cells} |")
    for one in found:
        size = len(one.confusion)
        lines += ["", f"{one.name}: true label (row), label by threshold (column)", ""]
        lines.append("| | " + " | ".join(map(str, range(size))) + " |")
        lines.append("| --- " * (size + 1) + "|")
        for label, row in enumerate(one.confusion):
            lines.append(f"| {label} | " + " | ".join(map(str, row)) + " |")
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Print the table. Raises ``BadInputError`` or ``ModelError``."""
    parser = argparse.ArgumentParser(
        prog="python -m train.simulate.thresholds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="JSONL of graded summaries")
    parser.add_argument("--prompts", type=Path, help="JSON with their texts (beside --data)")
    parser.add_argument("--count", type=int, default=4000, help="simulated answers of each kind")
    options = parser.parse_args(argv)
    if options.count < 1:
        raise BadInputError(f"--count {options.count} is too small.", "Give at least 1.")
    works = [simulated_maths(options.count), *simulated_summaries(options.count)]
    if options.data:
        prompts = options.prompts or options.data.with_name("prompts.json")
        works.append(graded_summaries(options.data, prompts))
    with Encoder.open(model_store() / MODEL_FILE) as encoder:
        sys.stdout.write(table(thresholds_report(works, encoder)) + "\n")
    return 0


def _prompt_texts(path: Path) -> dict[str, str]:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, _Prompt])
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror}", "Name the file of texts with --prompts."
        ) from None
    except msgspec.DecodeError as error:
        raise BadInputError(
            f"{path} is not a file of texts: {error}",
            'It should map each prompt_id to an object with "prompt_text".',
        ) from None
    return {name: prompt.prompt_text for name, prompt in found.items()}


def command() -> int:
    """Run ``main`` for the shell: an error becomes two sentences and an exit code."""
    try:
        return main(sys.argv[1:])
    except KindmarkError as error:
        sys.stderr.write(f"{error.title}: {error.message}\n{error.remedy}\n")
        return error.exit_code


if __name__ == "__main__":
    raise SystemExit(command())
