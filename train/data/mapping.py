"""Turns rows in anybody's form into examples, by a mapping of fields and of labels.

    reader = Reader("saf", Source(kind="file", name="saf.csv", fields={"scale": "max_points"}))
    reader.examples({"question": "...", "answer": "...", "label": "Correct"}, "saf.csv, line 2")

``fields`` maps our field to theirs: "a.b" goes into an object, "=text" is the text itself in every
row, "" leaves a field of ours empty although theirs has a column of that name. A field that is not
mapped is read under our own name, unless that column is mapped to another field. Besides the
fields of ``Example`` there are

- label: a verdict or a score, whichever its values are;
- first, second, better: two answers and which is the better one ("first", "a", 1 or "second", ...);
- chosen, rejected: two answers, the better one known.

Two answers become two examples of one group, the better one correct.
"""

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from runtime.errors import BadInputError
from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.choices import letter_of
from train.data.labels import check_labels, number, read_label, read_scale
from train.data.schema import Example
from train.data.solutions import plain_solution
from train.data.two_answers import PAIR_FIELDS, two_answers
from train.data.values import Values
from train.recipe import Source
from train.recipe_faults import meant

FIELDS = (*Example.__struct_fields__, "label", *PAIR_FIELDS)
"""What ``Source.fields`` may map."""

_TEXTS = {"answer", "steps", "feedback", "options"}
"""One of these is what a row is about."""

_VERDICTS = [verdict.value for verdict in Verdict]


class Reader:
    """Reads the rows of one source; ``set`` is what its examples say where they are from."""

    def __init__(self, name: str, source: Source) -> None:
        """Raise ``BadInputError`` if the mapping names a field or a verdict that is not ours."""
        self._set = name
        self._source = source
        strange = next((field for field in source.fields if field not in FIELDS), None)
        if strange:
            raise BadInputError(
                f"{name}: the field mapping has {strange!r}, which is no field of ours.",
                meant(strange, FIELDS),
            )
        check_labels(source.labels, ["first", "second"] if self._is_pair else _VERDICTS)

    @property
    def _is_pair(self) -> bool:
        return any(field in self._source.fields for field in PAIR_FIELDS)

    def check_columns(self, columns: Iterable[str], where: str) -> None:
        """Raise ``BadInputError`` if no row has a mapped field of theirs, or none an answer."""
        known = sorted(columns)
        for ours, theirs in self._source.fields.items():
            there = not theirs or theirs.startswith("=") or theirs in known
            if not there and theirs.partition(".")[0] not in known:
                raise BadInputError(
                    f"{where}: no row has the field {theirs!r}, which {ours!r} is mapped to.",
                    meant(theirs, known),
                )
        if not self._is_pair and not {*self._source.fields, *known} & _TEXTS:
            near = difflib.get_close_matches("answer", known, n=1)
            raise BadInputError(
                f"{where}: no row has an answer, steps or a feedback.",
                f"Map the field: --field answer={near[0] if near else 'THEIRS'}",
            )

    def examples(self, fields: Mapping[str, Any], line: int, where: str) -> list[Example]:
        """Return the example of a row, or the two of a row with two answers.

        Raises ``BadInputError`` naming place, field and what to do.
        """
        try:
            row = Values(fields, self._source.fields)
            common = self._common(row, line)
            if self._is_pair:
                known = "chosen" in self._source.fields
                return two_answers(common, row, self._source.labels, known)
            return [self._one(common, row)]
        except BadInputError as error:
            raise BadInputError(f"{where}: {error.message}.", error.remedy) from None

    def _common(self, row: Values, line: int) -> dict[str, Any]:
        """Return what both answers of a pair share, too."""
        row.require("question")
        question = row.text("question") or ""
        name = row.text("set") or self._set
        found: dict[str, Any] = {
            "id": row.text("id") or f"{name}-{line}",
            "set": name,
            "task": self._task(row),
            "question": question,
            "options": row.texts("options"),
            "sources": row.texts("sources"),
            "language": row.text("language") or "en",
        }
        found |= {field: row.text(field) for field in ("rubric", "source")}
        found["reference"] = _chosen(row.text("reference"), found["options"])
        return found | {"group": row.text("group") or _group(row, found)}

    def _task(self, row: Values) -> Task:
        given = row.text("task")
        if self._source.task:
            return self._source.task
        if given in list(Task):
            return Task(given)
        said = f"the task {given!r} is none of ours" if given else "the field 'task' is missing"
        raise BadInputError(said, f"Say which it is with --task: {', '.join(Task)}.")

    def _one(self, common: dict[str, Any], row: Values) -> Example:
        scale = read_scale(row.get("scale")) if row.get("scale") is not None else (0.0, 1.0)
        verdict, score = self._grade(row)
        if score is not None and not scale[0] <= score <= scale[1]:
            raise BadInputError(
                f"the score {score:g} is not on the scale from {scale[0]:g} to {scale[1]:g}",
                "Give the scale, for instance: --field scale==0-5, or the field that holds it.",
            )
        return Example(
            **common,
            answer=_chosen(row.text("answer"), common["options"]) or "",
            steps=row.texts("steps"),
            feedback=self._feedback(row),
            verdict=verdict,
            score=score,
            scale=scale,
            first_wrong_step=row.whole("first_wrong_step"),
            rule=row.text("rule"),
        )

    def _grade(self, row: Values) -> tuple[Verdict | None, float | None]:
        given = row.get("score")
        score = None if given is None else number(str(given))
        if given is not None and score is None:
            raise BadInputError(
                f"the field 'score' is wrong: {given!r} is no number", "Map words as 'label'."
            )
        label = read_label(self._label(row), self._source.labels)
        if isinstance(label, float):
            return None, label if score is None else score
        return label, score

    def _feedback(self, row: Values) -> str | None:
        feedback = row.text("feedback")
        return plain_solution(feedback) if feedback else None

    def _label(self, row: Values) -> object:
        """Return the field that is mapped, else the one of our names that is not empty."""
        mapped = next((name for name in ("verdict", "label") if name in self._source.fields), None)
        if mapped:
            return row.get(mapped)
        verdict = row.get("verdict")
        return row.get("label") if verdict is None else verdict


def _chosen(text: str | None, options: tuple[str, ...]) -> str | None:
    """Return the letter of an option; a text that is none of them stays as it is."""
    return (letter_of(text, options) if text and options else None) or text


def _group(row: Values, found: Mapping[str, Any]) -> str:
    """Return the question's own id, else a short hash of its words."""
    given = row.text("question_id")
    if given:
        return given
    if not found["question"]:
        return str(found["id"])
    words = "\n".join([found["question"], found["source"] or "", *found["options"]])
    return hashlib.sha256(words.encode()).hexdigest()[:12]
