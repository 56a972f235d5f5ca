"""JSONL rows: every row that is not blank comes out once, as an item or with its reason."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.mark import Verdict
from runtime.records.class_set import ClassSet
from runtime.records.jsonl import read_jsonl
from runtime.records.rows import Row, RowReader
from runtime.records.source import BOM

GOOD = '{"id":"a","task":"math","question":"1+1?","answer":"2"}'
ONE_A_LINE = 'Write one object a line: {"id": "1", "task": "math", ...}.'
README = "See the README for the fields of an item."


def rows_of(*lines: str | bytes) -> list[Row]:
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return list(RowReader().read(read_jsonl(io.BytesIO(data))))


def reason(line: str) -> tuple[str, str]:
    (row,) = rows_of(line)
    assert row.item is None
    return row.problem, row.remedy


class TestReasons:
    def test_no_json(self) -> None:
        assert reason("hello") == ("this row is not JSON: invalid character (byte 0)", ONE_A_LINE)

    def test_a_row_cut_short(self) -> None:
        assert reason('{"id":"a"') == ("this row is not JSON: cut short", ONE_A_LINE)

    @pytest.mark.parametrize(
        ("line", "kind"),
        [("[1]", "a list"), ("7", "a number"), ('"x"', "a text"), ("null", "null")],
    )
    def test_no_object(self, line: str, kind: str) -> None:
        assert reason(line) == (f"this row is {kind}, not a JSON object", ONE_A_LINE)

    def test_a_missing_field(self) -> None:
        assert reason('{"id":"a","task":"math","question":"?","anser":"2"}') == (
            "the field 'answer' is missing",
            "Is 'anser' meant?",
        )

    def test_an_unknown_task(self) -> None:
        assert reason(GOOD.replace("math", "maths")) == (
            "the field 'task' is wrong: 'maths' is no task",
            "Use one of: math, short_answer, essay, rubric.",
        )

    def test_a_wrong_type(self) -> None:
        assert reason(GOOD.replace('"2"', "[2]")) == (
            "the field 'answer' is wrong: [2] is no text",
            README,
        )

    def test_an_invalid_rubric(self) -> None:
        assert reason(GOOD.replace("}", ',"rubric":{"criteria":[{"weight":1}]}}'))[1] == README

    def test_an_empty_id(self) -> None:
        assert reason(GOOD.replace('"a"', '" "')) == (
            "the field 'id' is empty",
            "Give every row a name of its own.",
        )

    def test_an_answer_of_a_megabyte(self) -> None:
        assert reason(GOOD.replace('"2"', '"' + "x" * 1_000_000 + '"')) == (
            "the answer has 1,000,000 characters, more than 100,000",
            "Split it, or check that no other file was pasted in.",
        )

    def test_a_field_given_twice(self) -> None:
        assert reason(GOOD.replace("}", ',"answer":"3"}')) == (
            "the field 'answer' stands there twice",
            "Keep the one that is meant.",
        )

    @pytest.mark.parametrize("number", ["NaN", "-Infinity", "Infinity"])
    def test_what_is_no_number_in_json(self, number: str) -> None:
        assert reason(GOOD.replace("}", f',"grade_level":{number}}}')) == (
            "NaN and Infinity are no JSON numbers",
            "Leave the field out or write null.",
        )

    @pytest.mark.parametrize("number", ["9" * 5000, "1e999"])
    def test_a_huge_number(self, number: str) -> None:
        assert reason(GOOD.replace("}", f',"grade_level":{number}}}')) == (
            "a number in this row is too large",
            "Write long numbers as text, in quotation marks.",
        )

    @pytest.mark.parametrize("depth", range(100, 1200, 50))
    def test_nesting_of_any_depth_has_an_answer(self, depth: int) -> None:
        (row,) = rows_of(GOOD.replace("}", f',"x":{"[" * depth}{"]" * depth}}}'))
        assert row.problem in {"", "this row is nested too deeply"}

    def test_an_object_of_many_fields(self) -> None:
        fields = ",".join(f'"{number}":0' for number in range(50_000))
        (row,) = rows_of(GOOD.replace("}", f",{fields}}}"))
        assert row.item is not None

    def test_nan_in_a_text_is_not_to_blame(self) -> None:
        assert reason('{"id":"a","answer":", NaN') == (
            "this row is not JSON: cut short",
            ONE_A_LINE,
        )

    def test_deep_nesting(self) -> None:
        assert reason('{"a":' * 50_000) == (
            "this row is nested too deeply",
            "An item has no lists within lists.",
        )

    def test_a_lone_surrogate(self) -> None:
        assert reason(GOOD.replace('"2"', r'"\ud800"')) == (
            "half a character (a lone surrogate such as \\ud800) stands in a text",
            "Write the file as UTF-8 without \\u escapes.",
        )


class TestEveryRow:
    def test_a_used_id_names_the_line_of_its_first_use(self) -> None:
        rows = rows_of("", GOOD, "", GOOD)
        assert [(row.line, row.id, row.problem) for row in rows] == [
            (2, "a", ""),
            (4, "a", "the id 'a' is already used in line 2"),
        ]

    def test_the_id_of_a_refused_row_is_used_too(self) -> None:
        rows = rows_of(GOOD.replace("math", "x"), GOOD)
        assert rows[1].problem == "the id 'a' is already used in line 1"

    def test_a_row_without_an_id_is_named_by_its_line(self) -> None:
        assert [row.id for row in rows_of(GOOD, "?", '{"id":null}', '{"id":true}', '{"id":9}')] == [
            *("a", "line-2", "line-3", "line-4", "9")
        ]

    def test_the_mark_of_a_refused_row_says_why(self) -> None:
        mark = rows_of(GOOD, "[1]")[1].unmarked()
        assert (mark.id, mark.verdict, mark.score) == ("line-2", Verdict.UNMARKED, None)
        assert mark.reasons == ("line 2: this row is a list, not a JSON object.", ONE_A_LINE)

    def test_carriage_returns_at_line_ends(self) -> None:
        assert [row.problem for row in rows_of(GOOD + "\r", GOOD.replace('"a"', '"b"') + "\r")] == [
            *("", "")
        ]

    @given(st.text())
    def test_any_answer_comes_back_as_it_was(self, answer: str) -> None:
        line = json.dumps({"id": "a", "task": "math", "question": "?", "answer": answer})
        (row,) = rows_of(line)
        assert row.item is not None
        assert row.item.answer == answer

    @given(st.lists(st.binary(max_size=30)))
    def test_any_bytes_give_one_row_a_line(self, lines: list[bytes]) -> None:
        texts = [line.decode("utf-8", "replace").encode() for line in lines]
        data = b"\n".join(texts)
        expected = [line for line in data.removeprefix(BOM).split(b"\n") if line.strip()]
        assert len(rows_of(data)) == len(expected)

    def test_the_shipped_examples_are_items(self) -> None:
        for name in ("class-set.jsonl", "class-set.csv"):
            path = Path(__file__).parents[3] / "examples" / name
            with ClassSet.open(str(path)) as rows:
                assert [row.problem for row in rows if row.problem] == []


class TestDigest:
    def test_it_is_of_the_item_not_of_its_spelling(self) -> None:
        spaced = GOOD.replace(",", " , ").replace("}", ', "label": 1}')
        (one,), (other,) = rows_of(GOOD), rows_of(spaced)
        assert one.digest == other.digest

    def test_it_changes_with_the_answer(self) -> None:
        (one,), (other,) = rows_of(GOOD), rows_of(GOOD.replace('"2"', '"3"'))
        assert one.digest != other.digest

    def test_a_refused_row_has_the_digest_of_its_line(self) -> None:
        (one,), (other,), (third,) = rows_of("x"), rows_of(" x "), rows_of("y")
        assert one.digest == other.digest != third.digest

    def test_rows_are_plain_data(self) -> None:
        assert b'"digest"' in msgspec.json.encode(rows_of(GOOD)[0])
