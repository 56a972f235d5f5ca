"""Fetching a base: from a small server that answers as the hub does, or from nowhere."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, ClassVar

import msgspec
import pytest

from runtime.errors import ModelError
from runtime.judge import hub, shelf
from runtime.judge.catalogue import Entry, Hub, ModelFile

COMMIT = "c" * 40
ENTRY = Entry(
    name="small",
    kind="base",
    title="A small one",
    licence="Apache-2.0",
    source="https://example.org",
    file=(ModelFile(name="small-q8_0.gguf"),),
    hub=Hub(weights="ours/small", gguf="ours/small-gguf"),
)


class Site(BaseHTTPRequestHandler):
    """What the hub says of a repository, and its files, with ranges."""

    files: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[str]] = []
    wrong_hash: ClassVar[bool] = False

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, *, body: bool) -> None:
        name = self.path.partition("?")[0].rpartition("/")[2]
        if "/api/models/" in self.path:
            siblings = [{"rfilename": one} for one in self.files]
            about = {"id": "ours/small", "sha": COMMIT, "siblings": siblings}
            self._send(200, json.dumps(about).encode(), body=body)
        elif name in self.files:
            self._file(name, body=body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _file(self, name: str, *, body: bool) -> None:
        content, begin = self.files[name], 0
        if given := self.headers.get("Range"):
            begin = int(given.removeprefix("bytes=").partition("-")[0])
        if body:
            self.asked.append(f"{name} from {begin}")
        digest = "0" * 64 if self.wrong_hash else hashlib.sha256(content).hexdigest()
        headers = {"ETag": f'"{digest}"', "X-Repo-Commit": COMMIT}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        self._send(206 if begin else 200, content[begin:], body=body, **headers)

    def _send(self, code: int, content: bytes, *, body: bool, **headers: str) -> None:
        self.send_response(code)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(content)


@pytest.fixture
def site(tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Site]]:
    Site.files = {"small-q8_0.gguf": tiny_gguf.read_bytes()}
    Site.asked, Site.wrong_hash = [], False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield Site
    server.shutdown()
    thread.join()
    server.server_close()


def pull(store: Path, entry: Entry = ENTRY) -> list[Path]:
    return hub.pull_files(entry, store, lambda _: None)


def test_files_come_with_their_hashes(site: type[Site], tmp_path: Path) -> None:
    [path] = pull(tmp_path)
    assert path.read_bytes() == site.files[path.name]
    [entry] = shelf.own_entries(tmp_path)
    assert entry.file[0].sha256 == hashlib.sha256(site.files[path.name]).hexdigest()
    assert entry.hub
    assert entry.hub.gguf_revision == COMMIT
    assert sorted(one.name for one in tmp_path.iterdir()) == ["catalogue.toml", path.name]


def test_a_fetch_that_was_stopped_goes_on(
    site: type[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = site.files["small-q8_0.gguf"]
    half = len(content) // 2

    def stopped(_url: str, file: BinaryIO, **_: object) -> None:
        file.write(content[:half])
        file.flush()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("huggingface_hub.file_download.http_get", stopped)
        pull(tmp_path)
    assert not (tmp_path / "small-q8_0.gguf").exists()
    assert not shelf.own_entries(tmp_path)
    [path] = pull(tmp_path)
    assert path.read_bytes() == content
    assert site.asked == [f"small-q8_0.gguf from {half}"]


def test_a_pinned_hash_is_held_to(site: type[Site], tmp_path: Path) -> None:
    pinned = msgspec.structs.replace(
        ENTRY, file=(ModelFile(name="small-q8_0.gguf", sha256="0" * 64),)
    )
    with pytest.raises(ModelError, match="not what the catalogue records"):
        pull(tmp_path, pinned)
    assert not (tmp_path / "small-q8_0.gguf").exists()
    assert not shelf.own_entries(tmp_path)


def test_what_is_no_model_is_refused(site: type[Site], tmp_path: Path) -> None:
    site.files = {"small-q8_0.gguf": b"<html>Please log in</html>"}
    with pytest.raises(ModelError, match="does not begin with GGUF"):
        pull(tmp_path)
    assert not (tmp_path / "small-q8_0.gguf").exists()


def test_what_was_damaged_on_the_way_is_not_kept(site: type[Site], tmp_path: Path) -> None:
    site.wrong_hash = True
    with pytest.raises(ModelError, match="damaged on the way"):
        pull(tmp_path)
    assert list((tmp_path / ".pulling-small").iterdir()) == []
    site.wrong_hash = False
    assert pull(tmp_path)


def test_a_file_that_is_gone(site: type[Site], tmp_path: Path) -> None:
    site.files = {}
    with pytest.raises(ModelError, match="no such file") as caught:
        pull(tmp_path)
    assert "models add" in caught.value.remedy


def test_weights_come_as_a_folder(site: type[Site], tmp_path: Path) -> None:
    site.files = {"model.safetensors": b"w" * 99, "config.json": b"{}", "old.bin": b"x"}
    site.files["original/config.json"] = b"{}"
    folder = hub.pull_weights(ENTRY, tmp_path, lambda _: None)
    assert folder == hub.weights_folder(ENTRY, tmp_path)
    assert sorted(one.name for one in folder.iterdir()) == [
        *("config.json", "model.safetensors", "weights.json")
    ]
    about = msgspec.json.decode((folder / "weights.json").read_bytes(), type=hub.Weights)
    assert about == hub.Weights("ours/small", COMMIT)


def test_without_a_network_the_way_by_hand_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 refuses at once, as a machine without a network does.
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    for fetch in (hub.pull_files, hub.pull_weights):
        with pytest.raises(ModelError, match="no way to the hub") as caught:
            fetch(ENTRY, tmp_path, lambda _: None)
        assert "kindmark models add FILE --name small" in caught.value.remedy
    assert not shelf.own_entries(tmp_path)


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match="not installed") as caught:
        pull(tmp_path)
    assert "kindmark[hub]" in caught.value.remedy


def test_what_has_no_ready_file_is_converted(tmp_path: Path) -> None:
    bare = msgspec.structs.replace(ENTRY, hub=Hub(weights="ours/small"))
    with pytest.raises(ModelError, match="no GGUF file") as caught:
        pull(tmp_path, bare)
    assert "kindmark convert small" in caught.value.remedy
    with pytest.raises(ModelError, match="not fetched from the hub"):
        pull(tmp_path, msgspec.structs.replace(ENTRY, hub=None))
