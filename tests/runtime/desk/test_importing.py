from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.desk import Desk
from runtime.desk.importing import Tries, Wanted
from runtime.errors import BadInputError
from runtime.records.store import Store
from runtime.records.store.learners import Learners
from tests.runtime.desk.fakes import CALIBRATION, FakeWorker
from tests.runtime.desk.making import short, sums, taken, written

_TABLES = ("answers", "items", "learners", "marks", "members", "question_sets", "sessions")


def counted(store: Store) -> dict[str, object]:
    return {table: store.database.value(f"SELECT count(*) FROM {table}") for table in _TABLES}


@pytest.fixture
def class_id(store: Store) -> int:
    return store.classes.add("4b").id


class TestPreview:
    def test_it_names_every_problem_with_its_row(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        no_question: dict[str, object] = {"id": "x", "task": "math"}
        rows = [short("70 a", 1), no_question, short("b", 2, task="maths")]
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert [row.line for row in found.problems] == [2, 3]
        assert "question" in found.problems[0].problem
        assert found.problems[1].remedy
        assert (found.answers, found.new) == (1, 1)

    def test_it_counts_answers_by_task(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        rows = [short("70 a", 10), short("30 b", 11), *sums(["7/12"])]
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert found.tasks == {"short_answer": 2, "math": 1}
        assert found.questions == 2

    def test_it_finds_learners_of_the_class_in_any_case(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        mia = store.learners.add("Mia", "owl")
        store.classes.join(class_id, mia.id)
        rows = [short("1 a", 1, learner="MIA"), short("1 b", 2, learner="Leo")]
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert [(one.name, one.learner) for one in found.learners] == [("Leo", None), ("MIA", mia)]

    def test_it_says_whom_a_new_name_resembles(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        leonie = store.learners.add("Leonie", "owl")
        store.classes.join(class_id, leonie.id)
        found = desk.look_at(written(tmp_path, [short("1 a", 1, learner="Leoni")]), class_id)
        assert found.learners[0].resembles == "Leonie"

    def test_a_name_too_long_to_show_is_a_problem_of_its_row(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [short("1 a", 1, learner="M" * 200), short("1 b", 2)]
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert [row.line for row in found.problems] == [1]
        assert len(desk.take(found, "Set").new_learners) == 1

    def test_nothing_is_kept(self, store: Store, desk: Desk, class_id: int, tmp_path: Path) -> None:
        before = counted(store)
        desk.look_at(written(tmp_path, [short("70 a", 1)]), class_id)
        assert counted(store) == before

    def test_a_table_that_names_no_task_is_taken_for_what_it_looks_like(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        path = tmp_path / "class.csv"
        path.write_text("Nome;Domanda;Risposta\nMia;1+1?;2\n", "cp1252")
        found = desk.look_at(str(path), class_id)
        assert (found.guessed, found.tasks) == (True, {"short_answer": 1})
        assert found.heading and found.heading.other_names["Risposta"] == "answer"
        as_maths = desk.look_at(str(path), class_id, task="math")
        assert as_maths.tasks == {"math": 1}

    def test_csv_is_read_as_well(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        path = tmp_path / "class.csv"
        path.write_text('id;task;question;answer;learner\n1;math;1+1?;"=2";Mia\n', "utf-8")
        found = desk.look_at(str(path), class_id)
        assert (found.name, found.new, found.learners[0].name) == ("class", 1, "Mia")


class TestDuplicates:
    def test_a_set_that_is_there_already_is_known_again(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [short("70 a", 8), *sums(["7/12", "2/7"])]
        taken(desk, tmp_path, rows, class_id)
        again = desk.look_at(written(tmp_path, [*rows, short("20 new", 9)]), class_id)
        assert [row.id for row in again.duplicates] == ["s8", "s0", "s1"]
        assert again.new == 1

    def test_they_are_left_out_unless_wanted(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [short("70 a", 1)], class_id)
        again = desk.look_at(written(tmp_path, [short("70 a", 1)]), class_id)
        with pytest.raises(BadInputError):
            desk.take(again, "Set")
        desk.take(again, "Set", Wanted(again=True))
        assert counted(store)["answers"] == 2

    def test_two_who_are_not_named_may_write_the_same(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [short("70 a", number, learner=None) for number in (1, 2)]
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert (found.duplicates, found.anonymous) == ((), 2)

    def test_another_class_does_not_count(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [short("70 a", 1)], class_id)
        other = store.classes.add("4c").id
        assert not desk.look_at(written(tmp_path, [short("70 a", 1)]), other).duplicates

    def test_the_set_that_has_them_is_named(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [short("70 a", 1), short("70 b", 2)], class_id)
        rows = [short("70 a", 1), short("70 b", 2), short("7 c", 3), short("7 c", 3, id="s4")]
        found = desk.look_at(written(tmp_path, rows), class_id).compared
        assert found.before
        assert (found.before.name, found.before.answers, found.repeated) == ("Set", 2, 1)

    def test_another_class_is_compared_without_the_file(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        path = written(tmp_path, [short("70 a", 1)])
        desk.take(desk.look_at(path, class_id), "Set")
        other = desk.look_at(path, store.classes.add("4c").id)
        Path(path).unlink()
        assert (other.new, desk.for_class(other, class_id).new) == (1, 0)


class TestTries:
    ROWS = (
        *(short(text, n, learner="Mia") for n, text in enumerate(("10 a", "20 b", "30 c"))),
        short("40 d", 9, learner="Leo"),
    )

    @pytest.mark.parametrize(
        "chosen",
        [
            (Tries.LAST, ["30 c", "40 d"]),
            (Tries.FIRST, ["10 a", "40 d"]),
            (Tries.EVERY, ["10 a", "20 b", "30 c", "40 d"]),
        ],
    )
    def test_the_one_that_was_chosen_counts(
        self,
        store: Store,
        desk: Desk,
        class_id: int,
        tmp_path: Path,
        chosen: tuple[Tries, list[str]],
    ) -> None:
        tries, texts = chosen
        found = desk.look_at(written(tmp_path, self.ROWS), class_id)
        assert [[row.line for row in rows] for rows in found.compared.tries] == [[1, 2, 3]]
        session = desk.take(found, "Set", Wanted(tries=tries)).session
        assert [one.text for one in store.answers.of_session(session.id)] == texts

    def test_the_same_file_again_brings_none_of_those_left_out(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        path = written(tmp_path, self.ROWS)
        last = Wanted(tries=Tries.LAST)
        desk.take(desk.look_at(path, class_id), "Set", last)
        again = desk.look_at(path, class_id)
        assert not [row for row in again.kept(last) if row.item]

    def test_different_questions_are_no_tries(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [short("1 a", 1), *(short("1 a", 1, id="q2", question="Why not?"),)]
        assert not desk.look_at(written(tmp_path, rows), class_id).compared.tries

    def test_who_is_not_named_tries_once(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        rows = [short(text, n, learner=None) for n, text in enumerate(("1 a", "2 b"))]
        assert not desk.look_at(written(tmp_path, rows), class_id).compared.tries


class TestNames:
    def test_a_rare_new_name_may_be_a_slip_for_another_of_the_file(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [short(f"{n} a", n, learner="Leonie", question=f"{n}?") for n in range(4)]
        rows.append(short("9 b", 9, learner="Leoni"))
        found = desk.look_at(written(tmp_path, rows), class_id)
        assert {one.name: one.resembles for one in found.learners} == {
            "Leoni": "Leonie",
            "Leonie": "",
        }

    def test_numbers_are_no_slips(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [short("1 a", 1)], class_id)
        found = desk.look_at(written(tmp_path, [short("1 a", 2)]), class_id)
        assert found.learners[0].resembles == ""

    def test_namesakes_in_the_class_are_counted(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        for avatar in ("owl", "fox"):
            store.classes.join(class_id, store.learners.add("Mia", avatar).id)
        found = desk.look_at(written(tmp_path, [short("1 a", 1, learner="Mia")]), class_id)
        (mia,) = found.learners
        kept = desk.take(found, "Set")
        assert mia.namesakes == 2 and mia.learner
        (answer,) = store.answers.of_session(kept.session.id)
        assert answer.learner_id == mia.learner.id


class TestTaking:
    def test_a_new_class_comes_and_goes_with_its_set_in_one_step(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        found = desk.look_at(written(tmp_path, [short("70 a", 1)]))
        kept = desk.take(found, "Set", Wanted(into="5a"))
        assert store.classes.named("5a").id == kept.session.class_id
        assert desk.undo()
        assert not store.classes.all()
        assert desk.undo() is None

    def test_a_new_class_with_other_learners_by_then_stays(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        found = desk.look_at(written(tmp_path, [short("70 a", 1)]))
        kept = desk.take(found, "Set", Wanted(into="5a"))
        store.classes.join(kept.session.class_id or 0, store.learners.add("Mia", "owl").id)
        desk.undo()
        assert store.classes.named("5a").learners == 1

    def test_no_class_is_made_for_what_brings_nothing(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        no_item: dict[str, object] = {"id": "x", "task": "math"}
        found = desk.look_at(written(tmp_path, [no_item]))
        with pytest.raises(BadInputError):
            desk.take(found, "Set", Wanted(into="5a"))
        assert not store.classes.all()

    def test_what_was_shown_is_kept_whatever_becomes_of_the_file(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        path = written(tmp_path, [short("70 a", 1), short("80 b", 2)])
        found = desk.look_at(path, class_id)
        Path(path).unlink()
        session = desk.take(found, "Ice").session
        assert [one.text for one in store.answers.of_session(session.id)] == ["70 a", "80 b"]
        assert {one.nickname for one in store.learners.all(class_id)} == {"Learner 1", "Learner 2"}

    def test_it_is_all_or_nothing(
        self,
        store: Store,
        desk: Desk,
        class_id: int,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        found = desk.look_at(written(tmp_path, [short("70 a", 1), short("80 b", 2)]), class_id)
        before, add = counted(store), Learners.add

        def failing(self: Learners, nickname: str, *rest: object) -> object:
            if nickname == "Learner 2":
                raise BadInputError("The disk is full.")
            return add(self, nickname, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(Learners, "add", failing)
        with pytest.raises(BadInputError):
            desk.take(found, "Ice")
        assert counted(store) == before
        assert desk.undoable is None

    def test_undo_removes_it_without_a_trace(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        before = counted(store)
        taken(desk, tmp_path, [short("70 a", 1), *sums(["7/12"])], class_id)
        assert desk.undo()
        assert counted(store) == before
        assert desk.undo() is None

    def test_undo_leaves_what_was_there_before(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [short("70 a", 1)], class_id)
        before = counted(store)
        taken(desk, tmp_path, [short("20 b", 1), short("30 c", 2)], class_id)
        desk.undo()
        assert counted(store) == before


_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=8))
def test_every_row_is_taken_or_named(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("set")
    rows = [short(answer, n, learner=name) for n, (answer, name) in enumerate(texts)]
    with Store.open(folder / "records") as store, Desk(store, FakeWorker(), CALIBRATION) as desk:
        before = counted(store)
        found = desk.look_at(written(folder, rows), store.classes.add("4b").id)
        assert found.new + len(found.duplicates) + len(found.problems) == len(rows)
        kept = desk.take(found, "Set")
        stored = store.answers.of_session(kept.session.id)
        passed_over = {row.id for row in (*found.duplicates, *found.problems)}
        assert [(one.row_id, one.text) for one in stored] == [
            (f"s{n}", answer) for n, (answer, _) in enumerate(texts) if f"s{n}" not in passed_over
        ]
        again = desk.look_at(written(folder, rows), kept.session.class_id)
        assert again.new == 0
        desk.undo()
        assert counted(store) == before
