"""How well the practice judge marks answers to questions it has never seen.

    found = measure(model, ClassSets(tokenizer, settings), held_out(1000, seed=1))
    found.accuracy, found.temperature

    python -m train.scratch.measuring runs/practice-judge gsm8k-model-solutions/data.jsonl

As marking does it: the probability of each verdict's word after the whole prompt. A temperature is
fitted to one half of the questions (Guo et al. 2017) and everything is measured on the other. The
command measures a run on graded work (JSONL rows with a ``label``) at the temperature of that run.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForCausalLM, PreTrainedModel

from runtime.errors import BadInputError, KindmarkError
from runtime.judge.prompt import mark_maths, verdict_answer
from runtime.marking import agreement
from runtime.marking.mark import Verdict
from train.bases.quiet import bars_hidden
from train.data.schema import Example
from train.graded import read_graded
from train.scratch.class_sets import ClassSets
from train.scratch.settings import Settings
from train.scratch.trees import Ids
from train.scratch.vocabulary import practice_tokenizer

VERDICTS = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)

_TEMPERATURES = np.geomspace(0.2, 5, 161)
"""In steps of two percent: finer is within what a thousand answers tell."""

FIGURES = "figures.json"
_RIGHT = frozenset({"correct", "1"})
_MOST = 1_000

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement with the labels; ``confusion`` has a row a label, in the order of ``VERDICTS``."""

    answers: int
    majority: float
    accuracy: float
    kappa: float
    macro_f1: float
    calibration_error: float
    temperature: float
    confusion: tuple[tuple[int, ...], ...]


def measure(model: PreTrainedModel, sets: ClassSets, examples: Sequence[Example]) -> Figures:
    """Fit the temperature to the first half of ``examples`` and measure on the second."""
    logits = np.array([verdict_logits(model, sets, one) for one in examples])
    labels = np.array([VERDICTS.index(one.verdict or Verdict.INCORRECT) for one in examples])
    half = _border(examples)
    temperature = fitted(logits[:half], labels[:half])
    return figures(logits[half:], labels[half:], temperature)


def verdict_logits(model: PreTrainedModel, sets: ClassSets, example: Example) -> Floats:
    """Return the log-probability of each verdict's first token, ``(3,)``."""
    return logits_after(model, sets, sets.prompt(mark_maths(example.item())))


def logits_after(model: PreTrainedModel, sets: ClassSets, prompt: Ids) -> Floats:
    """Return the log-probability of each verdict's first token after a prompt, ``(3,)``."""
    first = [sets.reply(verdict_answer(verdict))[0] for verdict in VERDICTS]
    with torch.inference_mode():
        row = model(torch.tensor([prompt]), logits_to_keep=1).logits[0, -1].double()
    return np.asarray(torch.log_softmax(row, -1)[first].numpy(), np.float64)


def figures(logits: Floats, labels: Places, temperature: float) -> Figures:
    """Return how verdicts ``(n, 3)`` agree with labels ``(n,)``."""
    odds = probabilities(logits, temperature)
    given = odds.argmax(axis=1)
    confusion = agreement.confusion_matrix(labels, given, range(len(VERDICTS)))
    return Figures(
        answers=len(labels),
        majority=float(np.bincount(labels).max() / len(labels)),
        accuracy=agreement.accuracy(labels, given),
        kappa=agreement.cohen_kappa(labels, given),
        macro_f1=agreement.macro_f1(labels, given),
        calibration_error=agreement.calibration_error(odds.max(axis=1), given == labels),
        temperature=round(temperature, 3),
        confusion=tuple(tuple(map(int, row)) for row in confusion),
    )


def fitted(logits: Floats, labels: Places) -> float:
    """Return the temperature with the least cross-entropy."""

    def loss(temperature: float) -> float:
        odds = probabilities(logits, temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(odds, 1e-12)).mean())

    return float(min(_TEMPERATURES, key=loss))


def probabilities(logits: Floats, temperature: float) -> Floats:
    """Return probabilities ``(n, 3)`` over the verdicts alone."""
    scaled = logits / temperature
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float64)


def table(found: Figures) -> str:
    """Return the figures in Markdown."""
    rows = {
        "answers": f"{found.answers:,}",
        "accuracy": f"{found.accuracy:.3f}",
        "always the most frequent verdict": f"{found.majority:.3f}",
        "kappa": f"{found.kappa:.3f}",
        "macro-F1": f"{found.macro_f1:.3f}",
        f"ECE at temperature {found.temperature:g}": f"{found.calibration_error:.3f}",
    }
    lines = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items())]
    lines += ["", "| label \\ verdict | " + " | ".join(VERDICTS) + " |", "| --- " * 4 + "|"]
    for label, row in zip(VERDICTS, found.confusion, strict=True):
        lines.append(f"| {label} | " + " | ".join(map(str, row)) + " |")
    return "\n".join(lines)


def graded(run: Path, data: Path) -> Figures:
    """Return how a finished run agrees with graded maths; answers of over 400 tokens are left out.

    Raises ``BadInputError`` if the run is not finished or the data cannot be read.
    """
    try:
        temperature = msgspec.json.decode((run / FIGURES).read_bytes(), type=Figures).temperature
        with bars_hidden():
            model = AutoModelForCausalLM.from_pretrained(run / "model").eval()
    except (OSError, msgspec.DecodeError):
        raise BadInputError(
            f"{run} holds no finished run.", "Train it: kindmark train practice-judge"
        ) from None
    sets = ClassSets(practice_tokenizer(), Settings())
    work = read_graded(data, _RIGHT, task="math")[:_MOST]
    read = [
        (found, 2 * one.right)
        for one in work
        if one.item.text and len(ids := sets.prompt(mark_maths(one.item))) <= len(sets.prefix) + 400
        for found in [logits_after(model, sets, ids)]
    ]
    logits, labels = zip(*read, strict=True)
    return figures(np.array(logits), np.array(labels, np.int64), temperature)


def _border(examples: Sequence[Example]) -> int:
    """Return where the second half begins, with a question of its own."""
    half = len(examples) // 2
    while 0 < half < len(examples) and examples[half].group == examples[half - 1].group:
        half += 1
    return half


def main(argv: list[str]) -> int:
    """Print the table of graded work. Raises ``BadInputError``."""
    if len(argv) != 2:
        raise BadInputError("Give a run and a file.", "See the head of train/scratch/measuring.py.")
    sys.stdout.write(table(graded(Path(argv[0]), Path(argv[1]))) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KindmarkError as failure:
        sys.exit(f"{failure.title}: {failure.message} {failure.remedy}")
