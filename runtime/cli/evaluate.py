"""``kindmark eval IN...``: how well marks agree with teachers, beside what anyone could guess."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from runtime import offline
from runtime.cli import console
from runtime.cli.comparison import compare, stage_figures
from runtime.cli.labels import Labelled, group_of, has_label, no_labels, question_of, read_labels
from runtime.cli.marking import mark_batches, open_marker
from runtime.cli.model_options import add_model_options, choice_of
from runtime.cli.options import Parser, named, score_range
from runtime.command_line import at_least
from runtime.errors import BadInputError, ExitCode
from runtime.judge.llm.stages import Stage, StageFigures, stage_lines
from runtime.marking.item import Task
from runtime.marking.mark import Mark, Verdict
from runtime.records.class_set import ClassSet
from runtime.records.marks import Marked, read_marks
from runtime.records.rows import Row
from runtime.records.target import check_target
from runtime.report.comparison import Comparison

_EXAMPLES = """\
  kindmark eval labelled.jsonl                     mark and compare
  kindmark eval labelled.jsonl --by module --json  for each module, as data
  kindmark eval labelled.jsonl --marks marks.jsonl compare marks made before
  kindmark eval labelled.jsonl --model qwen2.5-1.5b  mark with a language model
  kindmark eval scored.csv --label points --scale 0-5
  kindmark eval judged.jsonl --as short_answer     rows whose task is none of ours
  kindmark eval labelled.jsonl --report page.html  tables, plots and the worst cases
"""


class Evaluation(msgspec.Struct, frozen=True):
    """The answers all together and group by group; ``unmarked`` have a label but no mark.

    ``stages`` tells who judged, where a language model marks.
    """

    overall: Comparison
    unmarked: int
    groups: dict[str, Comparison] = {}
    stages: dict[Stage, StageFigures] = {}


def main(argv: Sequence[str]) -> int:
    """Compare marks with labels and print the figures."""
    args = _parse(argv)
    if args.report:
        # Before the first answer is marked: a wrong name must not cost an hour.
        _check_report(args.report, args.input)
    offline.seal()
    with ExitStack() as stack:
        sets = [stack.enter_context(ClassSet.open(path, task=args.read_as)) for path in args.input]
        rows = [row for class_set in sets for row in _prepared(class_set, args)]
        if args.marks:
            _refuse_equal_ids(rows, args.marks)
    pairs, unmarked = _pairs(rows, args)
    overall, groups = compare(pairs, args.folds), _by_group(pairs, args)
    evaluation = Evaluation(overall, unmarked, groups, stage_figures(pairs))
    if args.report:
        from runtime.cli.comparison_report import write_report  # noqa: PLC0415

        write_report(args.report, evaluation.overall, evaluation.groups, pairs, unmarked=unmarked)
        console.say(f"The report is in {args.report}.", args.quiet)
    if args.json:
        encoded = msgspec.json.format(msgspec.json.encode(evaluation), indent=2)
        sys.stdout.write(encoded.decode() + "\n")
    else:
        from runtime.cli.comparison_table import show  # noqa: PLC0415

        show(evaluation.overall, evaluation.unmarked, evaluation.groups)
        sys.stdout.writelines(f"\n{line}\n" for line in stage_lines(evaluation.stages))
    return ExitCode.SOME_UNMARKED if unmarked else ExitCode.DONE


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("eval", "Compare marks with teachers' labels.", _EXAMPLES)
    parser.add_argument(
        "input", metavar="IN", type=named, nargs="+", help="rows with labels, JSONL or CSV"
    )
    parser.add_argument("--label", default="label", metavar="FIELD", help="field with the label")
    parser.add_argument("--by", metavar="FIELD", help="also for each value of this field")
    tasks = [task.value for task in Task]
    parser.add_argument("--task", choices=tasks, help="these rows only")
    parser.add_argument(
        "--as", dest="read_as", choices=tasks, help="mark every row as this task, whatever it says"
    )
    parser.add_argument(
        "--scale", type=score_range, metavar="LOW-HIGH", help="scale of rows that name none"
    )
    parser.add_argument(
        "--folds",
        type=at_least(2),
        default=5,
        metavar="N",
        help="for fitting baselines (default 5)",
    )
    parser.add_argument("--marks", type=Path, metavar="MARKS", help="marks (JSONL) made before")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.html", help="also write a page with plots"
    )
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="data instead of tables")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser.parse_args(argv)


def _check_report(path: Path, sources: Sequence[str]) -> None:
    from runtime.report.page import check_place  # noqa: PLC0415

    check_place(path)
    for source in sources:
        check_target(path, source)


def _prepared(rows: ClassSet, args: argparse.Namespace) -> Iterator[Row]:
    for row in rows:
        scaled = row
        if row.item and args.scale and "scale" not in row.fields:
            item = msgspec.structs.replace(row.item, scale=args.scale)
            scaled = msgspec.structs.replace(row, item=item)
        if args.task in (None, row.fields.get("task")):
            yield scaled


def _pairs(rows: Sequence[Row], args: argparse.Namespace) -> tuple[list[Labelled], int]:
    """Return the labelled answers that are marked, and how many labelled ones are not."""
    labelled = [row for row in rows if has_label(row, args.label)]
    if not labelled:
        raise no_labels(rows, args.label)
    # Labels are read before the first answer is marked: a wrong --scale must not cost an hour.
    items = [row for row in labelled if row.item]
    labels = read_labels(items, args.label)
    pairs = [
        Labelled(row.item, mark, label, question_of(row), group_of(row, args.by))
        for label, (row, mark) in zip(labels, _marked(items, args), strict=True)
        if row.item and mark.verdict is not Verdict.UNMARKED
    ]
    if not pairs:
        raise BadInputError("No row with a label could be marked.", "kindmark grade IN says why.")
    return pairs, len(labelled) - len(pairs)


def _marked(rows: Sequence[Row], args: argparse.Namespace) -> list[Marked]:
    if args.marks:
        return _with_marks(rows, read_marks(args.marks), args.marks)
    marked: list[Marked] = []
    with (
        open_marker(rows, None, choice_of(args)) as opened,
        console.progress(len(rows), 0, args.quiet) as show,
    ):
        for batch in mark_batches(rows, opened):
            marked.extend(batch)
            show(len(marked))
    return marked


def _refuse_equal_ids(rows: Sequence[Row], path: Path) -> None:
    """Raise if an id stands for two answers: a mark says which it is of by the id alone."""
    times = Counter(row.id for row in rows if row.item)
    twice = next((row for row in rows if times[row.id] > 1), None)
    if twice:
        raise BadInputError(
            f"The id {twice.id!r} is in two of the files, and {path} tells marks apart by it.",
            "Compare one file at a time, each with the marks made of it.",
        )


def _with_marks(rows: Sequence[Row], marks: Sequence[Mark], path: Path) -> list[Marked]:
    by_id = {mark.id: mark for mark in marks}
    missing = next((row for row in rows if row.id not in by_id), None)
    if missing:
        raise BadInputError(
            f"{path} has no mark for {missing.id!r} (line {missing.line}).",
            "Mark the same rows first: kindmark grade IN -o OUT.jsonl",
        )
    return [(row, _same_scale(row, by_id[row.id], path)) for row in rows]


def _same_scale(row: Row, mark: Mark, path: Path) -> Mark:
    if row.item and mark.score is not None and mark.max_score != row.item.scale[1]:
        raise BadInputError(
            f"{path}: the mark of {row.id!r} is out of {mark.max_score:g}, "
            f"and its row says {row.item.scale[1]:g}.",
            "Give the rows the field 'scale' they were marked with, or mark them again.",
        )
    return mark


def _by_group(pairs: Sequence[Labelled], args: argparse.Namespace) -> dict[str, Comparison]:
    if not args.by:
        return {}
    groups: dict[str, list[Labelled]] = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair)
    return {name: compare(members, args.folds) for name, members in sorted(groups.items())}
