"""The server of the browser front: whom it lets in, and that its pages load nothing from elsewhere.

From which address a browser comes is set by the tests; nothing but this machine is reached.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from runtime.app.web import serving
from runtime.app.web.serving import KindmarkServer
from runtime.errors import BadInputError

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def server() -> KindmarkServer:
    return KindmarkServer("exec false", "127.0.0.1", 8765)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every browser come from another machine."""
    monkeypatch.setattr(serving, "_is_here", lambda _address: False)


def visit(server: KindmarkServer, script: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with TestClient(TestServer(await server._make_app())) as client:
            await script(client)

    asyncio.run(run())


def test_a_browser_on_this_machine_comes_in_at_once(server: KindmarkServer) -> None:
    async def script(client: Client) -> None:
        reply = await client.get("/")
        page = await reply.text()
        assert reply.status == 200
        assert f'"ws://{client.host}:{client.port}/ws"' in page
        assert "default-src 'self'" in reply.headers["Content-Security-Policy"]

    visit(server, script)


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
@pytest.mark.usefixtures("elsewhere")
def test_others_are_asked_for_the_code_first(server: KindmarkServer, path: str) -> None:
    async def script(client: Client) -> None:
        reply = await client.get(path, allow_redirects=False)
        assert (reply.status, reply.headers["Location"]) == (303, "/code")

    visit(server, script)


@pytest.mark.usefixtures("elsewhere")
def test_the_code_opens_the_door_for_one_browser(server: KindmarkServer) -> None:
    code = server.codes.current

    async def script(client: Client) -> None:
        reply = await client.post("/code", data={"code": "0000-0000"})
        assert "That was not the code" in await reply.text()
        reply = await client.post("/code", data={"code": code})
        assert reply.status == 200
        assert "textual-terminal" in await reply.text()
        client.session.cookie_jar.clear()
        reply = await client.post("/code", data={"code": code})
        assert "That was not the code" in await reply.text()

    visit(server, script)


@pytest.mark.usefixtures("elsewhere")
def test_guessing_is_slowed_in_words(server: KindmarkServer) -> None:
    async def script(client: Client) -> None:
        for _ in range(3):
            await client.post("/code", data={"code": "1"})
        reply = await client.post("/code", data={"code": server.codes.current})
        assert "Please wait" in await reply.text()

    visit(server, script)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xfe\x00code=", "application/x-www-form-urlencoded"),
        (b"code=%ff%fe", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
    ],
)
@pytest.mark.usefixtures("elsewhere")
def test_what_no_browser_sends_is_a_wrong_code(
    server: KindmarkServer, data: bytes, kind: str
) -> None:
    async def script(client: Client) -> None:
        reply = await client.post("/code", data=data, headers={"Content-Type": kind})
        assert reply.status == 200
        assert "That was not the code" in await reply.text()

    visit(server, script)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_other_sites_cannot_use_the_browser_of_someone_here(
    server: KindmarkServer, headers: dict[str, str]
) -> None:
    async def script(client: Client) -> None:
        for path in ("/", "/ws", "/code"):
            assert (await client.get(path, headers=headers)).status == 403

    visit(server, script)


def test_pages_name_nothing_outside() -> None:
    pages = Path(serving.__file__).parent / "pages"
    for page in pages.iterdir():
        assert not re.findall(r"(?:https?:)?//[\w.]+", page.read_text("utf-8")), page


def test_an_address_in_use_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInputError, match="cannot be used"):
            serving.serve("127.0.0.1", port, ["false"])


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:8765"), ("::", "http://[::1]:8765")],
)
def test_an_address_is_named_that_a_browser_can_use(host: str, url: str) -> None:
    assert KindmarkServer("exec false", host, 8765).public_url == url
