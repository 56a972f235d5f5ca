"""The app is killed while it is used, and goes on as if nothing had been."""

from pathlib import Path

from benchmarks import app_keys
from benchmarks.app_kills import survive
from runtime.marking.item import Item, Task
from runtime.records.rows import Row
from runtime.records.store import AVATARS, Store

KILLS = 4
"""``python -m benchmarks.app_kills --kills 200`` takes longer."""


def test_nothing_is_lost_or_doubled_when_the_app_is_killed(store: Path, tmp_path: Path) -> None:
    figures = survive(tmp_path, KILLS, seed=3)
    assert figures["kills"] == KILLS
    assert figures["answers found"] >= figures["answers seen as saved before the kill"]
    assert figures["answers found"]


def test_what_was_typed_and_not_checked_is_there_after_a_kill(store: Path, tmp_path: Path) -> None:
    item = Item(id="1", task=Task.MATH, question="What is 11 + 3?", reference="14")
    with Store.open(tmp_path / "records") as records:
        mia = records.learners.add("Mia", AVATARS[0])
        records.sets.add("Sums", [Row(line=1, id="1", digest="", item=item)])
    with app_keys.start(tmp_path) as app:
        app.see("Who are you?", "Mia")
        app.rest()
        app_keys.begin_study(app)
        app.type("11 + 3 is one more than").see("one more than")
        with Store.open(tmp_path / "records") as looking:
            app.until(lambda: "more than" in looking.drafts.get(mia.id, 1), "the draft")
        app.kill()
    with app_keys.start(tmp_path) as app:
        app.see("Who are you?", "Mia")
        app.rest()
        app.press("enter").see("Choose a set", "Go on")
        app.rest()
        app.press("enter").see("Question 1 of 1", "11 + 3 is one more than")
        app.type(" 13").see("more than 13")
        app.press("ctrl+s").see("Try again")
    with Store.open(tmp_path / "records") as records:
        assert [one.text for one in records.answers.of_session(1)] == ["11 + 3 is one more than 13"]
        assert records.drafts.get(mia.id, 1) == ""
