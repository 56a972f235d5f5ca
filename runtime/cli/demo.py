"""``kindmark demo``: marks the class set that comes with Kindmark and prints the marks.

The class set is ours: invented pupils, our questions, under Kindmark's own licence.
"""

from collections.abc import Sequence
from contextlib import closing

from runtime import offline
from runtime.cli import console
from runtime.cli.marking import mark_batches, open_marker
from runtime.cli.options import Parser
from runtime.cli.tally import Tally
from runtime.errors import ExitCode
from runtime.locations import shipped_examples
from runtime.records.class_set import ClassSet

_EXAMPLES = """\
  kindmark demo           mark the example and print a table
  kindmark demo | less    the same, page by page
"""


def main(argv: Sequence[str]) -> int:
    """Mark the example class set."""
    from runtime.cli.mark_table import ScreenMarks  # noqa: PLC0415

    parser = Parser("demo", "Mark the example class set and print the marks.", _EXAMPLES)
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary")
    args = parser.parse_args(argv)
    offline.seal()
    with (
        ClassSet.open(str(shipped_examples() / "class-set.jsonl")) as rows,
        open_marker(rows, review_below=None) as opened,
        closing(ScreenMarks()) as screen,
        console.progress(len(rows), 0, args.quiet) as show,
    ):
        tally = Tally()
        for marked in mark_batches(rows, opened):
            screen.write(marked)
            tally.add(mark for _, mark in marked)
            show(tally.total)
    console.say(tally.summary(), args.quiet)
    return ExitCode.SOME_UNMARKED if tally.unmarked else ExitCode.DONE
