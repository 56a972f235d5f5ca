"""An audit in words: lines for a terminal, a table for a data card."""

from collections.abc import Mapping, Sequence

from train.data.audit import Audit, Copies, Lengths

_SHOWN = 5
"""Contradictions that are shown in full: enough to see what kind they are."""


def plain(audit: Audit, shown: int = _SHOWN) -> str:
    """Return the audit as lines, then the first ``shown`` contradictions with their ids."""
    width = max(len(name) for name, _ in figures(audit))
    lines = [f"{name:{width}}  {value}" for name, value in figures(audit)]
    return "\n".join([*lines, *_contradictions(audit, shown), *_advice(audit)]) + "\n"


def markdown(audit: Audit) -> str:
    """Return the audit as a Markdown table."""
    rows = [f"| {name} | {value.replace('|', '/')} |" for name, value in figures(audit)]
    return "\n".join(["| | |", "| --- | --- |", *rows]) + "\n"


def figures(audit: Audit) -> list[tuple[str, str]]:
    """Return what was counted as pairs of a name and a value."""
    return [
        ("examples", f"{audit.examples:,}"),
        ("questions", f"{audit.questions:,} (at most {audit.largest_question:,} answers each)"),
        ("sets", _counted(audit.sets)),
        ("tasks", _counted(audit.tasks)),
        ("languages", _counted(audit.languages)),
        ("fields", _counted(audit.fields)),
        ("classes", _shares(audit.classes)),
        ("without a label", f"{audit.unlabelled:,}"),
        ("characters an answer", _range(audit.answers)),
        ("characters an example", _range(audit.wholes)),
        ("over the budget", f"{audit.over_budget:,} of more than {audit.budget:,} characters"),
        ("near-empty answers", _named(audit.near_empty)),
        ("ids used twice", _named(audit.repeated_ids)),
        ("duplicates", f"{len(audit.duplicates):,} answers, {audit.superfluous:,} to spare"),
        ("contradictions", f"{len(audit.contradictions):,} answers with more than one label"),
    ]


def _contradictions(audit: Audit, shown: int) -> list[str]:
    lines = []
    for copies in audit.contradictions[:shown]:
        lines += [
            "",
            f"contradiction: {_cut(copies.answer)}",
            f"  question: {_cut(copies.question)}",
        ]
        lines += [f"  {label:12} {names}" for label, names in _ids_by_label(copies).items()]
    rest = len(audit.contradictions) - shown
    return [*lines, "", f"... and {rest:,} more: see --json"] if rest > 0 and shown else lines


def _ids_by_label(copies: Copies) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for label, name in zip(copies.labels, copies.ids, strict=True):
        found.setdefault(label or "(none)", []).append(name)
    return {label: ", ".join(names[:_SHOWN]) for label, names in found.items()}


def _advice(audit: Audit) -> list[str]:
    found = []
    if audit.unlabelled == audit.examples:
        found.append("No example has a label: this trains a model to write, not to mark.")
    elif len(audit.classes) == 1:
        found.append("All examples are of one class: nothing can be learned from one alone.")
    if audit.questions == 1 and audit.examples > 1:
        found.append("There is one question only: nothing can be held out.")
    return ["", *found] if found else []


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _shares(counts: Mapping[str, int]) -> str:
    whole = sum(counts.values())
    return (
        "none"
        if not counts
        else ", ".join(f"{name} {count:,} ({count / whole:.0%})" for name, count in counts.items())
    )


def _range(lengths: Lengths) -> str:
    return f"{lengths.least:,} to {lengths.most:,}, median {lengths.median:,.0f}"


def _named(names: Sequence[str]) -> str:
    some = ", ".join(_cut(name, 40) for name in names[:_SHOWN])
    more = ", ..." if len(names) > _SHOWN else ""
    return f"{len(names):,} ({some}{more})" if names else "0"


def _cut(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
