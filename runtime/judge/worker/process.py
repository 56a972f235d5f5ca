"""The side that marks: ``python -m runtime.judge.worker.process``, started by ``client``.

One thread reads requests and says how answers are read, one marks, one loads models, and one
compares texts, so that none waits for another. It ends when the app does: its standard input is
closed then, however the app ended. Nothing reaches a network: the process is sealed. It speaks the
language of the last request.
"""

import os
import signal
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

import platformdirs

from runtime import words
from runtime.judge.worker import messages
from runtime.judge.worker.messages import Compare, Look, MarkItems, Open, Reply, Request, Stop
from runtime.marking.item import Item
from runtime.offline import seal

if TYPE_CHECKING:
    from runtime.judge.worker.compare import Comparing
    from runtime.judge.worker.work import Work

_POLITE = 5
"""Niceness: screens and keys of the same machine go first."""
_GRACE_SECONDS = 1.0

Say = Callable[[Reply], None]


def main() -> None:
    """Answer requests until there are no more."""
    requests, replies = _own_pipes()
    _settle_in()
    seal()
    lock = threading.Lock()

    def say(reply: Reply) -> None:
        with lock:
            try:
                messages.write(replies, reply)
            except OSError:
                # Nobody listens any more.
                os._exit(0)

    _serve(requests, say)
    # llama.cpp may be in the middle of a step; nothing is held that could be lost.
    os._exit(0)


def _serve(requests: IO[bytes], say: Say) -> None:
    from runtime.judge.worker.compare import Comparing  # noqa: PLC0415 - after the seal
    from runtime.judge.worker.marker import Models  # noqa: PLC0415
    from runtime.judge.worker.work import Work  # noqa: PLC0415

    models = Models()
    work, comparing = Work(models, say), Comparing(say)
    targets = {"marking": work.mark, "loading": work.load, "comparing": comparing.run}
    threads = [threading.Thread(target=run, name=n, daemon=True) for n, run in targets.items()]
    for thread in threads:
        thread.start()
    try:
        while (request := messages.read_request(requests)) is not None:
            _answer(request, work, comparing, say)
    finally:
        work.end()
        threads[0].join(_GRACE_SECONDS)
        models.close()


def _answer(request: Request, work: "Work", comparing: "Comparing", say: Say) -> None:
    words.use(request.language)
    match request:
        case Open():
            work.open(request)
        case MarkItems():
            work.add(request)
        case Stop():
            work.stop(request.number)
        case Look():
            _look(request, say)
        case Compare():
            comparing.add(request)


def _look(request: Look, say: Say) -> None:
    from runtime.judge.worker.work import failure  # noqa: PLC0415

    failed = failure(
        lambda: say(messages.Looked(request.number, reading_of(request.item))), request.number
    )
    if failed:
        say(failed)


def reading_of(item: Item) -> str:
    """Return how a maths answer would be read, in words; "" if no value is found in it.

    It works nothing out: "2 + 3" is not read as 5, nor 6/8 as 3/4, which may be just what is asked.
    """
    from runtime.marking.maths.answers import read_answer, read_reference  # noqa: PLC0415
    from runtime.marking.maths.describe import describe  # noqa: PLC0415

    found = read_answer(item, read_reference(item.reference))
    if not found or not found.values:
        return ""
    said, written = describe(found.values[0]), " ".join(found.text.split())
    return said if _figures(written) in {"", _figures(said)} else written


def _figures(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(filter(str.isdecimal, plain)).lstrip("0")


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes to the app; what a library reads or prints meets nothing."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b", 0) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    return requests, replies


def _settle_in() -> None:
    """Give screens the precedence, and write defects where they can be found."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    try:
        folder = platformdirs.user_log_path("kindmark", appauthor=False, ensure_exists=True)
        log = (folder / "marking.log").open("wb", 0)
    except OSError:
        return
    os.dup2(log.fileno(), 2)


if __name__ == "__main__":
    main()
