"""The mark gate: does a quantized model still give the marks that its 16-bit model gives?

    result = gate(teachers, reference, candidate, labels)      # places of labels, (n,) each
    result.passed, result.faults

Logits may drift and marks stay; a mark may turn over a hair. So what counts is counted: on labelled
answers, how many verdicts turn, and whether the agreement with teachers falls. Whatever does not
pass is not published.
"""

import math
from collections.abc import Iterator, Sequence

import msgspec

from runtime.judge.catalogue import Limits
from runtime.marking.agreement import accuracy, cohen_kappa, quadratic_weighted_kappa

LIMITS = Limits(agreement=0.97, kappa_loss=0.02, qwk_loss=0.02)
"""For a model whose catalogue entry says nothing.

Two teachers differ in far more than 3 of 100 answers (kappa 0.75 to 0.89 among themselves), and a
kappa of 0.6 measured on 1,000 answers is only known to 0.05 either way: such a loss is not seen.
"""

FEWEST = 100
"""Labelled answers needed: of fewer, less than three may turn, and a single one would decide."""


class GateResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a candidate's verdicts compare with the 16-bit model's; ``passed`` if it may be used.

    ``agreement`` is the share of equal verdicts. ``kappa`` and ``qwk`` are with the teachers'
    labels, each beside the 16-bit model's; ``qwk`` only where labels are steps of a scale.
    """

    rows: int
    agreement: float
    kappa: float
    kappa_reference: float
    qwk: float | None = None
    qwk_reference: float | None = None
    limits: Limits
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def figures(self) -> dict[str, float]:
        """Return what was measured, by name; changes are below 0 where it got worse."""
        found = {"verdict_agreement": self.agreement, "kappa_change": self.kappa_change}
        return found if self.qwk_change is None else {**found, "qwk_change": self.qwk_change}

    @property
    def kappa_change(self) -> float:
        """The candidate's kappa less the 16-bit model's."""
        return self.kappa - self.kappa_reference

    @property
    def qwk_change(self) -> float | None:
        """The same of quadratic weighted kappa."""
        if self.qwk is None or self.qwk_reference is None:
            return None
        return self.qwk - self.qwk_reference


def gate(  # noqa: PLR0913 - the last three are options
    teachers: Sequence[int],
    reference: Sequence[int],
    candidate: Sequence[int],
    labels: Sequence[str],
    *,
    scale: bool = False,
    limits: Limits = LIMITS,
    fewest: int = FEWEST,
) -> GateResult:
    """Compare verdicts, each the place of a label in ``labels``, one a labelled answer.

    ``scale`` if the labels rise step by step, as scores do. Raises ``ValueError`` if the lists
    differ in length or a place is none of a label.
    """
    if not len(teachers) == len(reference) == len(candidate):
        raise ValueError("there is not one verdict an answer")
    if strange := {*teachers, *reference, *candidate} - {*range(len(labels))}:
        raise ValueError(f"{min(strange)} is no place of a label")
    weighted = scale and len(labels) > 1
    last = len(labels) - 1
    found = GateResult(
        rows=len(teachers),
        agreement=accuracy(reference, candidate),
        kappa=cohen_kappa(teachers, candidate),
        kappa_reference=cohen_kappa(teachers, reference),
        qwk=quadratic_weighted_kappa(teachers, candidate, 0, last) if weighted else None,
        qwk_reference=quadratic_weighted_kappa(teachers, reference, 0, last) if weighted else None,
        limits=limits,
    )
    return msgspec.structs.replace(found, faults=tuple(_faults(found, fewest)))


def _faults(found: GateResult, fewest: int) -> Iterator[str]:
    """Yield why a candidate does not pass. Comparisons are written so that NaN fails."""
    limits = found.limits
    if found.rows < fewest:
        yield f"{found.rows} labelled answers are too few to judge by; {fewest} are needed."
    if not found.agreement >= limits.agreement:
        turned = round((1 - found.agreement) * found.rows) if math.isfinite(found.agreement) else 0
        yield (
            f"{turned} of {found.rows} verdicts are others than the 16-bit model's; "
            f"{limits.agreement:.1%} must be the same."
        )
    if not -found.kappa_change <= limits.kappa_loss:
        yield f"Kappa falls by {-found.kappa_change:.3f}; {limits.kappa_loss:g} is allowed."
    if found.qwk_change is not None and not -found.qwk_change <= limits.qwk_loss:
        yield f"QWK falls by {-found.qwk_change:.3f}; {limits.qwk_loss:g} is allowed."
