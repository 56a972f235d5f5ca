"""Gathers what a model writes beside marks, and puts it into them when it is whole.

spoken = Spoken(marks)
for event in spoken.listen(author, {0: wanted}): ...
spoken.marks()
"""

import time
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from runtime.marking.events import Author, Event, Wanted, Words
from runtime.marking.mark import Mark
from runtime.words import noted

_BY_MODEL = noted("The model writes: {said}")


class _Said(msgspec.Struct):
    """The words of one mark so far; ``notes`` say what of them was withdrawn."""

    reason: str = ""
    feedback: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


class Spoken:
    """The words of several marks. Words that are withdrawn or empty leave the template's."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._said = [_Said() for _ in marks]

    def listen(self, author: Author, wanted: Mapping[int, Wanted]) -> Iterator[Event]:
        """Yield the author's words as events, and keep them."""
        places, start = list(wanted), time.perf_counter()
        for words in author.write([wanted[place] for place in places]):
            place = places[words.place]
            self._keep(self._said[place], words)
            if words.text or words.withdrawn:
                yield Event(
                    place=place, kind=words.kind, text=words.text, withdrawn=words.withdrawn
                )
        for place in places:
            self._said[place].seconds = (time.perf_counter() - start) / len(places)

    def marks(self) -> list[Mark]:
        """Return the marks with the words that stood."""
        return [_with(mark, said) for mark, said in zip(self._marks, self._said, strict=True)]

    @staticmethod
    def _keep(said: _Said, words: Words) -> None:
        whole = "" if words.withdrawn else getattr(said, words.kind) + words.text
        setattr(said, words.kind, whole)
        if words.withdrawn and words.kind == "feedback":
            own = noted(
                "The feedback is Kindmark's own; the model's was kept back. {why}",
                why=f"It {words.withdrawn}.",
            )
            said.notes = (*said.notes, own)


def is_models(reason: str) -> bool:
    """Return whether a reason of a mark was written by a model, not found by code."""
    return reason.startswith(_BY_MODEL.partition("{")[0])


def _with(mark: Mark, said: _Said) -> Mark:
    words = said.reason.strip()
    reason = (_BY_MODEL.format(said=words),) if words else ()
    writer = {"feedback": "model"} if said.feedback.strip() else {}
    return msgspec.structs.replace(
        mark,
        reasons=(*mark.reasons, *reason, *said.notes),
        feedback=said.feedback.strip() or mark.feedback,
        provenance=mark.provenance | writer,
        seconds=round(mark.seconds + said.seconds, 6),
    )
