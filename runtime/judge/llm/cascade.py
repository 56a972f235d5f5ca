"""A cascade of judges: identical answers once, the small encoder what it is sure of, else a model.

    judge = Cascade(model_judge, encoder_judge)
    for place, judgement in judge.judge_each(cases): print(place, judgement.stage)

What evidence decides alone never comes here. Every judgement names its stage; ``encoder`` may be
``None``, as where the embedded default is not installed.
"""

import hashlib
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import msgspec

from runtime.closing import Closing
from runtime.judge.llm.stages import Stage
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case, Judge, Judged, Judgement, ReadingJudge

ENCODER_FROM = 0.87
"""Calibrated confidence from which on the encoder's verdict stands.

The least from which on its verdicts agree with teachers in 0.875 of cases or more, at the lower end
of a 95 % interval, on questions of SciEntsBank that nothing was fitted to: what a trained language
model is aimed at. There it decides 10 % of the answers, 0.929 of them as the teacher did. On SAF,
which it never saw, that is 7 % and 0.978; on BEETLE (adults, electricity) 27 % and only 0.784,
where of the rest it would have 0.634 right. ``python -m benchmarks.cascade`` chooses and measures.
"""

REMEMBERED = 4096
"""Judgements that are kept for identical answers to come; of the answers only a digest is."""

_FINAL = ".!?;,:…。"


class Cascade(Closing):
    """Judges with the least that suffices. It owns neither of its judges."""

    def __init__(self, model: ReadingJudge, encoder: Judge | None) -> None:
        """Keep both judges, open."""
        self._model, self._encoder = model, encoder
        self._known: OrderedDict[bytes, Judgement] = OrderedDict()
        stages = f"same, encoder from {ENCODER_FROM:g}" if encoder else "same"
        beside = encoder.provenance if encoder else {}
        self._provenance = {"cascade": stages} | {
            "encoder" if name == "model" else f"encoder_{name}": digest
            for name, digest in beside.items()
        }

    @property
    def provenance(self) -> dict[str, str]:
        """Digests of the model and of the encoder, and which stages there are."""
        return {**self._model.provenance, **self._provenance}

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Return one judgement a case, in order. Raises ``ModelError`` if a model fails."""
        return [judgement for _, judgement in sorted(self.judge_each(cases), key=lambda j: j.place)]

    def judge_each(self, cases: Sequence[Case]) -> Iterator[Judged]:
        """Yield every case's judgement as it comes, those of the early stages first."""
        waiting: dict[bytes, list[int]] = {}
        for place, case in enumerate(cases):
            waiting.setdefault(same_answer(case), []).append(place)
        known = [key for key in waiting if key in self._known]
        for key in known:
            yield from self._repeated(key, waiting.pop(key))
        for stage in (self._by_encoder, self._by_model):
            firsts = {key: cases[places[0]] for key, places in waiting.items()}
            for key, judgement in stage(firsts):
                self._remember(key, judgement)
                first, *others = waiting.pop(key)
                yield Judged(first, judgement)
                yield from self._repeated(key, others)

    def close(self) -> None:
        """Forget what was judged."""
        self._known.clear()

    def _by_encoder(self, cases: dict[bytes, Case]) -> list[tuple[bytes, Judgement]]:
        asked = {key: case for key, case in cases.items() if suits_encoder(case)}
        if not self._encoder or not asked:
            return []
        found = zip(asked, self._encoder.judge(list(asked.values())), strict=True)
        return [
            (key, msgspec.structs.replace(judgement, stage=Stage.ENCODER.value))
            for key, judgement in found
            if is_sure(judgement)
        ]

    def _by_model(self, cases: dict[bytes, Case]) -> Iterator[tuple[bytes, Judgement]]:
        keys = list(cases)
        for place, judgement in self._model.judge_each(list(cases.values())):
            yield keys[place], judgement

    def _repeated(self, key: bytes, places: Sequence[int]) -> Iterator[Judged]:
        for place in places:
            yield Judged(place, msgspec.structs.replace(self._known[key], stage=Stage.SAME.value))

    def _remember(self, key: bytes, judgement: Judgement) -> None:
        self._known[key] = judgement
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def suits_encoder(case: Case) -> bool:
    """Whether the encoder's calibration was measured on such answers.

    They are short, in English, beside a reference, right or wrong with nothing between; words that
    mean the opposite of the reference's are what vectors fail at.
    """
    item = case.item
    return (
        item.task is Task.SHORT_ANSWER
        and bool(item.reference)
        and item.language.lower().partition("-")[0] == "en"
        and item.scale[1] - item.scale[0] <= 1
        and not any(finding.kind == "opposite" for finding in case.evidence)
    )


def is_sure(judgement: Judgement) -> bool:
    """Whether the encoder's judgement needs no model after it."""
    probability = judgement.probability
    return probability is not None and max(probability, 1 - probability) >= ENCODER_FROM


def same_answer(case: Case) -> bytes:
    """Return the SHA-256 that only cases share which ask and answer the same.

    Short answers may differ in case, white space, composed characters and their last stop; maths
    in white space and composed characters ("5!" is not 5, nor m always M). Writing must be the
    same to the letter.
    """
    item = case.item
    findings = [one.message for one in case.evidence] if item.task is Task.MATH else []
    plain = msgspec.structs.replace(item, id="", learner=None, steps=(), answer=_normal(item))
    return hashlib.sha256(msgspec.json.encode((plain, findings))).digest()


def _normal(item: Item) -> str:
    text = unicodedata.normalize("NFC", item.text)
    if item.task is Task.MATH:
        return " ".join(text.split())
    if item.task is Task.SHORT_ANSWER:
        return " ".join(text.casefold().split()).rstrip(_FINAL + " ")
    return text
