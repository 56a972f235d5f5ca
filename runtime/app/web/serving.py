"""Serves the app to browsers: on this machine alone, unless another address is named.

    serve("127.0.0.1", 8765, ["kindmark", "app"])       until Ctrl-C

Each browser has a process of its own, which is sealed from the network like the app in a terminal;
this one passes keys and pictures of text on, and reads no records. From other machines a code is
asked for. Pages load nothing from elsewhere: their policy (CSP) forbids browsers to. The traffic is
not encrypted, so it is for a network one trusts.
"""

import ipaddress
import logging
import math
import os
import shlex
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from runtime.app import settings
from runtime.app.web.codes import Codes
from runtime.errors import BadInputError
from runtime.words import _, ngettext

try:
    import aiohttp_jinja2
    import jinja2
    from aiohttp import web
    from textual_serve.server import Server
except ImportError:
    raise BadInputError(
        _("The browser front needs textual-serve, which is not installed."),
        _(
            "Install it with: pip install 'kindmark[web]' (a bundle carries it),"
            " or use: kindmark app"
        ),
    ) from None

COOKIE = "kindmark"
_PAGES = Path(__file__).parent / "pages"
_FONT_SIZE, _LARGE_FONT_SIZE = 16, 24
_SERVED = "KINDMARK_SERVED"
_MOST_CODE_BYTES = 1000
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(host: str, port: int, command: Sequence[str]) -> None:
    """Serve ``command`` until Ctrl-C. Raises ``BadInputError`` if the address cannot be used."""
    _check_address(host, port)
    os.environ[_SERVED] = "1"
    # exec: no shell stays between this process and the app, which looks whether this one lives.
    KindmarkServer(f"exec {shlex.join(command)}", host, port).serve()


class KindmarkServer(Server):
    """textual-serve's server with our pages, a doorkeeper, and nothing to download."""

    def __init__(self, command: str, host: str, port: int) -> None:
        # Every address of this machine, and this one names it.
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        shown = f"[{here}]" if ":" in here else here
        super().__init__(
            command, host, port, "Kindmark", f"http://{shown}:{port}", templates_path=_PAGES
        )
        self.codes = Codes()

    def initialize_logging(self) -> None:
        """Keep silent: what children write is nothing for a log."""
        logging.disable()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=_MOST_CODE_BYTES)
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(_PAGES), autoescape=True)
        app.add_routes(
            [
                web.get("/", self.handle_index, name="index"),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.get("/code", self.show_code_page),
                web.post("/code", self.take_code),
                web.get("/fit.js", _fit_script),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        app.on_startup.append(self.on_startup)
        return app

    async def on_startup(self, _app: web.Application) -> None:
        """Say where it is, and the code if other machines can reach it."""
        _say(_("Kindmark is at {url} (Ctrl-C ends it).").format(url=self.public_url))
        if not _is_here(self.host):
            _say(
                _("From other machines: http://{name}:{port}").format(
                    name=_own_address() or self.host, port=self.port
                )
            )
            _say(_("The network can be listened to: use one that you trust."))
            self._say_code()

    def _say_code(self) -> None:
        _say(_("Code for the next browser: {code}").format(code=self.codes.current))

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who is here or has come in with a code; all others get the page that asks."""
        if not self._is_for_us(request):
            raise web.HTTPForbidden(text=_("This address is not Kindmark's."))
        if not (self._may_enter(request) or request.path == "/code"):
            raise web.HTTPSeeOther("/code")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _may_enter(self, request: web.Request) -> bool:
        return _is_here(request.remote or "") or self.codes.knows(request.cookies.get(COOKIE, ""))

    def _is_for_us(self, request: web.Request) -> bool:
        """Refuse other sites' pages: by a name that leads here (rebinding), or another origin."""
        name = request.url.host or ""
        origin = request.headers.get("Origin")
        named = name in {self.host, "localhost"} or _is_address(name)
        return named and origin in {None, f"http://{request.host}"}

    @aiohttp_jinja2.template("app_index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """Return what the page of the app is filled with; addresses are those the browser used."""
        large = settings.read().large_text
        return {
            "font_size": _LARGE_FONT_SIZE if large else _FONT_SIZE,
            "websocket": f"ws://{request.host}/ws",
            "ended": _("Kindmark is closed here."),
            "again": _("Open it again"),
        }

    async def show_code_page(self, _request: web.Request) -> web.Response:
        """Ask for the code."""
        return _code_page("")

    async def take_code(self, request: web.Request) -> web.Response:
        """Let a browser in, or say how long to wait."""
        code = await _posted_code(request)
        before, now = self.codes.current, time.monotonic()
        wait = self.codes.wait(now)
        session = self.codes.enter(code, now)
        if self.codes.current != before:
            self._say_code()
        if session is None:
            return _code_page(_late(wait) if wait else _("That was not the code. Try again."))
        entered = web.HTTPSeeOther("/")
        entered.set_cookie(COOKIE, session, httponly=True, samesite="Strict")
        raise entered


async def _posted_code(request: web.Request) -> str:
    """Return what was typed; what no browser sends is a wrong code."""
    try:
        return str((await request.post()).get("code", ""))
    except ValueError:
        return ""


def _late(wait: float) -> str:
    seconds = math.ceil(wait)
    return ngettext(
        "Please wait {seconds} second before the next try.",
        "Please wait {seconds} seconds before the next try.",
        seconds,
    ).format(seconds=seconds)


async def _fit_script(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGES / "fit.js")


def _code_page(message: str) -> web.Response:
    page = (_PAGES / "code.html").read_text("utf-8")
    words = {
        "TITLE": _("The code"),
        "ABOUT": _("It stands on the screen of the machine that Kindmark runs on."),
        "MESSAGE": message,
        "ENTER": _("Come in"),
    }
    for name, text in words.items():
        page = page.replace(f"[{name}]", escape(text))
    return web.Response(text=page, content_type="text/html")


def _is_here(address: str) -> bool:
    """Whether an address is this machine's own, that nobody else can use."""
    if address == "localhost":
        return True
    return _is_address(address) and ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _own_address() -> str:
    """Return the address of this machine in its network, "" if it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Of the range for documentation: only the route is looked up.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _check_address(host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise BadInputError(
            _("{address} cannot be used: {reason}.").format(
                address=f"{host}:{port}", reason=error.strerror or error
            ),
            _("Name another port with --port, or end the program that has it."),
        ) from None


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
