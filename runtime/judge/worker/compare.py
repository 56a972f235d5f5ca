"""How alike texts are in meaning: cosines of the embedded default's sentence vectors.

    comparing = Comparing(say)
    threading.Thread(target=comparing.run, daemon=True).start()
    comparing.add(Compare(1, ("a dog", "a hound")))

With an encoder of its own, so that nothing waits for a class that is being marked.
"""

import queue
from collections.abc import Callable
from functools import partial

import numpy as np

from runtime.judge.embedded import MODEL_FILE
from runtime.judge.encoder import Encoder
from runtime.judge.worker.messages import Compare, Compared, Reply
from runtime.judge.worker.work import failure
from runtime.locations import model_store


class Comparing:
    """The queue of one thread that compares."""

    def __init__(self, say: Callable[[Reply], None]) -> None:
        self._say = say
        self._waiting: queue.SimpleQueue[Compare] = queue.SimpleQueue()
        self._encoder: Encoder | None = None

    def add(self, request: Compare) -> None:
        """Take a request into the queue."""
        self._waiting.put(request)

    def run(self) -> None:
        """Compare for ever: what the thread does until its process ends."""
        while True:
            request = self._waiting.get()
            failed = failure(partial(self._compare, request), request.number)
            if failed:
                self._say(failed)

    def _compare(self, request: Compare) -> None:
        if self._encoder is None:
            self._encoder = Encoder.open(model_store() / MODEL_FILE)
        found = self._encoder.encode(request.texts)
        vectors = np.array([one.mean() for one in found], np.float32).reshape(len(found), -1)
        self._say(Compared(request.number, (vectors @ vectors.T).tobytes()))
