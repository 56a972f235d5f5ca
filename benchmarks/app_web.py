"""Opens the app in a headless Chromium, presses keys, and keeps a picture of what is there.

    python -m benchmarks.app_web picture.png --keys Enter wait Enter wait 19/12 Ctrl+s wait
    python -m benchmarks.app_web picture.png --large --size 1280x800

Serves the app on a free port of this machine over a store of its own with the demo class. Keys are
named as browsers name them (Tab, Enter, ArrowDown, Ctrl+s); "wait" waits a second, other words
are typed.
Needs the extra ``web`` and Chromium. Prints the seconds until the first text was on the screen.
"""

import argparse
import asyncio
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from runtime.app import demo
from runtime.records.store import Store

_PATIENCE_SECONDS = 60.0
_KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "ArrowRight": 39}
_CTRL = 2
_PAINTED = "document.body.classList.contains('-first-byte')"


def main(argv: Sequence[str] | None = None) -> int:
    """Take the picture."""
    args = _parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(_picture(args, Path(folder)))
    print(f"first text after {seconds:.2f} s; {args.picture}")
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app_web", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("picture", type=Path, help="a PNG file")
    parser.add_argument("--keys", nargs="*", default=[], help="pressed in this order")
    parser.add_argument("--size", default="1024x768", help="of the window, in pixels")
    parser.add_argument("--large", action="store_true", help="with large text")
    parser.add_argument("--language", default="en")
    parser.add_argument("--browser", default=shutil.which("chromium") or "chromium")
    return parser.parse_args(argv)


async def _picture(args: argparse.Namespace, folder: Path) -> float:
    with Store.open(folder / "records") as store:
        demo.load(store)
    (folder / "app.toml").write_text(f"large_text = {str(args.large).lower()}\n", "utf-8")
    port = _free_port()
    command = [sys.executable, "-m", "runtime.cli.main", "app", "--web", "--port", str(port)]
    command += ["--store", str(folder / "records"), "--language", args.language]
    environment = os.environ | {"KINDMARK_CONFIG": str(folder)}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        await _until_listening(port)
        return await _browse(args, folder, f"http://127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.wait()


async def _browse(args: argparse.Namespace, folder: Path, url: str) -> float:
    width, height = args.size.split("x")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    flags += [f"--user-data-dir={folder / 'browser'}", f"--window-size={width},{height}"]
    browser = subprocess.Popen(
        [args.browser, *flags, "about:blank"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            address = await _page(session, folder / "browser" / "DevToolsActivePort")
            async with session.ws_connect(address, max_msg_size=0) as socket_:
                return await _drive(_Page(socket_), url, args)
    finally:
        browser.terminate()
        browser.wait()


async def _drive(page: "_Page", url: str, args: argparse.Namespace) -> float:
    await page.ask("Emulation.setFocusEmulationEnabled", enabled=True)
    # No window is as narrow as a telephone; the page is.
    width, height = map(int, args.size.split("x"))
    await page.ask(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=height, deviceScaleFactor=1, mobile=False,
    )  # fmt: skip
    started = time.perf_counter()
    await page.ask("Page.navigate", url=url)
    while not await page.value(_PAINTED):
        if time.perf_counter() - started > _PATIENCE_SECONDS:
            raise TimeoutError("The app was not painted.")
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - started
    await asyncio.sleep(2)
    await page.value("document.querySelector('.xterm-helper-textarea').focus()")
    for key in args.keys:
        await page.press(key)
    await asyncio.sleep(1)
    shot = await page.ask("Page.captureScreenshot", format="png")
    args.picture.write_bytes(base64.b64decode(shot["data"]))
    return seconds


class _Page:
    """A page of the browser, spoken to by the DevTools protocol."""

    def __init__(self, connection: "aiohttp.ClientWebSocketResponse") -> None:
        self._connection = connection
        self._number = 0

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return the result of a command."""
        self._number += 1
        await self._connection.send_json(
            {"id": self._number, "method": method, "params": parameters}
        )
        while True:
            reply = json.loads((await self._connection.receive()).data)
            if reply.get("id") == self._number:
                result: dict[str, Any] = reply["result"]
                return result

    async def value(self, expression: str) -> object:
        """Return what an expression is worth in the page."""
        found = await self.ask("Runtime.evaluate", expression=expression)
        return found["result"].get("value")

    async def press(self, key: str) -> None:
        """Press a named key, type a text, or wait."""
        if key == "wait":
            await asyncio.sleep(1)
        elif key in _KEYS or key.startswith("Ctrl+"):
            name = key.removeprefix("Ctrl+")
            code = _KEYS.get(name, ord(name[0].upper()))
            for kind in ("rawKeyDown", "keyUp"):
                await self.ask(
                    "Input.dispatchKeyEvent",
                    type=kind, key=name, modifiers=_CTRL if name != key else 0,
                    windowsVirtualKeyCode=code, nativeVirtualKeyCode=code,
                )  # fmt: skip
        else:
            await self.ask("Input.insertText", text=key)
        await asyncio.sleep(0.3)


async def _page(session: aiohttp.ClientSession, port_file: Path) -> str:
    """Return the address of the first page, once the browser has written its port."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not (port_file.exists() and port_file.read_text().strip()):
        if time.monotonic() > until:
            raise TimeoutError("The browser did not start.")
        await asyncio.sleep(0.05)
    port = port_file.read_text().split()[0]
    async with session.get(f"http://127.0.0.1:{port}/json") as reply:
        pages = await reply.json(content_type=None)
    return next(str(one["webSocketDebuggerUrl"]) for one in pages if one["type"] == "page")


async def _until_listening(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
