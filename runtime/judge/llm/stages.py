"""The stages of a cascade, and what each of them came to.

    stages = Stages()
    stages.add(mark)
    stage_lines(stages.figures())   ["Judged by evidence alone 12 (40%), the model 18 (60%)."]

A mark names its stage in its provenance; what evidence alone decided names none.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from statistics import median

import msgspec

from runtime.marking.mark import Mark, Verdict


class Stage(StrEnum):
    """Who judged an answer, in the order in which they get it."""

    EVIDENCE = "evidence"
    SAME = "same"
    """An identical answer to the same question was judged already."""
    ENCODER = "encoder"
    MODEL = "model"


_SAID = {
    Stage.EVIDENCE: "evidence alone",
    Stage.SAME: "as an identical answer",
    Stage.ENCODER: "the small encoder",
    Stage.MODEL: "the model",
}


class StageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage came to.

    ``seconds`` is what an answer took, at the median: the first one of a run waits for all that is
    loaded. ``agreement`` is the share of verdicts (or scores) like the label, ``None`` without
    labels.
    """

    answers: int
    share: float
    seconds: float
    agreement: float | None = None


def stage_of(mark: Mark) -> Stage | None:
    """Return who judged; ``None`` for what is unmarked."""
    if mark.verdict is Verdict.UNMARKED:
        return None
    return Stage(mark.provenance.get("stage", Stage.EVIDENCE))


class Stages:
    """Counts what the stages come to, mark by mark."""

    def __init__(self) -> None:
        self._answers: Counter[Stage] = Counter()
        self._seconds: dict[Stage, list[float]] = {stage: [] for stage in Stage}
        self._like: Counter[Stage] = Counter()
        self._labelled = False
        self._named = False

    def add(self, mark: Mark, agrees: bool | None = None) -> None:
        """Count a mark; ``agrees`` says whether it is like its label, ``None`` without one."""
        stage = stage_of(mark)
        if stage is None:
            return
        self._named |= "stage" in mark.provenance
        self._labelled |= agrees is not None
        self._answers[stage] += 1
        self._seconds[stage].append(mark.seconds)
        self._like[stage] += bool(agrees)

    def figures(self) -> dict[Stage, StageFigures]:
        """Return the figures of each stage that judged; none where no language model marks."""
        if not self._named:
            return {}
        return {
            stage: StageFigures(
                answers=self._answers[stage],
                share=self._answers[stage] / self._answers.total(),
                seconds=median(self._seconds[stage]),
                agreement=self._like[stage] / self._answers[stage] if self._labelled else None,
            )
            for stage in Stage
            if self._answers[stage]
        }


def seconds_saved(figures: Mapping[Stage, StageFigures]) -> float | None:
    """Return about how much longer the model would have taken for all of it.

    What the other stages decided is counted at the model's median time; ``None`` if the model
    judged nothing.
    """
    model = figures.get(Stage.MODEL)
    if not model:
        return None
    others = (found for stage, found in figures.items() if stage is not Stage.MODEL)
    return sum(max(0.0, found.answers * (model.seconds - found.seconds)) for found in others)


def stage_lines(figures: Mapping[Stage, StageFigures]) -> list[str]:
    """Return the figures in a sentence, or none."""
    if not figures:
        return []
    parts = [
        f"{_SAID[stage]} {found.answers} ({found.share:.0%}{_agreement(found)})"
        for stage, found in figures.items()
    ]
    saved = seconds_saved(figures)
    after = f"; about {saved:.1f} s of the model's time saved" if saved else ""
    return [f"Judged by {', '.join(parts)}{after}."]


def _agreement(found: StageFigures) -> str:
    return "" if found.agreement is None else f", {found.agreement:.1%} like the label"
