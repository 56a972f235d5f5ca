"""From one machine to another: what is exported, and what is taken in or refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from runtime.bundle import exporting, importing, models, reading
from runtime.bundle.exporting import Chosen
from runtime.bundle.manifest import ENTRIES, FITS, Machine
from runtime.errors import BadInputError, KindmarkError, ModelError
from runtime.judge.catalogue import Entry, sha256
from runtime.judge.llm.fits import Fit, all_fits, text_of
from runtime.judge.llm.fits import put as put_fits
from runtime.judge.shelf import CATALOGUE, model_shelf, own_entries, put
from tests.runtime.bundle import small
from tests.runtime.bundle.conftest import entry
from tests.runtime.bundle.small import Key


def quiet(_: str) -> None:
    pass


def export(path: Path, key: Key, chosen: Chosen) -> reading.Bundle:
    exporting.export(path, chosen._replace(bare=True), key.signer, quiet)
    return reading.check(path, key.name)


def names(bundle: reading.Bundle) -> list[str]:
    return [member.name for member in bundle.manifest.members]


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, hidden ones too."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Path]:
    """An empty machine."""
    folder = tmp_path / "there"
    folder.mkdir()
    yield folder


class TestExport:
    def test_all_that_is_here(self, tmp_path: Path, store: Path, key: Key) -> None:
        with export(tmp_path / "b", key, Chosen()) as bundle:
            assert names(bundle) == [
                ENTRIES,
                *("models/tiny-f16.gguf", "models/tiny.md", "models/tiny-head.json"),
            ]
            assert bundle.manifest.machine is None

    def test_a_base_with_its_heads_and_a_head_with_its_base(
        self, tmp_path: Path, store: Path, key: Key
    ) -> None:
        for number, name in enumerate(("tiny", "tiny-head")):
            with export(tmp_path / str(number), key, Chosen(models=(name,))) as bundle:
                assert len(names(bundle)) == 4

    def test_files_get_names_that_every_system_takes(
        self, tmp_path: Path, store: Path, key: Key
    ) -> None:
        odd = tmp_path / ".Woche 1 (Übung).jsonl"
        odd.write_text("{}")
        chosen = Chosen(models=(), items=(odd,), rubrics=(odd,))
        with export(tmp_path / "b", key, chosen) as bundle:
            assert names(bundle)[1:] == [
                "items/Woche-1-bung-.jsonl",
                "rubrics/Woche-1-bung-.jsonl",
            ]

    @pytest.mark.parametrize(
        ("chosen", "because"),
        [
            (Chosen(models=("tniy",)), "no model 'tniy'"),
            (Chosen(models=(), items=(Path("no.jsonl"),)), "no file no.jsonl"),
            (Chosen(models=("minilm-marker",)), "minilm-marker is not in"),
        ],
    )
    def test_what_cannot_go_in(
        self, tmp_path: Path, store: Path, key: Key, chosen: Chosen, because: str
    ) -> None:
        before = everything(tmp_path)
        with pytest.raises(KindmarkError, match=because):
            export(tmp_path / "b", key, chosen)
        assert everything(tmp_path) == before

    def test_two_files_of_one_name(self, tmp_path: Path, store: Path, key: Key) -> None:
        (tmp_path / "a").mkdir()
        paths = tmp_path / "a" / "w.txt", tmp_path / "W.TXT"
        for path in paths:
            path.write_text("x")
        with pytest.raises(BadInputError, match="Two files would be"):
            export(tmp_path / "b", key, Chosen(models=(), items=paths))

    def test_a_damaged_model(self, tmp_path: Path, store: Path, key: Key) -> None:
        (store / "tiny-f16.gguf").write_bytes(b"GGUF")
        with pytest.raises(ModelError, match="not as the catalogue says"):
            export(tmp_path / "b", key, Chosen())

    def test_nothing_is_overwritten(self, tmp_path: Path, store: Path, key: Key) -> None:
        (tmp_path / "b").write_text("mine")
        with pytest.raises(BadInputError, match="is there already"):
            export(tmp_path / "b", key, Chosen())
        assert (tmp_path / "b").read_text() == "mine"

    def test_a_full_disk(
        self, tmp_path: Path, store: Path, key: Key, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
        with pytest.raises(BadInputError, match="too little room"):
            export(tmp_path / "b", key, Chosen())
        assert not (tmp_path / "b").exists()

    def test_the_program_is_whole(self) -> None:
        assert [name for name, _ in exporting.program()] == ["__main__.py", *exporting.PROGRAM]


class TestImport:
    def test_models_and_sets_arrive(
        self, tmp_path: Path, store: Path, key: Key, there: Path
    ) -> None:
        (tmp_path / "week1.jsonl").write_text("{}")
        chosen = Chosen(items=(tmp_path / "week1.jsonl",))
        with export(tmp_path / "b", key, chosen) as bundle:
            new = importing.take(bundle, there / "models", there)
        assert sorted(path.name for path in new) == [
            *("tiny-f16.gguf", "tiny-head.json", "tiny.md", "week1.jsonl"),
        ]
        found = everything(there)
        assert found.pop(f"models/{CATALOGUE}")
        assert set(found) == {
            *("models/tiny-f16.gguf", "models/tiny-head.json", "models/tiny.md"),
            "items/week1.jsonl",
        }
        assert own_entries(there / "models") == own_entries(store)

    def test_a_second_time_nothing_is_new(
        self, tmp_path: Path, store: Path, key: Key, there: Path
    ) -> None:
        with export(tmp_path / "b", key, Chosen()) as bundle:
            importing.take(bundle, there, there)
            before = everything(there)
            assert importing.take(bundle, there, there) == []
        assert everything(there) == before

    def test_what_a_killed_run_left_goes(
        self, tmp_path: Path, store: Path, key: Key, there: Path
    ) -> None:
        for name in (".bundle-models-x", ".bundle-sets-x"):
            (there / name).mkdir()
            (there / name / "tiny-f16.gguf").write_bytes(b"half of it")
        with export(tmp_path / "b", key, Chosen()) as bundle:
            importing.take(bundle, there, there)
        assert not list(there.glob(".bundle-*"))

    def test_a_newer_model_takes_the_place_of_its_older_self(
        self, tmp_path: Path, store: Path, key: Key, there: Path
    ) -> None:
        (there / "tiny-head.json").write_text("older")
        put(there, [entry("tiny", "base", store / "tiny-f16.gguf")])
        put(there, [entry("tiny-head", "head", there / "tiny-head.json", base="tiny")])
        with export(tmp_path / "b", key, Chosen()) as bundle:
            importing.take(bundle, there, there)
        assert (there / "tiny-head.json").read_text() == "{}"
        assert model_shelf(there).named("tiny-head").entry.file[0].bytes == 2


class TestCalibrations:
    """What a teacher's labels said of a model goes where the model goes."""

    def test_they_travel_with_their_model_and_with_no_other(
        self, tmp_path: Path, store: Path, key: Key, there: Path
    ) -> None:
        ours = fit(sha256(store / "tiny-f16.gguf"), cuts=(0.4,), labels=("incorrect", "correct"))
        put_fits(store, [ours, fit("f" * 64)])
        with export(tmp_path / "b", key, Chosen()) as bundle:
            assert names(bundle)[:2] == [ENTRIES, FITS]
            importing.take(bundle, there, there)
            assert all_fits(there) == (ours,)
            before = everything(there)
            assert importing.take(bundle, there, there) == []
        assert everything(there) == before

    @pytest.mark.parametrize("case", [("2026-05-01", 1.5), ("2026-07-01", 3.0)])
    def test_of_two_the_later_counts(
        self, tmp_path: Path, store: Path, key: Key, there: Path, case: tuple[str, float]
    ) -> None:
        day, kept = case
        model = sha256(store / "tiny-f16.gguf")
        put_fits(store, [fit(model, fitted="2026-06-01")])
        put_fits(there, [fit(model, temperature=3.0, fitted=day), fit("e" * 64)])
        with export(tmp_path / "b", key, Chosen()) as bundle:
            importing.take(bundle, there, there)
        found = {one.model: one.temperature for one in all_fits(there)}
        assert found == {model: kept, "e" * 64: 1.5}

    def test_a_damaged_file_here_stops_the_export(
        self, tmp_path: Path, store: Path, key: Key
    ) -> None:
        (store / FITS).write_text("[[fit]]\nname = 1\n")
        with pytest.raises(ModelError, match="cannot be used"):
            export(tmp_path / "b", key, Chosen())
        assert not (tmp_path / "b").exists()


def fit(model: str, **fields: object) -> Fit:
    named = {"name": "tiny", "model": model, "prompt": "mark_answer", "contract": "c" * 64}
    given: dict[str, object] = {
        **named,
        "temperature": 1.5,
        "answers": 40,
        "questions": 8,
        "fitted": "2026-06-01",
    }
    return msgspec.convert({**given, **fields}, Fit)


class TestRefused:
    """Signed, but wrong: from a careless colleague, or with a stolen key."""

    def refused(
        self, tmp_path: Path, key: Key, files: dict[str, bytes], because: str, there: Path
    ) -> None:
        (tmp_path / "b").write_bytes(small.bundle_bytes(tmp_path, key, files))
        before = everything(there)
        with (
            reading.check(tmp_path / "b", key.name) as bundle,
            pytest.raises(KindmarkError, match=because),
        ):
            importing.take(bundle, there, there)
        assert everything(there) == before

    def entries(self, *found: Entry) -> bytes:
        return models.entries_text([models.Model(one, ()) for one in found]).encode()

    def of(self, tmp_path: Path, name: str, file: str, data: bytes) -> Entry:
        path = tmp_path / "of" / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return entry(name, "base", path)

    def test_a_model_without_an_entry(self, tmp_path: Path, key: Key, there: Path) -> None:
        files = {"models/x.gguf": b"x"}
        self.refused(tmp_path, key, files, "models without entries", there)
        files = {ENTRIES: self.entries(), **files}
        self.refused(tmp_path, key, files, "a model without an entry: x.gguf", there)

    def test_an_entry_about_another_file(self, tmp_path: Path, key: Key, there: Path) -> None:
        about = self.entries(self.of(tmp_path, "x", "x.gguf", b"other"))
        self.refused(tmp_path, key, {ENTRIES: about, "models/x.gguf": b"x"}, "not about", there)

    def test_a_hostile_model(self, tmp_path: Path, key: Key, there: Path) -> None:
        data = b"GGUF" + b"\xff" * 60
        about = self.entries(self.of(tmp_path, "x", "x.gguf", data))
        files = {ENTRIES: about, "models/x.gguf": data, "items/a.txt": b"x"}
        self.refused(tmp_path, key, files, "not a usable GGUF file", there)

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            ("[[fit]]\nname = 1\n", "cannot be used"),
            ("[[fit", "cannot be used"),
            (text_of([Fit(
                name="x", model="a" * 64, prompt="p", contract="c" * 64, temperature=2.0,
                answers=1, questions=1,
            )]), "without that model"),
        ],
    )  # fmt: skip
    def test_calibrations_that_are_none_or_of_another_model(
        self, tmp_path: Path, key: Key, there: Path, text: str, because: str
    ) -> None:
        files = {FITS: text.encode(), "items/a.txt": b"x"}
        self.refused(tmp_path, key, files, because, there)

    def test_the_catalogue_itself(self, tmp_path: Path, key: Key, there: Path) -> None:
        about = self.entries(self.of(tmp_path, "x", CATALOGUE, b"x"))
        files = {ENTRIES: about, f"models/{CATALOGUE}": b"x"}
        self.refused(tmp_path, key, files, "write over the catalogue", there)

    @pytest.mark.parametrize("name", ["right-wrong", "minilm-marker"])
    def test_something_else_under_a_name_of_ours(
        self, tmp_path: Path, key: Key, there: Path, name: str
    ) -> None:
        about = self.entries(self.of(tmp_path, name, "minilm-marker-f16.gguf", b"x"))
        files = {ENTRIES: about, "models/minilm-marker-f16.gguf": b"x"}
        self.refused(tmp_path, key, files, f"is not Kindmark's {name}", there)

    def test_the_file_of_another_model(
        self, tmp_path: Path, key: Key, store: Path, tiny: Path
    ) -> None:
        about = self.entries(self.of(tmp_path, "other", "tiny-f16.gguf", b"x"))
        files = {ENTRIES: about, "models/tiny-f16.gguf": b"x"}
        self.refused(tmp_path, key, files, "the name of a file of tiny", store)

    def test_a_question_set_that_a_teacher_changed(
        self, tmp_path: Path, key: Key, there: Path
    ) -> None:
        (there / "items").mkdir()
        (there / "items" / "a.txt").write_text("mine")
        self.refused(tmp_path, key, {"items/a.txt": b"x"}, "There is another file", there)

    def test_entries_that_cannot_be_read(self, tmp_path: Path, key: Key, there: Path) -> None:
        self.refused(tmp_path, key, {ENTRIES: b"[[entry]]\nname = 1\n"}, "not a usable", there)

    def test_a_full_disk(
        self, tmp_path: Path, key: Key, there: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
        self.refused(tmp_path, key, {"items/a.txt": b"x"}, "too little room", there)


def test_a_bundle_for_another_machine_is_refused_naming_both(tmp_path: Path, key: Key) -> None:
    from runtime.bundle.install import install  # noqa: PLC0415

    wheel = {"wheels/x-1-cp38-cp38-linux_riscv64.whl": b"x"}
    listed = small.manifest(wheel, Machine("3.8", "linux-riscv64"))
    (tmp_path / "b").write_bytes(small.bundle_bytes(tmp_path, key, wheel, listed))
    with (
        reading.check(tmp_path / "b", key.name) as bundle,
        pytest.raises(BadInputError, match=r"Python 3.8 on linux-riscv64; this is Python 3"),
    ):
        install(bundle, tmp_path / "to", quiet)
    assert not (tmp_path / "to").exists()
