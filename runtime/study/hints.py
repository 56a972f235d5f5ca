"""The ladder of hints: a nudge, where to look, the next step, the whole solution.

    ladder(item, mark, band)[Rung.NEXT].text

The rungs below the last never tell the answer, in whatever notation: what would is left out for
something plainer (``feedback_check.leaks``). Each rung tells more than the one before, so that no
more help is taken than is needed (VanLehn 2006, "The behavior of tutoring systems").
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from runtime.marking import child_words
from runtime.marking.ages import Band
from runtime.marking.child_words import ByAge, tell
from runtime.marking.feedback import nudge
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Mark, Verdict
from runtime.marking.writing.words import words
from runtime.study import hint_words
from runtime.study.lines import line_number
from runtime.study.solution import solution_of
from runtime.study.working_out import next_step

if TYPE_CHECKING:
    from runtime.marking.feedback_check import Told


_MOST = 60
"""Characters of a child's own line that may be quoted in a hint."""
_OPERATOR = r"[+×*·÷:−]|\S[ ]?-|[\d)] ?x ?[\d(]|\d / \d"
"""Something that has to be worked out, besides a fraction."""


class Rung(IntEnum):
    """How much a hint tells."""

    NUDGE = 0
    WHERE = 1
    NEXT = 2
    SOLUTION = 3


class Hint(msgspec.Struct, frozen=True):
    """One hint; ``lines`` are lines of working that belong to it."""

    rung: Rung
    text: str
    lines: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The hint as it is kept in the records."""
        return "\n".join((self.text, *self.lines))


def ladder(item: Item, mark: Mark | None, band: Band) -> tuple[Hint, ...]:
    """Return the hints for an answer, or for none yet; the last one only if there is a solution.

    ``item`` holds the child's answer, ``mark`` is what was found in it.
    """
    told = _told(item, mark)
    teller = _Teller(item, mark, band, told)
    rungs = (
        Hint(Rung.NUDGE, teller.first_safe([nudge(item.task)])),
        Hint(Rung.WHERE, teller.where()),
        Hint(Rung.NEXT, teller.next()),
    )
    solution = teller.solution()
    return (*rungs, solution) if solution else rungs


def _told(item: Item, mark: Mark | None) -> "Told":
    # It brings numpy along, which the app's process does without until the first hint.
    from runtime.marking.feedback_check import Told  # noqa: PLC0415

    # Before an answer is right its words are no secret the child knows: nothing may be told.
    verdict = mark.verdict if mark and mark.verdict is not Verdict.CORRECT else Verdict.INCORRECT
    evidence = mark.evidence if mark else ()
    return Told(item=item, verdict=verdict, evidence=evidence)


class _Teller(msgspec.Struct, frozen=True):
    item: Item
    mark: Mark | None
    band: Band
    told: "Told"

    def says(self, what: ByAge, /, **values: object) -> str:
        return tell(what, self.band, self.item.language, **values)

    def first_safe(self, offers: Iterable[ByAge | str]) -> str:
        """Return the first that tells no answer; the plainest words of all tell none."""
        from runtime.marking.feedback_check.leaks import leaks  # noqa: PLC0415

        for offer in offers:
            text = offer if isinstance(offer, str) else self.says(offer)
            if not leaks(text, self.told):
                return text
        return self.says(hint_words.SLOWLY)

    def where(self) -> str:
        return self.first_safe(self._wheres())

    def _wheres(self) -> Iterator[ByAge | str]:
        step = self.wrong_step
        if step is not None:
            yield from self._within(step)
            look = self.says(child_words.LOOK_AT_LINE, line=line_number(self.item, step))
            yield f"{self.says(child_words.UP_TO_THERE)} {look}" if step else look
        for finding in self.evidence:
            if finding.kind in {"form", "unit", "several_answers"}:
                yield child_words.POINTERS[finding.kind]
        if self.item.task is Task.MATH:
            yield hint_words.LINES_HOLD if self.wrote_lines else hint_words.WHAT_IS_GIVEN
        elif self.item.source:
            yield hint_words.LOOK_IN_TEXT
        yield from self._missing_words()
        yield hint_words.LOOK_AT_QUESTION

    def _within(self, step: int) -> Iterator[str]:
        """Name the place within a wrong line: the card points at the line already."""
        lines, kinds = self.item.lines(), {one.kind for one in self.evidence}
        number = line_number(self.item, step)
        sides = [one.strip() for one in lines[step].text.split("=")] if step < len(lines) else []
        if "calculation_error" in kinds and len(sides) == 2 and len(lines[step].text) <= _MOST:
            works = re.search(_OPERATOR, sides[0])
            said = hint_words.LEFT_SIDE if works else hint_words.SAME_VALUE
            yield self.says(said, line=number, left=sides[0], right=sides[1])
        if "equation_step" in kinds and step:
            before = line_number(self.item, step - 1)
            yield self.says(hint_words.LINE_BEFORE, line=number, before=before)

    def _missing_words(self) -> Iterator[str]:
        """Name words of the question that the answer passes over: they tell nothing new.

        Those that a good answer takes up too say most; else the longest do.
        """
        language = self.item.language
        said = {word.stem for word in words(self.item.text, language)}
        wanted = {word.stem for word in words(self.item.reference or "", language)}
        asked = [word for word in words(self.item.question, language) if word.is_content]
        passed = {word.stem: word.text for word in asked if word.stem not in said}
        taken_up = [text for stem, text in passed.items() if stem in wanted]
        named = taken_up or sorted(passed.values(), key=len, reverse=True)
        if named and self.item.task is not Task.MATH:
            yield self.says(hint_words.NOT_YET_SAID, words=", ".join(named[:2]))

    def next(self) -> str:
        return self.first_safe(self._nexts())

    def _nexts(self) -> Iterator[ByAge | str]:
        kinds = {finding.kind for finding in self.evidence}
        if self.item.task is Task.MATH:
            yield from (hint_words.ONWARD[kind] for kind in hint_words.ONWARD if kind in kinds)
            step = next_step(self.item, self.right_lines)
            if step:
                yield self.says(step.action, **step.values)
            for finding in self.evidence:
                if finding.kind in child_words.POINTERS:
                    yield child_words.POINTERS[finding.kind]
            yield hint_words.SMALLER_NUMBERS
        else:
            yield from self._next_words()

    def _next_words(self) -> Iterator[ByAge | str]:
        if self.item.task is Task.SHORT_ANSWER and self.item.reference:
            yield hint_words.HALF_THERE if self.met_words else hint_words.CAUSE_EFFECT
        if self.item.rubric and self.mark and self.mark.traits:
            lowest = min(self.mark.traits, key=lambda name: self.mark.traits[name])  # type: ignore[union-attr]
            yield self.says(hint_words.WORK_ON, trait=lowest)
        yield hint_words.ADD_ONE_SENTENCE

    def solution(self) -> Hint | None:
        found = solution_of(self.item, self.right_lines)
        return Hint(Rung.SOLUTION, self.says(found[0]), found[1]) if found else None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.mark.evidence if self.mark else ()

    @property
    def wrong_step(self) -> int | None:
        step = self.mark.first_wrong_step if self.mark else None
        return step if step is not None and step >= 0 else None

    @property
    def right_lines(self) -> int:
        """How many lines from the top hold, as far as code has checked them."""
        if self.mark is None or self.mark.first_wrong_step is None:
            return 0
        if self.mark.first_wrong_step >= 0:
            return self.mark.first_wrong_step
        # All that was checked holds, but the last line may be the wrong answer itself.
        return max(0, len(self.item.lines()) - 1)

    @property
    def wrote_lines(self) -> bool:
        return self.mark is not None and self.mark.first_wrong_step == -1

    @property
    def met_words(self) -> bool:
        """Whether the answer has words of the reference that the question does not give."""
        language = self.item.language
        texts = (self.item.question, self.item.reference or "", self.item.text)
        asked, wanted, said = ({w.stem for w in words(t, language) if w.is_content} for t in texts)
        return bool((wanted - asked) & said)
