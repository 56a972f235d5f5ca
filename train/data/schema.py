"""The one form every piece of training data takes, wherever it came from.

Example(id="1", set="ours", group="q1", task=Task.MATH, question="1 + 1?", answer="2",
        verdict=Verdict.CORRECT)
"""

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.rubric import Rubric


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer with what a teacher (or a simulator, by construction) says of it.

    ``group`` names the question, problem or passage: a split never cuts it. ``feedback`` is the
    text a model is to write: a solution, a summary, a teacher's reasoning. ``rule`` names what a
    simulator did to the answer. ``first_wrong_step`` is 0-based, -1 where no step is wrong.
    """

    id: str
    set: str
    group: str
    task: Task
    question: str
    answer: str = ""
    steps: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    reference: str | None = None
    rubric: str | None = None
    source: str | None = None
    sources: tuple[str, ...] = ()
    language: str = "en"
    verdict: Verdict | None = None
    score: float | None = None
    scale: tuple[float, float] = (0.0, 1.0)
    feedback: str | None = None
    first_wrong_step: int | None = None
    rule: str | None = None

    @property
    def text(self) -> str:
        """The learner's whole text: the answer, else the steps line by line."""
        return self.answer or "\n".join(self.steps)

    def item(self) -> Item:
        """Return what the marking core and the prompts see of it: no label."""
        return Item(
            id=self.id,
            task=self.task,
            question=self.question,
            answer=self.answer,
            steps=() if self.answer else self.steps,
            reference=self.reference,
            rubric=Rubric(name="rubric", description=self.rubric) if self.rubric else None,
            source=self.source,
            scale=self.scale,
            language=self.language,
        )


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two answers to one question under the same criteria, the better one first.

    ``margin`` in 0..1 is how much better, as a share of the scale.
    """

    id: str
    set: str
    group: str
    task: Task
    question: str
    chosen: str
    rejected: str
    options: tuple[str, ...] = ()
    reference: str | None = None
    rubric: str | None = None
    source: str | None = None
    language: str = "en"
    margin: float = 1.0
