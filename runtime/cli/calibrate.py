"""``kindmark models calibrate``: how sure a model may be, fitted to answers that teachers marked.

kindmark models calibrate qwen2.5-1.5b labelled.jsonl
kindmark models calibrate qwen2.5-1.5b --reset
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from runtime import offline
from runtime.cli import calibrate_report as report
from runtime.cli import console
from runtime.cli.interrupts import noticed
from runtime.cli.labels import has_label, no_labels, question_of, read_labels
from runtime.cli.marking import settings
from runtime.cli.options import Parser, named, score_range
from runtime.command_line import at_least
from runtime.errors import BadInputError, ExitCode
from runtime.locations import model_store
from runtime.marking.item import Task
from runtime.records.class_set import ClassSet
from runtime.records.rows import Row

if TYPE_CHECKING:
    from runtime.judge.llm.calibrating import Gathered, Labelled, Lot
    from runtime.judge.llm.fits import Fit
    from runtime.judge.llm.locating import Located

_EXAMPLES = """\
  kindmark models calibrate qwen2.5-1.5b labelled.jsonl            judge, fit, keep
  kindmark models calibrate qwen2.5-1.5b labelled.jsonl --dry-run  keep nothing
  kindmark models calibrate mine essays.csv --label points --scale 0-5
  kindmark models calibrate mine --reset                           as it came
"""
_MB = 1_000_000


def calibrate(argv: Sequence[str]) -> int:
    """Fit a model's confidence to labelled answers and keep the fit, or forget it."""
    args = _parse(argv)
    from runtime.judge.llm.locating import located  # noqa: PLC0415

    found = located(args.name)
    if found is None:
        raise BadInputError(
            "The embedded default is no language model; it is calibrated as it is trained.",
            "Name a base or an adapter, or a GGUF file: kindmark models list",
        )
    if args.reset:
        return _reset(found)
    offline.seal()
    labelled = _labelled(args)
    try:
        gathered = _gathered(found, labelled, args)
    except KeyboardInterrupt:
        console.say("Stopped: nothing was changed.")
        return ExitCode.INTERRUPTED
    return _fitted(found, gathered, args)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    summary = "Fit how sure a model may be to answers that teachers marked."
    parser = Parser("models calibrate", summary, _EXAMPLES)
    parser.add_argument("name", metavar="NAME", type=named, help="a model, or a GGUF file")
    parser.add_argument(
        "input", metavar="LABELLED", type=named, nargs="*", help="rows with labels, JSONL or CSV"
    )
    parser.add_argument("--label", default="label", metavar="FIELD", help="field with the label")
    parser.add_argument(
        "--as",
        dest="read_as",
        choices=[task.value for task in Task],
        help="read every row as this task, whatever it says",
    )
    parser.add_argument(
        "--scale", type=score_range, metavar="LOW-HIGH", help="scale of rows that name none"
    )
    parser.add_argument(
        "--limit", type=at_least(1), metavar="N", help="N labelled rows, from all questions"
    )
    parser.add_argument(
        "--memory", type=at_least(1), metavar="MB", help="let the model use at most so much"
    )
    parser.add_argument("--dry-run", action="store_true", help="measure and keep nothing")
    parser.add_argument("--reset", action="store_true", help="forget what was fitted here")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    args = parser.parse_args(argv)
    if bool(args.input) is args.reset:
        parser.error("give labelled answers, or --reset")
    return args


def _reset(found: "Located") -> ExitCode:
    from runtime.judge.llm import fits  # noqa: PLC0415
    from runtime.judge.llm.opening import model_digest  # noqa: PLC0415

    gone = [one for one in _kept(model_digest(found)) if _is_of(one, found)]
    fits.drop(model_store(), gone)
    what = "its fit of" if len(gone) == 1 else "its fits of"
    prompts = ", ".join(one.prompt for one in gone)
    console.say(
        f"{found.name} is as it came: {what} {prompts} is forgotten."
        if gone
        else f"Nothing was fitted to {found.name} here."
    )
    return ExitCode.DONE


def _kept(model: str) -> "tuple[Fit, ...]":
    from runtime.judge.llm.fits import fits_of  # noqa: PLC0415

    return fits_of(model_store(), model)


def _is_of(one: "Fit", found: "Located") -> bool:
    """Whether a fit is of what was named: an adapter's own, a base's with all its adapters."""
    named_adapter = found.entry is not None and found.name != found.entry.name
    return not named_adapter or one.name == found.name


def _labelled(args: argparse.Namespace) -> "Labelled":
    from runtime.judge.llm.calibrating import Labelled  # noqa: PLC0415

    with ExitStack() as stack:
        sets = [stack.enter_context(ClassSet.open(path, task=args.read_as)) for path in args.input]
        rows = [_scaled(row, args.scale) for class_set in sets for row in class_set]
    labelled = [row for row in rows if has_label(row, args.label)]
    if not labelled:
        raise no_labels(rows, args.label)
    usable = _spread([row for row in labelled if row.item], args.limit)
    labels = read_labels(usable, args.label)
    items = [row.item for row in usable if row.item]
    return Labelled(items, labels, [question_of(row) for row in usable])


def _spread(rows: Sequence[Row], limit: int | None) -> list[Row]:
    """Return so many rows, evenly spread: the first ones would be of a question or two."""
    count = min(limit or len(rows), len(rows))
    return [rows[at * len(rows) // count] for at in range(count)]


def _scaled(row: Row, scale: tuple[float, float] | None) -> Row:
    if not row.item or not scale or "scale" in row.fields:
        return row
    return msgspec.structs.replace(row, item=msgspec.structs.replace(row.item, scale=scale))


def _gathered(found: "Located", labelled: "Labelled", args: argparse.Namespace) -> "Gathered":
    """Judge by the path that marks take, as the model says it, and without a cascade."""
    from runtime.judge.llm.calibrating import gather  # noqa: PLC0415
    from runtime.judge.llm.opening import Options, open_judge  # noqa: PLC0415

    memory = args.memory * _MB if args.memory else None
    options = Options(cascade=False, memory=memory, fitted=False)
    rates = settings(None).calibration
    with (
        noticed() as interrupt,
        open_judge(found, options) as opened,
        console.progress(len(labelled.items), 0, args.quiet) as show,
    ):
        opened.model.stopping = interrupt.asked
        return interrupt.guarded(lambda: gather(opened.model, labelled, rates, show))


def _fitted(found: "Located", gathered: "Gathered", args: argparse.Namespace) -> ExitCode:
    from runtime.judge.llm.calibrating import calibrate  # noqa: PLC0415
    from runtime.judge.llm.fits import put  # noqa: PLC0415
    from runtime.judge.llm.opening import model_digest  # noqa: PLC0415

    lots = [lot for lot in gathered.lots if not lot.refusal]
    if not lots:
        raise _nothing_to_fit(gathered)
    model = model_digest(found)
    fits = [(lot, calibrate(lot)) for lot in lots]
    rows = [report.row_of(_name(found, lot), lot, one) for lot, one in fits]
    path = None
    if not args.dry_run:
        pairs = zip(rows, lots, strict=True)
        path = put(model_store(), [_fit(row, lot, model) for row, lot in pairs])
    report.show(rows, gathered, as_json=args.json)
    console.say(f"Kept in {path}." if path else "A dry run: nothing was kept.", args.quiet)
    return ExitCode.DONE


def _nothing_to_fit(gathered: "Gathered") -> BadInputError:
    asked = [lot for lot in gathered.lots if lot.answers]
    counts = ", ".join(f"{len(lot.answers)} with {lot.group.name}" for lot in asked) or "none"
    why = " ".join(dict.fromkeys(lot.refusal for lot in asked))
    return BadInputError(
        f"There is nothing to fit to: the model judged {counts}, and code decided "
        f"{gathered.decided} without it. {why}".strip(),
        "Give more answers that teachers marked, with all the labels that they use.",
    )


def _name(found: "Located", lot: "Lot") -> str:
    return lot.group.subject.name or (found.entry.name if found.entry else found.name)


def _fit(row: "report.FitRow", lot: "Lot", model: str) -> "Fit":
    from runtime.judge.llm.fits import Fit  # noqa: PLC0415
    from runtime.judge.prompt import contract_digest  # noqa: PLC0415

    return Fit(
        name=row.name,
        model=model,
        adapter=lot.group.subject.digest,
        prompt=row.prompt,
        contract=contract_digest(),
        temperature=row.temperature,
        cuts=row.cuts,
        labels=row.labels,
        answers=row.answers,
        questions=row.questions,
        held_out=report.finite(row.after),
        fitted=datetime.now(UTC).date().isoformat(),
    )
