"""Which methods are measured, and in which order: in turns, so that noise hits them alike.

figures = measure(plan, folder, print)
figures["loop"]["verdicts"]         a result a round
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers.job import Job, Result, Work, run
from runtime.marking.item import Item

Figures = dict[str, dict[Work, list[Result]]]
"""The results of every round by the name of a method and the kind of work."""


class Method(NamedTuple):
    """A row of the table. ``few``: it may be reckoned from some answers; ``once``: one round."""

    name: str
    title: str
    method: str
    works: tuple[Work, ...] = ("verdicts", "feedback")
    slots: int = 1
    few: bool = False
    once: bool = False
    store: bool = False


class Plan(NamedTuple):
    """What is measured with what. ``few`` is for the methods that allow it, 0 for all answers."""

    methods: Sequence[Method]
    items: tuple[Item, ...]
    model: Path
    server: Path | None
    few: int
    rounds: int
    threads: int


def methods(slots: Sequence[int]) -> list[Method]:
    """Return all methods for a class made to measure, the plain loop first."""
    both: tuple[Work, ...] = ("verdicts", "feedback")
    servers = [
        Method(f"server-{n}", f"llama-server, {n} slot{'s' * (n > 1)}", "server", slots=n)
        for n in slots
    ]
    return [
        Method("loop", "(a) plain loop", "loop", few=True),
        Method("prefix", "(b) loop, prefix match", "prefix"),
        Method("ram_cache", "(b) loop, LlamaRAMCache", "ram_cache"),
        *(one._replace(title=f"(c) {one.title}") for one in servers),
        Method("transformers", "(d) transformers", "transformers", both, few=True),
        Method("kindmark", "Kindmark", "kindmark"),
        Method(
            "kindmark_again", "Kindmark, second run", "kindmark_again", ("verdicts",), store=True
        ),
        Method(
            "kindmark_single",
            "Kindmark, one by one",
            "kindmark_single",
            ("verdicts",),
            few=True,
            once=True,
        ),
    ]


def class_methods() -> list[Method]:
    """Return the methods for real classes, the plain loop first."""
    return [
        Method("loop", "(a) plain loop", "loop", ("verdicts",), few=True),
        Method("no_cascade", "Kindmark without the cascade", "no_cascade", ("verdicts",)),
        Method("cascade", "Kindmark", "cascade", ("verdicts",)),
    ]


def measure(plan: Plan, folder: Path, say: Callable[[str], Any]) -> Figures:
    """Measure every method in every round and return the results."""
    figures: Figures = {one.name: {work: [] for work in one.works} for one in plan.methods}
    for turn in range(plan.rounds):
        for one in plan.methods:
            if one.once and turn:
                continue
            for work in one.works:
                found = run(_job(plan, one, work, folder), folder)
                figures[one.name][work].append(found)
                took = f"{found.spent.clock:.1f} s, {found.spent.cpu:.1f} s of processor time"
                say(f"round {turn + 1}: {one.title}, {work}: {took}")
    return figures


def _job(plan: Plan, one: Method, work: Work, folder: Path) -> Job:
    return Job(
        method=one.method,
        work=work,
        model=str(plan.model.resolve()),
        items=plan.items,
        few=plan.few if one.few else 0,
        slots=one.slots,
        threads=plan.threads,
        server=str(plan.server.resolve()) if plan.server else "",
        store=str(folder / "store") if one.store else "",
    )
