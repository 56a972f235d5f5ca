"""What the tests of the maths evidence share."""

from runtime.marking.item import Form, Item, Task
from runtime.marking.maths import MathsReport, SymbolicChecker, examine


def item(answer: str, reference: str | None = None, question: str = "", **fields: object) -> Item:
    form = fields.get("form")
    return Item(
        id="q1",
        task=Task.MATH,
        question=question,
        answer=answer,
        reference=reference,
        form=form if isinstance(form, Form) else None,
    )


def report(
    answer: str,
    reference: str | None = None,
    question: str = "",
    form: Form | None = None,
    checker: SymbolicChecker | None = None,
) -> MathsReport:
    return examine(item(answer, reference, question, form=form), checker)
