"""About this machine: what is open, what may be opened, where things lie."""

import os
import socket
from pathlib import Path

import pytest

from runtime.app import about
from runtime.app.about import may_open_sockets, places, size_of
from runtime.app.app import KindmarkApp
from runtime.app.screens import machine
from runtime.app.screens.machine import MachineScreen
from runtime.app.sockets import OpenSocket, family, open_sockets
from runtime.app.widgets.sizes import size_words
from runtime.offline import SealedError
from runtime.records.store import Store
from tests.runtime.app.driving import Play, play, until, words_on

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this is no Linux")


async def opened(pilot: Play, *keys: str) -> None:
    pilot.app.push_screen(MachineScreen())
    await until(pilot, lambda: isinstance(pilot.app.screen, MachineScreen))
    await pilot.press(*keys)


def refuse(*_given: object) -> None:
    raise SealedError("The network was refused.")


@needs_proc
class TestSockets:
    def test_a_listening_socket_is_found_with_its_address(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            found = open_sockets([os.getpid()]) or []
        mine = next(one for one in found if one.local == f"127.0.0.1:{port}")
        assert (mine.kind, mine.reaches_out) == ("tcp", True)

    def test_an_ipv6_socket_is_found_with_its_address(self) -> None:
        try:
            server = socket.create_server(("::1", 0), family=socket.AF_INET6)
        except OSError:
            pytest.skip("this machine has no IPv6")
        with server:
            port = server.getsockname()[1]
            found = open_sockets([os.getpid()]) or []
        assert f"::1:{port}" in {one.local for one in found}

    def test_a_pair_within_the_machine_does_not_reach_out(self) -> None:
        before = open_sockets([os.getpid()]) or []
        one, other = socket.socketpair()
        with one, other:
            after = open_sockets([os.getpid()]) or []
        new = len([one for one in after if not one.reaches_out])
        assert new > len([one for one in before if not one.reaches_out])

    def test_a_socket_in_none_of_the_kernels_tables_counts_as_reaching_out(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM):
            found = open_sockets([os.getpid()]) or []
        assert any(one.reaches_out for one in found)

    def test_the_family_has_its_head(self) -> None:
        assert family(os.getpid())[0] == os.getpid()
        assert os.getpid() in family(os.getppid())


def test_where_the_system_shows_nothing_nothing_is_claimed(tmp_path: Path) -> None:
    assert open_sockets([1, 2], tmp_path) is None
    assert family(7, tmp_path) == [7]


def test_a_strange_table_of_the_kernel_is_no_defect(tmp_path: Path) -> None:
    files = tmp_path / "7" / "fd"
    files.mkdir(parents=True)
    (files / "3").symlink_to("socket:[42]")
    (files / "4").symlink_to("pipe:[43]")
    net = tmp_path / "7" / "net"
    net.mkdir()
    (net / "tcp").write_text("head\nshort\n0: zz:1 0100007F:0050 01 a b c d e 42\n", "utf-8")
    (one,) = open_sockets([7], tmp_path) or []
    assert (one.local, one.remote) == ("zz:1", "127.0.0.1:80")


class TestTheScreen:
    def test_without_the_seal_it_says_so(self, app: KindmarkApp) -> None:
        async def script(pilot: Play) -> None:
            await opened(pilot)
            await until(pilot, lambda: "! not refused" in words_on(app))

        play(app, script)

    def test_with_the_seal_it_was_tried(
        self, app: KindmarkApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(about, "may_open_sockets", lambda: False)

        async def script(pilot: Play) -> None:
            await opened(pilot)
            await until(pilot, lambda: "✓ refused" in words_on(app))

        play(app, script)

    def test_what_is_open_is_shown_with_its_address(
        self, app: KindmarkApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = OpenSocket(pid=7, kind="tcp", local="10.0.0.1:80", remote="10.0.0.2:9")
        monkeypatch.setattr(machine, "open_sockets", lambda _pids: [one])

        async def script(pilot: Play) -> None:
            await opened(pilot)
            await until(pilot, lambda: "7: tcp 10.0.0.1:80 -> 10.0.0.2:9" in words_on(app))
            assert "✗ 1 open" in words_on(app)

        play(app, script)

    def test_elsewhere_it_names_the_command_to_look_with(
        self, app: KindmarkApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machine, "open_sockets", lambda _pids: None)

        async def script(pilot: Play) -> None:
            await opened(pilot)
            await until(pilot, lambda: "lsof -i -a -p" in words_on(app))

        play(app, script)

    def test_the_pages_say_where_what_and_under_which_terms(
        self, app: KindmarkApp, store: Store
    ) -> None:
        async def script(pilot: Play) -> None:
            await opened(pilot, "right")
            await until(pilot, lambda: str(store.places.folder)[:30] in words_on(app))
            await pilot.press("right")
            await until(pilot, lambda: "Processor" in words_on(app))
            await pilot.press("right")
            await until(pilot, lambda: "Is a short answer right?" in words_on(app))

        play(app, script, (140, 45))


def test_the_seal_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert may_open_sockets()
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        assert not may_open_sockets()


class TestPlaces:
    def test_the_records_are_those_that_are_open(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"12345")
        assert (places(tmp_path)[0].path, places(tmp_path)[0].size) == (tmp_path, 5)

    def test_what_is_not_there_has_no_size(self, tmp_path: Path) -> None:
        assert size_of(tmp_path / "none") == 0

    @pytest.mark.parametrize(
        ("size", "words"),
        [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (46_223_456, "46 MB"), (10**13, "10 TB")],
    )
    def test_sizes_are_said_in_their_unit(self, size: int, words: str) -> None:
        assert size_words(size) == words


def test_in_a_browser_the_server_is_looked_at_and_named(
    app: KindmarkApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(machine.SERVED, "1")
    looked_at: list[list[int]] = []
    one = OpenSocket(pid=os.getppid(), kind="tcp", local="127.0.0.1:8765", remote="127.0.0.1:5000")

    def look(pids: list[int]) -> list[OpenSocket]:
        looked_at.append(pids)
        return [one]

    monkeypatch.setattr(machine, "open_sockets", look)

    async def script(pilot: Play) -> None:
        await app.push_screen(MachineScreen())
        await until(pilot, lambda: "Browser front" in words_on(app))
        assert f"process {os.getppid()}" in words_on(app)
        assert "127.0.0.1:5000" in words_on(app)

    play(app, script, size=(120, 40))
    assert looked_at[0][0] == os.getppid()
