"""Rubrics on disk: restored bit for bit, never with a child's text, never fatal."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from llama_cpp import llama_cpp as llama

from runtime.judge.batches import Piece
from runtime.judge.context import Vectors
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.prefix_store import SUFFIX, PrefixStore
from runtime.judge.engine import Model
from runtime.judge.tokens import Ids
from tests.runtime.judge.decoders import Files, some_ids
from tests.runtime.judge.decoding.windowed import WINDOW, write_windowed

LIMITS = BranchLimits(256, 4, step=64, threads=1)
RUBRIC: Ids = np.array(some_ids(100), np.int32)
ANSWER = some_ids(20, seed=1)
KEY = "model and adapter"


@pytest.fixture(params=["full attention", "sliding window"])
def any_model(request: pytest.FixtureRequest, decoder: Files, tmp_path: Path) -> Iterator[Model]:
    windowed = request.param == "sliding window"
    with Model(write_windowed(tmp_path / "w.gguf", 1) if windowed else decoder.path) as found:
        yield found


@pytest.fixture
def branches(model: Model) -> Iterator[BranchContext]:
    with BranchContext(model, LIMITS) as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> PrefixStore:
    return PrefixStore(tmp_path / "prefixes", 10_000_000)


def read(context: BranchContext, ids: Ids, sequence: int = 0) -> None:
    for at in range(0, len(ids), 64):
        context.read([Piece(sequence, ids[at : at + 64], at)])


def after(context: BranchContext) -> Vectors:
    """Return the logits after the answer, read behind the rubric of sequence 0."""
    return context.read([Piece(0, ANSWER, len(RUBRIC), 1)])


def saved(context: BranchContext, store: PrefixStore, ids: Ids = RUBRIC) -> Path:
    """Save a rubric and return its file."""
    before = set(files(store))
    context.drop(0)
    read(context, ids)
    store.save(context, 0, KEY, ids)
    [new] = set(files(store)) - before
    return new


def files(store: PrefixStore) -> list[Path]:
    return sorted(store._folder.glob("*"))


class TestRestored:
    def test_the_logits_are_those_of_the_run_that_saved(
        self, any_model: Model, store: PrefixStore
    ) -> None:
        with BranchContext(any_model, LIMITS) as first:
            saved(first, store)
            expected = after(first)
        with BranchContext(any_model, LIMITS) as second:
            assert store.load(second, 0, KEY, RUBRIC) == len(RUBRIC)
            assert second.length(0) == len(RUBRIC)
            assert np.array_equal(after(second), expected)
        assert len(RUBRIC) > 2 * WINDOW

    def test_into_the_memory_it_came_from(
        self, branches: BranchContext, store: PrefixStore
    ) -> None:
        saved(branches, store)
        expected = after(branches)
        branches.drop(0)
        assert store.load(branches, 0, KEY, RUBRIC) == len(RUBRIC)
        assert np.array_equal(after(branches), expected)

    @pytest.mark.parametrize("what", ["key", "ids", "layout", "step"])
    def test_only_for_the_same(
        self, what: str, model: Model, branches: BranchContext, store: PrefixStore
    ) -> None:
        saved(branches, store)
        key = "another model" if what == "key" else KEY
        ids = RUBRIC[:-1] if what == "ids" else RUBRIC
        step = 32 if what == "step" else LIMITS.step
        limits = LIMITS._replace(exact=what == "layout", step=step)
        with BranchContext(model, limits) as other:
            assert store.load(other, 0, key, ids) == 0
            assert other.length(0) == 0

    def test_without_room_nothing_is_loaded_and_the_file_stays(
        self, model: Model, branches: BranchContext, store: PrefixStore
    ) -> None:
        path = saved(branches, store)
        with BranchContext(model, LIMITS) as full:
            read(full, np.array(some_ids(200), np.int32), sequence=1)
            assert store.load(full, 0, KEY, RUBRIC) == 0
            assert full.length(0) == 0
            # What was there before is untouched.
            assert full.length(1) == 200
        assert path.exists()


class TestPrivate:
    def test_an_answer_in_memory_leaves_no_trace(
        self, model: Model, store: PrefixStore, tmp_path: Path
    ) -> None:
        with BranchContext(model, LIMITS) as alone:
            path = saved(alone, store)
        other = PrefixStore(tmp_path / "other", 10_000_000)
        with BranchContext(model, LIMITS) as shared:
            read(shared, RUBRIC)
            shared.copy(0, 1)
            shared.read([Piece(1, ANSWER, len(RUBRIC))])
            other.save(shared, 0, KEY, RUBRIC)
        assert files(other)[0].read_bytes() == path.read_bytes()

    def test_a_sequence_with_an_answer_is_refused(
        self, branches: BranchContext, store: PrefixStore
    ) -> None:
        read(branches, RUBRIC)
        after(branches)
        with pytest.raises(ValueError, match="120 tokens and 100 are public"):
            store.save(branches, 0, KEY, RUBRIC)
        assert not files(store)

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
    def test_only_the_user_reads_it(self, branches: BranchContext, store: PrefixStore) -> None:
        path = saved(branches, store)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def cut(data: bytes) -> bytes:
    return data[:-1]


def cut_in_the_header(data: bytes) -> bytes:
    return data[:50]


def longer(data: bytes) -> bytes:
    return data + b"x"


def flipped(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


def other_magic(data: bytes) -> bytes:
    return b"X" + data[1:]


def other_name(data: bytes) -> bytes:
    return data[:24] + bytes(32) + data[56:]


def huge(data: bytes) -> bytes:
    return data[:16] + b"\xff" * 8 + data[24:]


def nothing(data: bytes) -> bytes:
    return data[:0]


class TestDamaged:
    @pytest.mark.parametrize(
        "damage",
        [cut, cut_in_the_header, longer, flipped, other_magic, other_name, huge, nothing],
    )
    def test_it_is_removed_before_llama_cpp_sees_it(
        self,
        damage: Callable[[bytes], bytes],
        branches: BranchContext,
        store: PrefixStore,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = saved(branches, store)
        path.write_bytes(damage(path.read_bytes()))

        def never(*_: object) -> int:
            raise AssertionError("llama.cpp was given damaged bytes")

        monkeypatch.setattr(llama, "llama_state_seq_set_data", never)
        assert store.load(branches, 0, KEY, RUBRIC) == 0
        assert not path.exists()

    @pytest.mark.skipif(os.name != "posix", reason="owners are POSIX's")
    def test_another_users_file_is_not_trusted(
        self, branches: BranchContext, store: PrefixStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = saved(branches, store)
        user = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: user + 1)
        assert store.load(branches, 0, KEY, RUBRIC) == 0
        assert not path.exists()

    def test_a_folder_in_its_place(self, branches: BranchContext, store: PrefixStore) -> None:
        path = saved(branches, store)
        path.unlink()
        path.mkdir()
        assert store.load(branches, 0, KEY, RUBRIC) == 0


class TestRoom:
    def rubrics(self, count: int) -> list[Ids]:
        return [np.array(some_ids(100, seed=i), np.int32) for i in range(count)]

    def test_the_least_recently_used_goes_first(
        self, branches: BranchContext, store: PrefixStore
    ) -> None:
        first, second, third = self.rubrics(3)
        paths = [saved(branches, store, ids) for ids in (first, second)]
        for age, path in zip((200, 100), paths, strict=True):
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
        branches.drop(0)
        assert store.load(branches, 0, KEY, first)
        small = PrefixStore(store._folder, int(2.5 * paths[0].stat().st_size))
        newest = saved(branches, small, third)
        assert files(small) == sorted([paths[0], newest])

    def test_a_state_larger_than_the_whole_store(
        self, branches: BranchContext, store: PrefixStore
    ) -> None:
        path = saved(branches, store)
        read(branches, RUBRIC, sequence=1)
        PrefixStore(store._folder, 1000).save(branches, 1, "other", RUBRIC)
        assert files(store) == [path]

    def test_parts_of_killed_processes_go(
        self, branches: BranchContext, store: PrefixStore
    ) -> None:
        store._folder.mkdir()
        old, new = store._folder / "old.part", store._folder / "new.part"
        for path in (old, new):
            path.write_bytes(b"x")
        os.utime(old, (1_000_000, 1_000_000))
        path = saved(branches, store)
        assert files(store) == sorted([path, new])

    def test_clear(self, branches: BranchContext, store: PrefixStore) -> None:
        size = saved(branches, store).stat().st_size
        other = store._folder / "notes.txt"
        other.write_text("the user's")
        assert store.size == store.clear() == size
        assert files(store) == [other]
        assert store.clear() == 0

    def test_a_full_disk_is_noted_once_and_nothing_is_left(
        self, branches: BranchContext, store: PrefixStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = 0

        def full(*_: object) -> None:
            nonlocal tries
            tries += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Path, "replace", full)
        read(branches, RUBRIC)
        for _ in range(2):
            store.save(branches, 0, KEY, RUBRIC)
        assert "No space left" in store.problem
        assert (tries, files(store)) == (1, [])

    def test_a_folder_that_cannot_be_made(self, branches: BranchContext, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        store = PrefixStore(tmp_path / "file" / "prefixes", 10_000_000)
        read(branches, RUBRIC)
        store.save(branches, 0, KEY, RUBRIC)
        assert store.problem
        assert store.load(branches, 0, KEY, RUBRIC) == 0


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.prefix_store import PrefixStore
from runtime.judge.engine import Model

model, folder = map(Path, sys.argv[1:])
with Model(model) as m, BranchContext(m, BranchLimits(256, 4, step=64, threads=1)) as context:
    store = PrefixStore(folder, 60_000)
    for i in range(40):
        ids = np.random.default_rng(i % 5).integers(300, size=60).astype(np.int32)
        context.drop(0)
        if not store.load(context, 0, "key", ids):
            context.read([Piece(0, ids)])
            store.save(context, 0, "key", ids)
        assert context.length(0) == 60
    assert not store.problem, store.problem
"""


def test_two_processes_at_once(decoder: Files, store: PrefixStore) -> None:
    """The store has room for fewer rubrics than they use: each removes what the other has."""
    command = [sys.executable, "-c", _WRITER, str(decoder.path), str(store._folder)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
    assert all(path.suffix == SUFFIX for path in files(store))
    assert store.size <= 2 * 60_000
