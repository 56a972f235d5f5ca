"""One prompt of each task, with a child's text put wherever a child's text can stand."""

from runtime.judge import prompt
from runtime.judge.prompt import Prompt
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.rubric import Criterion

TEMPLATES = {
    "gemma": prompt.GEMMA_TEMPLATE,
    "chatml": prompt.CHATML_TEMPLATE,
    "plain": prompt.PLAIN_TEMPLATE,
}

FACTS = Criterion(name="Facts", levels={5: "all", 0: "none", 3: "some"})


def answered(text: str, language: str = "en") -> Item:
    return Item(
        id="1",
        task=Task.SHORT_ANSWER,
        question="Why do puddles dry up?",
        reference="The water evaporates.",
        answer=text,
        language=language,
        scale=(0, 5),
    )


def prompts(text: str) -> dict[str, Prompt]:
    item = answered(text)
    return {
        "mark_maths": prompt.mark_maths(item),
        "mark_short_answer": prompt.mark_short_answer(item),
        "mark_essay": prompt.mark_essay(item),
        "mark_rubric": prompt.mark_rubric(item),
        "compare_answers": prompt.compare_answers(item, text, "It is the sun."),
        "mark_trait": prompt.mark_trait(prompt.mark_essay(item), FACTS),
        "give_feedback": prompt.give_feedback(
            prompt.mark_maths(answered("")), "Partial", Verdict.PARTIAL, [text]
        ),
        "give_reason": prompt.give_reason(prompt.mark_maths(answered("")), text),
        "converse": prompt.converse(prompt.mark_maths(answered("")), "Partial", text),
        "explain": prompt.explain(item, ["Warm water turns into vapour."]),
        "explain, Italian": prompt.explain(answered(text, "it"), []),
        "solve": prompt.solve(text),
        "summarise": prompt.summarise(text),
    }
