"""The card of a published model: what it is, what it learnt from, what was measured, its limits.

card(job, entries, checks)        Markdown
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from convert.pipeline.checking import Check
from convert.pipeline.job import Job
from runtime.judge.catalogue import Entry

_PURPOSES = {
    "causal": "It writes: answers, reasons or feedback, as its prompt asks.",
    "classify": "It names a class: a head on the last token of the prompt.",
    "prefer": "It gives each answer a reward; only rewards under the same question compare.",
    "embed": "It turns texts into vectors, which a head over features judges.",
}


def card(job: Job, entries: Sequence[Entry], checks: Sequence[Check]) -> str:
    """Return the card of what a job publishes."""
    stage = job.stage
    sections = {
        "What it is": _what(job),
        "Files": _files(entries),
        "Trained on": _data(job),
        "Measured while training": _figures(job),
        "Equal to the model it was made from": _equal(job, checks),
        "Limits": _limits(job, checks),
        "Make it again": f"    kindmark train {stage.recipe}\n    kindmark convert RUN "
        f"--stage {stage.name}",
    }
    body = "\n\n".join(f"## {title}\n\n{text.rstrip()}" for title, text in sections.items())
    return f"# {job.name}\n\n{_PURPOSES[stage.origin.purpose]}\n\n{body}\n"


def _what(job: Job) -> str:
    stage, base = job.stage, job.stage.origin.base
    rows = [
        ("Base", f"{base.hub}{' ' + base.revision if base.revision else ''} ({base.architecture})"),
        ("Recipe", f"{stage.recipe}, stage {stage.name} ({stage.kind})"),
        ("Licence", f"{base.licence}, as its base"),
        ("Prompt", f"{stage.prompt or 'none'}, contract {stage.contract[:12]}"),
        ("Labels", ", ".join(stage.labels)),
        ("Form", "adapter for run time" if job.wishes.adapter_only else "merged into its base"),
    ]
    return "\n".join(f"- **{name}**: {text}" for name, text in rows if text)


def _files(entries: Sequence[Entry]) -> str:
    rows = [
        f"| `{file.name}` | {file.bytes / 1e6:.1f} | `{file.sha256}` |"
        for entry in entries
        for file in entry.file
    ]
    return "\n".join(["| file | MB | SHA-256 |", "| --- | --- | --- |", *rows])


def _data(job: Job) -> str:
    lines = [f"- {name}: {licence or 'licence not given'}" for name, licence in job.stage.data]
    return "\n".join(dict.fromkeys(lines))


def _figures(job: Job) -> str:
    """Return what the stage's own measurements say, on questions it did not learn from."""
    before, after = (_measures(job, name) for name in ("before.json", "after.json"))
    if not after:
        return "Nothing was measured."
    lines = ["| | before | after | 95 % interval |", "| --- | --- | --- | --- |"]
    for name, found in after.items():
        was = before.get(name, {}).get("value")
        lines.append(
            f"| {name} | {_number(was)} | {_number(found.get('value'))} | "
            f"{_number(found.get('low'))} to {_number(found.get('high'))} |"
        )
    return "\n".join(lines)


def _measures(job: Job, name: str) -> dict[str, dict[str, Any]]:
    """Return the measures of before.json or after.json, {} where there are none."""
    try:
        parts = json.loads((job.stage.folder / name).read_bytes())
        return {
            f"{part}: {measure}": value
            for part, one in parts.items()
            for measure, value in one["comparison"]["measures"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _equal(job: Job, checks: Sequence[Check]) -> str:
    names = list(dict.fromkeys(name for check in checks for name in check.figures))
    lines = [
        "Against Hugging Face in float32, on the prompts of marking. A file that did not pass is "
        "not published.",
        "",
        f"| file | {' | '.join(names)} | passed |",
        f"| --- |{' --- |' * len(names)} --- |",
    ]
    for check in checks:
        cells = " | ".join(_number(check.figures.get(name)) for name in names)
        lines.append(f"| `{check.file}` | {cells} | {'yes' if check.passed else 'no'} |")
    return "\n".join(lines)


def _limits(job: Job, checks: Sequence[Check]) -> str:
    return "\n".join(f"- {line}" for line in _limit_lines(job, checks))


def _limit_lines(job: Job, checks: Sequence[Check]) -> Iterator[str]:
    if job.stage.origin.tiny:
        yield "A tiny random model: it shows that the path works, and knows nothing."
    if not job.wishes.items:
        yield (
            "No labelled answers were given (--items), so the quantizations were compared by their "
            "logits alone, and the head's probabilities are not calibrated."
        )
    yield "It was measured on the data above; on other schools, ages and languages it may do worse."
    yield "A mark it is unsure of belongs to a teacher."


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else ""
