"""Real classes through the whole of Kindmark: evidence, cascade, model, decision.

"cascade": as shipped. "no_cascade": evidence and the model alone. A class is all answers to one
question, and they are marked one class after another, with as many threads as Kindmark chooses.
Loading is not counted, feedback is not asked for and nothing comes from disk.
"""

from itertools import groupby

from benchmarks.peers.job import Job, Result, Spent, peak_memory
from runtime.judge.calibration import load_calibration
from runtime.judge.llm.locating import located
from runtime.judge.llm.opening import Options, open_judge
from runtime.judge.llm.stages import stage_of
from runtime.marking.item import Item, Task
from runtime.marking.marker import Marker

WARM_UP = Item(
    id="0", task=Task.SHORT_ANSWER, question="Name a colour.", reference="Red", answer="It is blue."
)


def measure(job: Job) -> Result:
    """Mark the classes and return the figures."""
    found = located(job.model)
    if found is None:
        raise SystemExit(f"{job.model} is no file of a language model")
    options = Options(cascade=job.method == "cascade", stored=False)
    with (
        open_judge(found, options) as opened,
        Marker(opened.judge, load_calibration()) as marker,
    ):
        opened.model.prepare(job.items)
        marker.mark([WARM_UP])
        start = Spent.now()
        classes = [list(group) for _, group in groupby(job.items, key=lambda item: item.question)]
        marks = [mark for items in classes for mark in marker.mark(items)]
        spent = Spent.now().since(start)
    return Result(
        spent=spent,
        answers=len(marks),
        peak=peak_memory(),
        verdicts=tuple(mark.verdict.value for mark in marks),
        stages=tuple(str(stage_of(mark)) for mark in marks),
    )
