"""The data card: what a saved data set is, whose it is and how it is made again, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence

from train.data.audit import audit
from train.data.audit_text import markdown
from train.data.classes import classes_in
from train.data.groups import questions_of
from train.data.manifest import Manifest
from train.data.schema import Example
from train.recipe import Source

_KINDS = {"simulator": "simulator of Kindmark", "hub": "hub dataset", "file": "file"}
_SIMULATED = (
    "What a simulator makes is right by construction and is no child's work: it shows a model the "
    "form of the task and known mistakes, not how children write. Measure on real answers."
)
_REAL = (
    "Labels of files and hub datasets are taken as they stand; the audit says where they "
    "contradict each other. Who wrote and marked the answers stands with the source."
)


def card(manifest: Manifest, parts: Mapping[str, Sequence[Example]]) -> str:
    """Return the card of ``parts``; ``manifest`` has its counts and hashes filled in."""
    sections = {
        "How to make it again": _again(manifest),
        "Sources": _sources(manifest),
        "Parts": _parts(manifest, parts),
        "What was left out": "\n".join(f"- {note}" for note in manifest.notes) or "Nothing.",
        "Audit": markdown(audit([one for part in parts.values() for one in part])),
        "Fields": _fields(),
        "Limits": "\n\n".join(_limits(manifest)),
    }
    body = "\n\n".join(f"## {title}\n\n{text.rstrip()}" for title, text in sections.items())
    names = ", ".join(dict.fromkeys(_name(source) for source in manifest.sources))
    return f"# Training data: {names or 'examples'}\n\n{_summary(parts)}\n\n{body}\n"


def _summary(parts: Mapping[str, Sequence[Example]]) -> str:
    examples = [one for part in parts.values() for one in part]
    questions = len(set(questions_of(examples)))
    return (
        f"{len(examples):,} examples to {questions:,} questions. The folder is a "
        "`datasets.DatasetDict` (`datasets.load_from_disk`); the zip of the same name holds the "
        "same examples as JSON lines, a file a part."
    )


def _again(manifest: Manifest) -> str:
    return (
        f"    {manifest.command}\n\nwith Kindmark {manifest.kindmark} and the same sources gives "
        f"the same bytes. Seed {manifest.seed}. SHA-256 of all examples as JSON lines:\n\n"
        f"    {manifest.sha256}"
    )


def _sources(manifest: Manifest) -> str:
    rows = [
        (_name(one), _KINDS[one.kind], f"{one.count:,}" if one.count else "all", _licence(one))
        for one in manifest.sources
    ]
    return _table(("source", "kind", "asked for", "licence and attribution"), rows)


def _name(source: Source) -> str:
    return " ".join(word for word in (source.name, source.config, source.split) if word)


def _licence(source: Source) -> str:
    made_here = "Apache-2.0, made by Kindmark" if source.kind == "simulator" else "not stated"
    return source.licence or made_here


def _parts(manifest: Manifest, parts: Mapping[str, Sequence[Example]]) -> str:
    rows = [
        (
            name,
            f"{len(part):,}",
            f"{len(set(questions_of(part))):,}",
            ", ".join(f"{label} {count:,}" for label, count in classes_in(part).items()) or "none",
            f"`{manifest.parts[name].sha256}`",
        )
        for name, part in parts.items()
    ]
    table = _table(("part", "examples", "questions", "classes", "SHA-256"), rows)
    return f"{table}\n\nNo question is in two parts." if len(parts) > 1 else table


def _fields() -> str:
    names = ", ".join(f"`{name}`" for name in Example.__struct_fields__)
    return (
        f"{names}: see `train/data/schema.py`. `group` names the question; `verdict` or `score` (on"
        " `scale`) is the label; `feedback` is the text a model learns to write; `rule` names what "
        "a simulator did to the answer."
    )


def _limits(manifest: Manifest) -> Iterator[str]:
    kinds = {source.kind for source in manifest.sources}
    if "simulator" in kinds:
        yield _SIMULATED
    if kinds != {"simulator"}:
        yield _REAL


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
