"""The comparison's command; see the package."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

import benchmarks.peers as package
from benchmarks.class_sets import made_to_measure
from benchmarks.peers import report, rounds
from benchmarks.peers.job import Work
from benchmarks.peers.messages import messages
from benchmarks.peers.rounds import Figures, Method, Plan
from runtime.judge.engine import build_info
from runtime.judge.llm.chat_model import ChatModel
from runtime.machine import this_machine
from runtime.marking.item import Item, parse_item

WORKS: tuple[Work, ...] = ("verdicts", "feedback")
ANSWERS, SHARED, SHORTEST, LONGEST = 30, 400, 60, 100
"""The class made to measure, in answers and tokens."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the tables."""
    args = _parse(argv)
    load = os.getloadavg()
    sections, data = [], {}
    with tempfile.TemporaryDirectory(prefix="kindmark-peers-", dir=args.folder) as name:
        folder = Path(name)
        if not args.only_classes:
            text, data["class"] = _made(args, folder)
            sections.append(text)
        if args.class_set:
            text, data["classes"] = _real(args, folder)
            sections.append(text)
    page = "\n".join([_head(args, load), *sections])
    if args.output:
        args.output.write_text(page, "utf-8")
    if args.json:
        args.json.write_bytes(msgspec.json.format(msgspec.json.encode(data)))
    sys.stdout.write(page)
    return 0


def _made(args: argparse.Namespace, folder: Path) -> tuple[str, Figures]:
    items, shape = _class(args.model, args.answers)
    plan = _plan(args, rounds.methods(args.slots), items)
    figures = rounds.measure(plan, folder, _say)
    return f"{shape}\n\n{report.class_table(plan, figures)}", figures


def _real(args: argparse.Namespace, folder: Path) -> tuple[str, Figures]:
    rows = [json.loads(line) for line in args.class_set.read_text("utf-8").splitlines()]
    items = tuple(parse_item(row) for row in rows)
    plan = _plan(args, rounds.class_methods(), items)
    figures = rounds.measure(plan, folder, _say)
    title = f"{len(items)} answers to {len({item.question for item in items})} questions, "
    table = report.real_table(plan, figures, [row["label"] for row in rows])
    return f"{title}with a teacher's label each:\n\n{table}", figures


def _class(model: Path, answers: int) -> tuple[tuple[Item, ...], str]:
    with ChatModel.open(model) as chat:

        def read(item: Item) -> list[int]:
            return [int(token) for token in chat.prompt(messages(item)).ids]

        items = made_to_measure(read, answers, shared=SHARED, shortest=SHORTEST, longest=LONGEST)
        return tuple(items), report.shape([read(item) for item in items])


def _plan(args: argparse.Namespace, known: Sequence[Method], items: tuple[Item, ...]) -> Plan:
    chosen = [one for one in known if _wanted(args, one)]
    chosen = [one._replace(works=tuple(w for w in one.works if w in args.work)) for one in chosen]
    chosen = [one for one in chosen if one.works]
    if not chosen:
        raise SystemExit("None of the methods named does any of the work.")
    return Plan(chosen, items, args.model, args.server, args.few, args.rounds, args.threads)


def _wanted(args: argparse.Namespace, method: Method) -> bool:
    if method.method == "server" and not args.server:
        return False
    return not args.methods or method.name in args.methods


def _head(args: argparse.Namespace, before: tuple[float, float, float]) -> str:
    machine = this_machine()
    return "\n".join(
        [
            f"`python -m benchmarks.peers --model {args.model.name} --rounds {args.rounds} "
            f"--few {args.few}`",
            "",
            report.RANDOM,
            f"{machine.system}, {machine.cores} cores, {machine.memory_mb / 1000:.0f} GB, "
            f"{args.threads} threads; mean load of a minute {before[0]:.1f} before and "
            f"{os.getloadavg()[0]:.1f} after. {build_info()}",
            f"Medians of {args.rounds} rounds; where fewer answers were measured than the class "
            "has, its time is reckoned from them.",
            "",
        ]
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=package.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", type=Path, required=True, metavar="GGUF")
    parser.add_argument("--server", type=Path, metavar="PROGRAM", help="llama-server")
    parser.add_argument("--class-set", type=Path, metavar="FILE", help="real classes, labelled")
    parser.add_argument("--only-classes", action="store_true", help="only these")
    parser.add_argument("--methods", nargs="+", metavar="NAME", help="only these; default all")
    parser.add_argument(
        "--work", choices=WORKS, nargs="+", default=WORKS, help="only this; default both"
    )
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("--answers", type=int, default=ANSWERS, help=f"default {ANSWERS}")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 4, 10, 30])
    parser.add_argument(
        "--few",
        type=int,
        default=10,
        metavar="N",
        help="reckon the plain loop, transformers and one by one from N answers; 0: measure all",
    )
    parser.add_argument("--folder", type=Path, help="where to work; default: for temporary files")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the tables, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
