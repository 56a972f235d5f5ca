"""An example for a person to read: a heading, then each field that says something."""

import textwrap

from train.data.schema import Example

_WIDTH = 88


def readable(example: Example) -> str:
    """Return the example as lines, long texts wrapped."""
    heading = f"{example.set} {example.id} ({example.task}, {example.language})"
    fields = {
        "question": example.question,
        "options": "\n".join(example.options),
        "source": example.source,
        "rubric": example.rubric,
        "reference": example.reference,
        "sources": "\n".join(example.sources),
        "answer": example.text,
        "feedback": example.feedback,
        "label": _label(example),
        "rule": example.rule,
        "first wrong": _step(example),
    }
    return "".join([f"{heading}\n", *(_field(name, text) for name, text in fields.items() if text)])


def _label(example: Example) -> str:
    low, high = example.scale
    score = "" if example.score is None else f"{example.score:g} of {low:g} to {high:g}"
    return ", ".join(filter(None, (example.verdict, score)))


def _step(example: Example) -> str | None:
    """Return the first wrong step, counted from 1 as people do."""
    at = example.first_wrong_step
    if at is None:
        return None
    return "no step" if at < 0 else f"step {at + 1}"


def _field(name: str, text: str) -> str:
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH) or [""]]
    return "".join(
        f"  {name if number == 0 else '':11} {line}".rstrip() + "\n"
        for number, line in enumerate(lines)
    )
