"""What tests of the store put into it."""

from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict
from runtime.records.rows import Row
from runtime.records.store import Store
from runtime.records.store.rows import Answer, Learner, QuestionSet


def row(number: int, *, answer: str = "", learner: str | None = None, skill: str = "") -> Row:
    item = Item(
        id=f"r{number}",
        task=Task.MATH,
        question=f"{number} + 1?",
        reference=str(number + 1),
        answer=answer,
        learner=learner,
    )
    return Row(line=number, id=item.id, digest="", item=item, fields={"skill": skill})


def questions(store: Store, count: int = 2) -> QuestionSet:
    return store.sets.add("Sums", [row(number, skill="adding") for number in range(count)])


def mark(  # a mark with what tests look at
    verdict: Verdict = Verdict.INCORRECT,
    *,
    confidence: float = 0.9,
    needs_review: bool = False,
    misconception: str | None = None,
    made_by: str = "test",
) -> Mark:
    return Mark(
        id="r0",
        verdict=verdict,
        score=1.0 if verdict is Verdict.CORRECT else 0.0,
        max_score=1.0,
        confidence=confidence,
        needs_review=needs_review,
        misconception=misconception,
        provenance={"made_by": made_by},
    )


def answered(store: Store, learner: Learner, text: str, class_id: int | None = None) -> Answer:
    """Let a learner answer the first question of a set in a session of its own."""
    chosen = store.sets.all() or [questions(store)]
    session = store.sessions.start(learner_id=learner.id, class_id=class_id, set_id=chosen[0].id)
    item_id = store.sets.items(chosen[0].id)[0].item_id
    return store.answers.add(session.id, item_id, text, learner_id=learner.id)
