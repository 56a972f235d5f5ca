"""What a child sees of a mark: what is right first, then where to look, and one question.

    card = card_of(item, mark, band)
    card.heading, card.right, card.wrong_line, card.findings

No score and no sentence of a teacher's report is in it: those are for the desk.
"""

from collections.abc import Iterator

import msgspec

from runtime.marking import child_words
from runtime.marking.ages import Band
from runtime.marking.child_words import ByAge, tell
from runtime.marking.decision import uses_judge
from runtime.marking.feedback import socratic
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Mark, Verdict
from runtime.marking.writing.words import words
from runtime.study import card_words
from runtime.study.lines import line_number
from runtime.study.traits import Traits, look_at
from runtime.words import retold

UNDERLINED = frozenset({"spelling", "grammar", "copied", "calculation_error", "equation_step"})
"""Findings with a place in the text that a child can do something about."""

_MOST_FINDINGS = 5
"""More at once would discourage; the teacher sees all."""


class Finding(msgspec.Struct, frozen=True):
    """Something to look at in the text: its place, and what to say of it."""

    start: int
    end: int
    text: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown. ``text`` is the child's own; spans and lines are places in it.

    ``numbered``: its lines have numbers, as in the editor. ``right_lines`` lines hold;
    ``wrong_line`` is the first that does not, ``None`` where no line is known to be wrong.
    """

    verdict: Verdict
    heading: str
    text: str
    right: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    note: str = ""
    numbered: bool = False
    right_lines: int = 0
    wrong_line: tuple[int, int] | None = None
    findings: tuple[Finding, ...] = ()
    traits: Traits | None = None
    question: str = ""


def card_of(item: Item, mark: Mark, band: Band, *, by_teacher: bool = False) -> Card:
    """Return the card for an answer (in ``item``) and its mark, or its mark ``by_teacher``."""
    teller = _Teller(item, mark, band, by_teacher)
    step = teller.wrong_step
    lines = item.lines()
    writes = item.task in {Task.ESSAY, Task.RUBRIC} and mark.verdict is not Verdict.UNMARKED
    wrong = lines[step] if step is not None and step < len(lines) else None
    return Card(
        verdict=mark.verdict,
        heading=teller.heading(),
        text=item.text,
        right=tuple(teller.right()),
        look=tuple(teller.look()),
        note=teller.note(),
        numbered=not uses_judge(item),
        right_lines=step or 0,
        wrong_line=(wrong.start, wrong.end) if wrong else None,
        findings=tuple(_findings(mark.evidence)),
        traits=look_at(item, mark, band) if writes else None,
        question=teller.question(),
    )


class _Teller(msgspec.Struct, frozen=True):
    item: Item
    mark: Mark
    band: Band
    by_teacher: bool

    def says(self, what: ByAge, /, **values: object) -> str:
        return tell(what, self.band, self.item.language, **values)

    @property
    def wrong_step(self) -> int | None:
        step = self.mark.first_wrong_step
        return step if step is not None and step >= 0 else None

    def heading(self) -> str:
        return self.says(
            {
                Verdict.CORRECT: child_words.RIGHT,
                Verdict.PARTIAL: card_words.PARTLY,
                Verdict.INCORRECT: child_words.NOT_YET,
                Verdict.UNMARKED: card_words.FOR_THE_TEACHER,
            }[self.mark.verdict]
        )

    def right(self) -> Iterator[str]:
        """Yield what is right in it."""
        kinds = {finding.kind for finding in self.mark.evidence}
        if self.wrong_step:
            lines = card_words.LINES_RIGHT if self.wrong_step > 1 else card_words.LINE_RIGHT
            yield self.says(lines, count=line_number(self.item, self.wrong_step - 1))
        if self.mark.verdict is Verdict.PARTIAL and kinds & {"form", "unit"}:
            yield self.says(card_words.NUMBER_RIGHT)
        if self.mark.verdict is Verdict.INCORRECT and self.mark.first_wrong_step == -1:
            yield self.says(card_words.CALCULATED_RIGHT)
        if self.item.task is Task.SHORT_ANSWER:
            yield from self._met_words()

    def _met_words(self) -> Iterator[str]:
        """Name words of the answer that matter: the child has said them, so nothing is told."""
        language = self.item.language
        asked, wanted = (
            {w.stem for w in words(t, language)}
            for t in (self.item.question, self.item.reference or "")
        )
        own = [w for w in words(self.item.text, language) if w.is_content]
        met = dict.fromkeys(w.text.lower() for w in own if w.stem in wanted - asked)
        if met and self.mark.verdict is not Verdict.UNMARKED:
            said = card_words.WORDS_MATTER if len(met) > 1 else card_words.WORD_MATTERS
            yield self.says(said, words=", ".join(list(met)[:4]))

    def look(self) -> Iterator[str]:
        """Yield where to look."""
        if self.wrong_step is not None:
            yield self.says(child_words.LOOK_AT_LINE, line=line_number(self.item, self.wrong_step))
        if self.mark.verdict not in {Verdict.CORRECT, Verdict.UNMARKED}:
            pointers = [*map(self.says, self._pointers())]
            yield from pointers
            if self.mark.provenance.get("feedback") == "model":
                # What a model wrote, and code has checked.
                yield self.mark.feedback
            elif not pointers and self.wrong_step is None and not self._writes:
                yield self.says(card_words.TRY_OR_HINT)

    def note(self) -> str:
        """Return whether a teacher has looked at it, or will."""
        if self.by_teacher:
            return self.says(card_words.BY_TEACHER)
        if self.mark.verdict is not Verdict.UNMARKED and self.mark.needs_review:
            return self.says(card_words.NOT_SURE)
        return ""

    def _pointers(self) -> Iterator[ByAge]:
        """Yield what to do about the first findings."""
        kinds = dict.fromkeys(e.kind for e in self.mark.evidence if e.kind in child_words.POINTERS)
        for kind in list(kinds)[:2]:
            if kind == "form" and "unit" not in kinds:
                yield card_words.AS_ASKED
            elif kind == "equation_step" and self.wrong_step == 0:
                yield card_words.COMPARE_QUESTION
            elif kind != "form":
                yield child_words.POINTERS[kind]

    def question(self) -> str:
        """Return a question to think about: about the very line that is wrong, if there is one."""
        if self.mark.verdict is Verdict.UNMARKED:
            return ""
        if self.wrong_step is not None:
            return self.says(card_words.CHECK_LINE, line=line_number(self.item, self.wrong_step))
        if self.mark.verdict is Verdict.INCORRECT and self.mark.first_wrong_step == -1:
            return self.says(card_words.IS_IT_ASKED)
        return self.says(socratic(self.item.task))

    @property
    def _writes(self) -> bool:
        return self.item.task in {Task.ESSAY, Task.RUBRIC}


def _findings(evidence: tuple[Evidence, ...]) -> Iterator[Finding]:
    placed = [one for one in evidence if one.span and one.kind in UNDERLINED]
    for one in placed[:_MOST_FINDINGS]:
        if one.span:
            # What a wrong line is told is told beside it; Harper's words are kept as they are.
            said = retold(one.message) if one.kind in {"spelling", "grammar"} else ""
            yield Finding(*one.span, said)
