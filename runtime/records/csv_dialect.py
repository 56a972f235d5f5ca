"""CSV as teachers have it: other headings, other delimiters, and fields that it says nowhere.

    heading = Heading.read(["Nome", "Domanda", "Risposta"])
    heading.fields                                 ("learner", "question", "answer")
    completed({"question": "1+1?", ...}, 2, heading)    with an id and a task

Headings are compared without case, accents and punctuation. A field's own name always wins; a
column that is taken for nothing is left alone.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from runtime.marking.item import Item, Task

DELIMITERS = ",;\t"
_SURNAME, _MOST = "surname", "most points"
"""What is no field of ours, and completes one: a learner's second name, the top of a scale."""

_NAMES = {
    "id": "answer id, response id, submission id, identifier, id risposta, codice risposta",
    "task": "task type, question type, type, tipo, tipo di domanda, tipo domanda",
    "question": "question text, prompt, item, exercise, problem, domanda, testo della domanda, "
    "testo domanda, quesito, esercizio, consegna, problema",
    "answer": "response, student answer, student response, pupil answer, learner answer, "
    "childs answer, answer text, reply, submission, risposta, risposta alunno, "
    "risposta dell alunno, risposta dello studente, risposta studente, risposta data",
    "steps": "step, working, workings, working out, passaggi, svolgimento, procedimento",
    "reference": "reference answer, right answer, correct answer, model answer, expected answer, "
    "answer key, key, risposta corretta, risposta giusta, risposta esatta, risposta attesa, "
    "risposta modello, soluzione",
    "rubric": "criteria, marking criteria, mark scheme, marking scheme, rubrica, criteri, griglia, "
    "criteri di valutazione, griglia di valutazione",
    "source": "source text, passage, reading text, brano, fonte, testo di partenza",
    "language": "lang, lingua",
    "grade_level": "grade level, school year",
    "learner": "student, student name, pupil, pupil name, learner name, child, name, full name, "
    "nickname, first name, given name, nome, alunno, alunna, alunno a, nome alunno, studente, "
    "studentessa, allievo, allieva, nome e cognome, cognome e nome, nominativo",
    _SURNAME: "last name, family name, cognome",
    _MOST: "out of, max points, maximum points, maximum score, punteggio massimo, punti massimi",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split(", ")}
_FIELD_OF[_SURNAME] = _SURNAME

_TASK_NAMES = {
    Task.MATH: "maths, mathematics, matematica, calcolo",
    Task.SHORT_ANSWER: "short answer, short, open question, risposta breve, domanda aperta",
    Task.ESSAY: "essays, composition, tema, saggio, testo",
    Task.RUBRIC: "rubrica, by rubric",
}
_TASK_OF = {name: task for task, names in _TASK_NAMES.items() for name in names.split(", ")}
_TASKS = frozenset(task.value for task in Task)

_READINGS = 1024
"""Right answers that are remembered: a class set has one for many rows."""
_ESSAY_WORDS = 60
"""An answer longer than this, beside no right answer, is taken for an essay."""


class Heading(msgspec.Struct, frozen=True):
    """The columns of a table: as they are written, and the field each is taken for.

    A column that is none of ours keeps its name, in small letters.
    """

    names: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def read(cls, names: Sequence[str]) -> "Heading":
        """Find the field of each column."""
        plain = [name.strip().lower() for name in names]
        taken = set(Item.__struct_fields__) & set(plain)
        fields = []
        for name in plain:
            field = name if name in taken else _FIELD_OF.get(folded(name), "")
            if field and name not in taken:
                field = "" if field in taken else field
                taken.add(field)
            fields.append(field or name)
        if _SURNAME in fields and "learner" not in fields:
            fields[fields.index(_SURNAME)] = "learner"
        return cls(tuple(name.strip() for name in names), tuple(fields))

    @property
    def known(self) -> int:
        """How many columns are fields of ours."""
        return sum(field in _OURS for field in self.fields)

    @property
    def other_names(self) -> dict[str, str]:
        """The columns that do not bear the name of their field, with the field."""
        pairs = zip(self.names, self.fields, strict=True)
        shown = {_SURNAME: "learner", _MOST: "scale"}
        return {
            name: shown.get(field, field)
            for name, field in pairs
            if field in _OURS and name.lower() != field
        }

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns that are taken for nothing."""
        pairs = zip(self.names, self.fields, strict=True)
        return tuple(name for name, field in pairs if name and field not in _OURS)


_OURS = frozenset(Item.__struct_fields__) | {_SURNAME, _MOST}


def folded(name: str) -> str:
    """Return a heading without case, accents and punctuation."""
    apart = unicodedata.normalize("NFKD", name.casefold().replace("'s", "s").replace("’s", "s"))
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def delimiter_of(heading: str) -> str:
    """Return the one of , ; and tab that finds most known columns (Excel writes ; in Europe)."""
    bare = heading.replace('"', "")
    return max(DELIMITERS, key=lambda sign: Heading.read(bare.split(sign)).known)


def completed(row: Mapping[str, str], line: int, heading: Heading) -> dict[str, str]:
    """Return a row with what its file says in other words, and what it says nowhere.

    Without a column for it, the id is the line, and the task is what the row looks like.
    """
    found = dict(row)
    if surname := found.pop(_SURNAME, "").strip():
        found["learner"] = f"{found.get('learner', '').strip()} {surname}".strip()
    if most := found.pop(_MOST, "").strip():
        found.setdefault("scale", f"0-{most.replace(',', '.')}")
    if "id" not in heading.fields:
        found["id"] = f"line-{line}"
    if "task" not in heading.fields:
        found["task"] = _looks_like(found).value
    else:
        said = found.get("task", "")
        known = _TASK_OF.get(folded(said), said.strip())
        # A column of another name may speak of something else.
        strange = known not in _TASKS and "task" in heading.other_names.values()
        found["task"] = str(_looks_like(found) if strange else known)
    return found


def _looks_like(row: Mapping[str, str]) -> Task:
    reference = row.get("reference", "").strip()
    if reference:
        return Task.MATH if _is_value(reference) else Task.SHORT_ANSWER
    if row.get("rubric", "").strip():
        return Task.RUBRIC
    if len(row.get("answer", "").split()) > _ESSAY_WORDS or row.get("source", "").strip():
        return Task.ESSAY
    return Task.MATH if row.get("steps", "").strip() else Task.SHORT_ANSWER


@lru_cache(maxsize=_READINGS)
def _is_value(reference: str) -> bool:
    # Readers of maths take a moment to import: only tables that name no task pay for it.
    from runtime.marking.maths.answers import read_reference  # noqa: PLC0415
    from runtime.marking.maths.values import Words  # noqa: PLC0415

    read = read_reference(reference)
    return read is not None and not isinstance(read.values[0], Words)
