"""Questions and marks for tests of study sessions."""

from runtime.marking.item import Form, Item, Task
from runtime.marking.mark import Evidence, Mark, Verdict
from runtime.records.rows import Row, item_digest

FRACTIONS = Item(
    id="f1",
    task=Task.MATH,
    question="Work out 3/4 + 5/6. Give your answer in its simplest form.",
    reference="19/12",
    form=Form.SIMPLEST,
)
EQUATION = Item(id="e1", task=Task.MATH, question="Solve 3(x + 4) = 27.", reference="x = 5")
SALE = Item(
    id="p1",
    task=Task.MATH,
    question="A jacket costs 80 euros. In the sale it is 15% cheaper. What does it cost now?",
    reference="68",
)
PUDDLE = Item(
    id="s1",
    task=Task.SHORT_ANSWER,
    question="Why does a puddle disappear on a sunny day?",
    reference="The heat makes the water evaporate: it turns into vapour and goes into the air.",
)
BEES = Item(
    id="w1",
    task=Task.ESSAY,
    question="Summarise the text in your own words.",
    source=(
        "Bees visit flowers to drink nectar. Yellow dust called pollen sticks to the hairs on "
        "their bodies. At the next flower some of it rubs off. This is pollination."
    ),
    scale=(0.0, 5.0),
)
ALL = (FRACTIONS, EQUATION, SALE, PUDDLE, BEES)


def rows(*items: Item, skill: str = "") -> list[Row]:
    """Return items as rows of a class set, each with the set's own word for its skill."""
    fields: dict[str, object] = {"skill": skill} if skill else {}
    return [
        Row(line=at, id=item.id, digest=item_digest(item), item=item, fields=fields)
        for at, item in enumerate(items, start=1)
    ]


def mark(
    verdict: Verdict,
    *,
    confidence: float = 0.99,
    evidence: tuple[Evidence, ...] = (),
    first_wrong_step: int | None = None,
    **more: object,
) -> Mark:
    """Return a mark as a marker would give it."""
    share = {Verdict.CORRECT: 1.0, Verdict.PARTIAL: 0.5, Verdict.INCORRECT: 0.0}.get(verdict)
    return Mark(
        id="1",
        verdict=verdict,
        score=share,
        max_score=1.0,
        confidence=confidence,
        needs_review=confidence < 0.8,
        evidence=evidence,
        first_wrong_step=first_wrong_step,
        provenance={"kindmark": "test", **dict.fromkeys(map(str, more), "test")},
    )


RIGHT = mark(Verdict.CORRECT)
WRONG = mark(Verdict.INCORRECT)
"""Marks that code is sure of."""
