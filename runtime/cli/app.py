"""``kindmark app``: study sessions and the marking desk, in this terminal or in a browser.

kindmark app
kindmark app --web
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.cli.options import Parser, named
from runtime.errors import BadInputError, ExitCode
from runtime.words import LANGUAGES

if TYPE_CHECKING:
    from runtime.app.settings import AppSettings
    from runtime.records.store import Store

_EXAMPLES = """\
  kindmark app                         in this terminal
  kindmark app --language it           in Italian, this time
  kindmark app --web                   for a browser on this machine
  kindmark app --web --host 0.0.0.0    for a tablet in the same room; asks it for a code
"""

_PORT = 8765
_HANDOVER_SECONDS = 5.0
"""How long a page that was reloaded waits for the one before it to let go of the records."""

SERVED = "KINDMARK_SERVED"
"""Set by ``--web`` for the processes behind a browser: they have no terminal."""


def main(argv: Sequence[str]) -> int:
    """Run the app until it is closed. Raises ``KindmarkError`` for what is wrong beforehand, and
    whatever defect ended it."""
    args = _parse(argv)
    if args.web:
        from runtime.app.web.serving import serve  # noqa: PLC0415

        serve(args.host, args.port, _again(args))
        return ExitCode.DONE
    served = SERVED in os.environ
    if not served:
        _check_terminal()
    return _run(args, served)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("app", "Study sessions, and a desk for marking class sets.", _EXAMPLES)
    parser.add_argument("--store", metavar="DIR", type=_path, help="where records lie")
    parser.add_argument("--language", choices=sorted(LANGUAGES), help="speak it this time")
    parser.add_argument("--model", metavar="NAME", type=named, help="marks this time")
    parser.add_argument("--web", action="store_true", help="for a browser; ends with Ctrl-C")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address for --web (default: this machine alone)"
    )
    parser.add_argument(
        "--port", type=int, default=_PORT, metavar="N", help=f"port for --web (default {_PORT})"
    )
    args = parser.parse_args(argv)
    if not args.web and (args.host, args.port) != ("127.0.0.1", _PORT):
        raise BadInputError("--host and --port are about --web.", "Add --web, or leave them out.")
    if not 0 < args.port < 1 << 16:
        raise BadInputError(f"{args.port} is no port.", "Give a number from 1 to 65535.")
    return args


def _path(text: str) -> Path:
    return Path(named(text))


def _again(args: argparse.Namespace) -> list[str]:
    """Return the command behind each browser: this one without ``--web``."""
    command = [sys.executable, "-m", "runtime.cli.main", "app"]
    for name in ("store", "language", "model"):
        if value := getattr(args, name):
            command += [f"--{name}", str(value)]
    return command


def _check_terminal() -> None:
    """Raise ``BadInputError`` where the app could not be drawn or used."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInputError(
            "The app needs a terminal, and this is a file or a pipe.",
            "Start it in a terminal, or mark with: kindmark grade FILE",
        )
    if os.environ.get("TERM", "") in {"dumb", "unknown"}:
        raise BadInputError(
            f"This terminal (TERM={os.environ['TERM']}) cannot place text on the screen.",
            "Use another terminal, or the browser: kindmark app --web",
        )
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    if encoding != "utf8":
        raise BadInputError(
            f"This terminal writes {sys.stdout.encoding}, and the app needs UTF-8.",
            "Start it with: PYTHONUTF8=1 LC_ALL=C.UTF-8 kindmark app",
        )


def _run(args: argparse.Namespace, served: bool) -> int:
    from runtime.app.background import asking  # noqa: PLC0415

    settings = _settings(args.language)
    with asking(settings.colours == "auto" and not served) as question:
        # The terminal answers while this is imported: a quarter of a second.
        from runtime.app.app import KindmarkApp, Start  # noqa: PLC0415
        from runtime.judge.worker.client import MarkingWorker  # noqa: PLC0415
        from runtime.preferences import preferences  # noqa: PLC0415

        model = args.model or preferences().model
        terminal = question.heard()
    with _opened(args.store, served) as store, MarkingWorker() as worker:
        start = Start(model, parent=os.getppid() if served else 0)
        app = KindmarkApp(store, worker, settings, start, terminal)
        app.run()
    if app.defect:
        raise app.defect
    return app.return_code or ExitCode.DONE


def _settings(language: str | None) -> "AppSettings":
    import msgspec  # noqa: PLC0415

    from runtime.app.settings import read  # noqa: PLC0415

    settings = read()
    return msgspec.structs.replace(settings, language=language) if language else settings


def _opened(folder: Path | None, served: bool) -> "Store":
    from runtime.locations import records_folder  # noqa: PLC0415
    from runtime.records.store import Store  # noqa: PLC0415

    folder = folder or records_folder()
    store = Store.open(folder)
    until = time.monotonic() + _HANDOVER_SECONDS
    while served and store.read_only and time.monotonic() < until:
        store.close()
        time.sleep(0.1)
        store = Store.open(folder)
    return store
