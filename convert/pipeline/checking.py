"""Checks every GGUF file of a job against the model it was made from, and on labelled answers.

    Checker(job).check(job.file("Q8_0"))       writes verify-MODEL-q8_0.json
    read_check(job.file("Q8_0")).passed

Two things must hold: the file computes what the model computes (``parity``), and it gives the
verdicts that the unquantized file gives (``gate``), where labelled answers are at hand.
"""

import functools
import math
from collections.abc import Sequence
from pathlib import Path

import msgspec

from convert.pipeline import making
from convert.pipeline.job import Job
from convert.pipeline.stage_prompts import Ids, encoder_of, example_items, prompt_ids, read_items
from convert.pipeline.verdicts import Asked, read_verdicts, true_places
from convert.pipeline.wishes import KINDS
from convert.verify import parity_limits
from convert.verify.calibration import PLAIN, Calibration, calibrate
from convert.verify.gate import FEWEST, LIMITS, GateResult, gate
from convert.verify.hugging_face import Outputs, read_reference
from convert.verify.parity import Parity, compare, faults_of
from convert.verify.parity_head import Expected
from convert.whole import whole_file
from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Limits
from runtime.judge.shelf import model_shelf
from runtime.judge.side_head import load_side_head

_RANDOM = parity_limits.Limits(None, math.inf, None, math.inf, -1.0, None)
"""What rounding costs a net that has learnt nothing is no measure of anything: in a tiny run only
tokens, template and labels of a quantized file must be right.
"""
_TOKENS = 1_000
"""Compared at most: their logits in float32 take a gigabyte with the largest vocabulary."""


class Check(msgspec.Struct, frozen=True):
    """What was found of one file: figures by name, and ``why`` it did not pass, "" if it did."""

    file: str
    figures: dict[str, float]
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return not self.why


class Reference(msgspec.Struct, frozen=True):
    """What the unquantized file says of the labelled answers, and the calibration fitted on it."""

    outputs: list[list[float]]
    given: tuple[int, ...]
    calibration: Calibration


class Checker:
    """Checks the files of one job; what the model itself says is computed once for all of them."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def check(self, path: Path) -> None:
        """Compare one file and write down what was found.

        Raises ``ModelError`` if it is not quantized and yet differs: the conversion is wrong.
        """
        job = self._job
        job.say(f"Checking {path.name} ...")
        parity = self._parity(path)
        figures, faults = parity.figures(), list(parity.faults)
        if job.stage.origin.tiny and not is_unquantized(path):
            faults = list(faults_of(parity, _RANDOM))
        if job.wishes.items:
            found = self._gate(path)
            figures |= found.figures()
            faults += found.faults
        check = Check(path.name, figures, " ".join(faults))
        with whole_file(report_of(path)) as part:
            part.write_bytes(msgspec.json.format(msgspec.json.encode(check)) + b"\n")
        said = ", ".join(f"{name} {value:.3g}" for name, value in figures.items())
        job.say(f"  {'passed' if check.passed else f'NOT passed: {check.why}'} ({said})")
        require_equal(check, job)

    def score_reference(self) -> None:
        """Write down what the unquantized file says of the labelled answers."""
        job, asked = self._job, self._asked
        job.say(f"Marking {len(asked.items)} answers with {job.plain.name} ...")
        said = read_verdicts(job, job.plain, asked)
        found = Reference(said.outputs.tolist(), said.given, PLAIN)
        if job.stage.origin.purpose == "classify":
            places = true_places(job.stage, asked)
            fitted = calibrate(said.outputs, places, steps=_are_steps(asked.labels))
            found = Reference(said.outputs.tolist(), fitted.places(said.outputs), fitted)
        with whole_file(reference_path(job)) as part:
            part.write_bytes(msgspec.json.encode(found))

    @functools.cached_property
    def _prompts(self) -> list[Ids]:
        """Prompts of marking, as many as may be compared; at least a part of the shortest."""
        stage = self._job.stage
        found = prompt_ids(stage.prompt, example_items(), encoder_of(stage.adapter))
        kept: list[Ids] = []
        room = _TOKENS
        for ids in sorted(found, key=len):
            if kept and len(ids) > room:
                break
            kept.append(ids[:room])
            room -= len(ids)
        return kept

    @functools.cached_property
    def _outputs(self) -> list[Outputs]:
        return read_reference(self._job.truth, self._prompts)

    @functools.cached_property
    def _asked(self) -> Asked:
        """The labelled answers. Raises ``BadInputError`` if too few of them can be judged by."""
        stage, items = self._job.stage, self._job.wishes.items
        asked = Asked.of(stage, read_items(items) if items else [])
        known = sum(place is not None for place in true_places(stage, asked))
        if known < FEWEST:
            raise BadInputError(
                f"{known} of the answers in {items} can be judged by; the mark gate needs "
                f"{FEWEST}.",
                f"Their labels must be among: {', '.join(asked.labels)}.",
            )
        return asked

    def _parity(self, path: Path) -> Parity:
        job = self._job
        adapter = job.lora if job.with_adapter else None
        head = None
        if job.head_kind in {"inside", "beside"}:
            side = load_side_head(job.head) if job.head_kind == "beside" else None
            head = Expected(job.stage.labels, making.head_weights(job), side)
        return compare(
            job.truth, path, self._prompts, reference=self._outputs, head=head, adapter=adapter
        )

    def _gate(self, path: Path) -> GateResult:
        job, asked = self._job, self._asked
        reference = _reference(job)
        before = said = reference.given
        if path != job.plain:
            read, calibration = read_verdicts(job, path, asked), reference.calibration
            said = calibration.places(read.outputs) if calibration.cuts else read.given
        places = true_places(job.stage, asked)
        known = [at for at, place in enumerate(places) if place is not None]
        return gate(
            [place for place in places if place is not None],
            [before[at] for at in known],
            [said[at] for at in known],
            asked.labels,
            scale=_are_steps(asked.labels),
            limits=limits_of(job),
        )


def require_equal(check: Check, job: Job) -> None:
    """Raise ``ModelError`` if what the converter itself wrote does not read as the model does."""
    if is_unquantized(Path(check.file)) and not check.passed:
        raise ModelError(
            f"Nothing is published: {check.file} does not read as {job.truth} does. {check.why}",
            "Convert again with --force; if that does not help, please report it.",
        )


def is_unquantized(path: Path) -> bool:
    """Tell by its name whether a GGUF file holds the weights in 16 or 32 bits."""
    return path.stem.rpartition("-")[2].upper() in KINDS


def report_of(path: Path) -> Path:
    """Return where the check of a GGUF file is written down."""
    return path.with_name(f"verify-{path.stem}.json")


def read_check(path: Path) -> Check:
    """Return what was found of a GGUF file."""
    return msgspec.json.decode(report_of(path).read_bytes(), type=Check)


def calibration_of(job: Job) -> Calibration:
    """Return how the head's logits are read: as fitted on labelled answers, else as they are."""
    return _reference(job).calibration if job.wishes.items else PLAIN


def limits_of(job: Job) -> Limits:
    """Return what a quantization may cost: as the catalogue says of the model or its base."""
    names = (job.name, job.model)
    found = [m.entry.limits for m in model_shelf(job.wishes.store).models if m.entry.name in names]
    return next((limits for limits in found if limits), LIMITS)


def _are_steps(labels: Sequence[str]) -> bool:
    """Tell whether labels are the steps of a scale: numbers are."""
    return all(label.isdecimal() for label in labels)


def _reference(job: Job) -> Reference:
    return msgspec.json.decode(reference_path(job).read_bytes(), type=Reference)


def reference_path(job: Job) -> Path:
    """Return where the verdicts of the unquantized file are kept."""
    return job.work / "reference.json"
