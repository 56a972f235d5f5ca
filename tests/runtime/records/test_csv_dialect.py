"""Tables as teachers have them: headings in their words, in the letters that Excel writes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.marking.item import Task
from runtime.records.class_set import ClassSet, format_of
from runtime.records.csv_dialect import Heading, delimiter_of, folded
from runtime.records.rows import Row

ITALIAN = "Nome;Cognome;Domanda;Risposta attesa;Risposta;Voto\n"
FERRI = "Mia;Ferrè;Quanto fa 1/2 + 1/2?;1;1;8\n"


def rows_of(path: Path, data: bytes) -> list[Row]:
    path.write_bytes(data)
    with ClassSet.open(str(path), guess=True) as rows:
        return list(rows)


class TestHeadings:
    def test_usual_names_in_both_languages(self) -> None:
        english = Heading.read(["Student", "Question Text", "Response", "Correct answer"])
        italian = Heading.read(["Alunno/a", "Testo della domanda", "Risposta", "Soluzione"])
        assert english.fields == italian.fields == ("learner", "question", "answer", "reference")

    def test_a_fields_own_name_goes_before_another_name_for_it(self) -> None:
        heading = Heading.read(["Response", "answer", "Reply"])
        assert heading.fields == ("response", "answer", "reply")
        assert heading.unused == ("Response", "Reply")

    def test_what_was_taken_for_what_is_told(self) -> None:
        heading = Heading.read(["id", "TASK", "Prompt", "Answer", "Score"])
        assert heading.other_names == {"Prompt": "question"}
        assert heading.unused == ("Score",)

    def test_case_accents_and_signs_do_not_count(self) -> None:
        assert folded(" Risposta dell’Alùnno_A: ") == "risposta dell alunno a"

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_delimiters_are_found_by_any_name(self, delimiter: str) -> None:
        assert delimiter_of(delimiter.join(["Nome", "Domanda", "Risposta"])) == delimiter

    @given(st.lists(st.text(max_size=12), max_size=8))
    def test_any_heading_can_be_read_and_no_field_comes_from_two_columns(
        self, names: list[str]
    ) -> None:
        heading = Heading.read(names)
        assert len(heading.fields) == len(names)
        others = list(heading.other_names.values())
        assert len(others) <= len(names)


class TestLetters:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_what_excel_writes(self, tmp_path: Path, encoding: str) -> None:
        (row,) = rows_of(tmp_path / "a.csv", (ITALIAN + FERRI).encode(encoding))
        assert row.item
        assert (row.item.learner, row.item.answer) == ("Mia Ferrè", "1")

    def test_the_encoding_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        for encoding, name in (("utf-8", "UTF-8"), ("cp1252", "Windows-1252")):
            path.write_bytes((ITALIAN + FERRI).encode(encoding))
            with ClassSet.open(str(path), guess=True) as rows:
                assert rows.encoding == name

    @pytest.mark.parametrize(
        "data", [b"id,answer\n\xff\x00\x01,2\n", b"\xff\xfe\x00\xd8i\x00", b"\x81\x8d,question\n"]
    )
    def test_what_no_spreadsheet_writes_is_refused(self, tmp_path: Path, data: bytes) -> None:
        with pytest.raises(BadInputError):
            rows_of(tmp_path / "a.csv", data)

    def test_a_text_file_is_a_table_unless_it_begins_like_json(self, tmp_path: Path) -> None:
        path = tmp_path / "unicode.txt"
        path.write_bytes((ITALIAN + FERRI).replace(";", "\t").encode("utf-16"))
        assert format_of(str(path)) == "csv"
        path.write_bytes(b'\xef\xbb\xbf{"id": "1"}\n')
        assert format_of(str(path)) == "jsonl"


class TestWhatATableDoesNotSay:
    def test_the_id_is_the_line(self, tmp_path: Path) -> None:
        found = rows_of(tmp_path / "a.csv", (ITALIAN + FERRI + FERRI).encode())
        assert [row.id for row in found] == ["line-2", "line-3"]

    @pytest.mark.parametrize(
        ("columns", "cells", "task"),
        [
            ("Reference", "7/12", Task.MATH),
            ("Reference", "24 m²", Task.MATH),
            ("Reference", "The water evaporates.", Task.SHORT_ANSWER),
            ("Rubric", "Names two reasons.", Task.RUBRIC),
            ("Passage", "Bees are in trouble.", Task.ESSAY),
            ("Working", "1+1 = 2 | 2", Task.MATH),
            ("Note", "", Task.SHORT_ANSWER),
        ],
    )
    def test_the_task_is_what_a_row_looks_like(
        self, tmp_path: Path, columns: str, cells: str, task: Task
    ) -> None:
        text = f"Question,Response,{columns}\nWhat?,2,{cells}\n"
        (row,) = rows_of(tmp_path / "a.csv", text.encode())
        assert row.item and row.item.task is task

    def test_a_long_answer_to_nothing_in_particular_is_an_essay(self, tmp_path: Path) -> None:
        text = f"Question,Response\nTell of a river.,{'river ' * 80}\n"
        (row,) = rows_of(tmp_path / "a.csv", text.encode())
        assert row.item and row.item.task is Task.ESSAY

    def test_without_leave_nothing_is_guessed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("Question,Response\n1+1?,2\n", "utf-8")
        with pytest.raises(BadInputError) as caught:
            ClassSet.open(str(path))
        assert "no column 'task'" in caught.value.message

    def test_a_type_of_something_else_is_no_task(self, tmp_path: Path) -> None:
        text = "Type,Question,Response,Key\nHomework,1+1?,2,2\n"
        (row,) = rows_of(tmp_path / "a.csv", text.encode())
        assert row.item and row.item.task is Task.MATH

    def test_tasks_and_points_in_other_words(self, tmp_path: Path) -> None:
        text = "Type,Question,Response,Max points\nMaths,1+1?,2,5\nTema,Why?,So.,10\n"
        first, second = rows_of(tmp_path / "a.csv", text.encode())
        assert first.item and second.item
        assert (first.item.task, first.item.scale) == (Task.MATH, (0.0, 5.0))
        assert (second.item.task, second.item.scale) == (Task.ESSAY, (0.0, 10.0))
