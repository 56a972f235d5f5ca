"""What a run of marking came to, told in a few lines.

tally = Tally.of(earlier)
tally.add(marks)
console.say(tally.summary())
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from runtime.judge.llm.stages import Stages, stage_lines
from runtime.marking.mark import Mark, Verdict

_SHOWN_PROBLEMS = 5


class Tally(msgspec.Struct):
    """What a run came to."""

    verdicts: Counter[Verdict] = msgspec.field(default_factory=Counter)
    review: int = 0
    problems: list[str] = []
    stages: Stages = msgspec.field(default_factory=Stages)
    """Those of this run: seconds of another one may be another machine's."""
    earlier: int = 0
    """Marks of an earlier run, which this one continues."""
    start: float = msgspec.field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, earlier: Sequence[Mark]) -> Self:
        """Begin with the marks of an earlier run."""
        tally = cls(earlier=len(earlier))
        for mark in earlier:
            tally._add(mark)
        return tally

    def add(self, marks: Iterable[Mark]) -> None:
        """Count marks of this run."""
        for mark in marks:
            self._add(mark)
            self.stages.add(mark)

    def _add(self, mark: Mark) -> None:
        self.verdicts[mark.verdict] += 1
        unmarked = mark.verdict is Verdict.UNMARKED
        self.review += mark.needs_review and not unmarked
        if unmarked and len(self.problems) < _SHOWN_PROBLEMS:
            self.problems.append(" ".join(mark.reasons))

    @property
    def unmarked(self) -> int:
        """Number of rows without a mark."""
        return self.verdicts[Verdict.UNMARKED]

    @property
    def total(self) -> int:
        """Number of rows."""
        return self.verdicts.total()

    def summary(self) -> str:
        """Return a few lines for stderr."""
        right, part, wrong = (
            self.verdicts[verdict]
            for verdict in (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)
        )
        lines = [
            f"{self.total - self.unmarked} marked: {right} correct, {part} partial, "
            f"{wrong} incorrect; {self.review} to review; {self.unmarked} unmarked."
        ]
        lines += [f"  {problem}" for problem in self.problems]
        if self.unmarked > len(self.problems):
            lines.append(f"  and {self.unmarked - len(self.problems)} more")
        if now := self.total - self.earlier:
            seconds = time.perf_counter() - self.start
            lines.append(f"{_counted(now)} in {seconds:.1f} s{_rate(now, seconds)}.")
        lines += stage_lines(self.stages.figures())
        return "\n".join(lines)


def _counted(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"


def _rate(answers: int, seconds: float) -> str:
    # Of less than half a second, most is start-up.
    return f": {answers / seconds:.1f} answers a second" if seconds >= 0.5 else ""
