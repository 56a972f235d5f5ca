"""``llama-server``: parallel slots over one unified cache, prompt cache on, requests all at once.

The first answer is asked alone, so that what is shared lies in memory; then as many at a time as
there are slots. Slots copy nothing from each other: each of them reads the shared part once, which
is why more slots help writing and hurt verdicts. Several numbers are measured, and Kindmark is
compared with the best of them for each kind of work.
"""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from benchmarks.peers.job import REPLY, Job, Result, Spent, Usage, peak_memory
from benchmarks.peers.messages import WARM_UP, chat_messages

LONGEST = 700
"""Tokens of the longest prompt and its reply; the context has room for it in every slot."""

START_SECONDS = 120


def measure(job: Job) -> Result:
    """Start a server, ask about the class and return its figures."""
    with _server(job) as (process, url):
        _ask(url, WARM_UP, 1)
        start = Spent.now(process.pid)
        first, *others = job.items
        usage = [_ask(url, chat_messages(first), job.tokens)]
        with ThreadPoolExecutor(job.slots) as pool:
            usage += pool.map(lambda i: _ask(url, chat_messages(i), job.tokens), others)
        spent = Spent.now(process.pid).since(start)
        peak = peak_memory(process.pid)
    return Result(
        spent=spent,
        answers=len(job.items),
        peak=peak,
        read=tuple(one.read for one in usage),
        written=tuple(one.written for one in usage),
    )


@contextmanager
def _server(job: Job) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = _free_port()
    command = [job.server, "--model", job.model, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--threads", str(job.threads), "--threads-batch", str(job.threads)]
    command += ["--parallel", str(job.slots), "--kv-unified", "--cache-prompt"]
    command += ["--ctx-size", str(LONGEST * job.slots + REPLY), "--jinja"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(process, url)
            yield process, url
        finally:
            process.terminate()


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health"):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("llama-server does not start")


def _ask(url: str, messages: list[dict[str, str]], tokens: int) -> Usage:
    body = {"messages": messages, "max_tokens": tokens, "temperature": 0, "cache_prompt": True}
    request = urllib.request.Request(
        f"{url}/v1/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return Usage.of(json.load(answer))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
