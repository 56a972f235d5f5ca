"""The models of the marking process: loaded beside the marking, closed at its end.

    with Models() as models:
        ready = models.load("qwen2.5-1.5b", cascade=True)
        ready.writing.stream(items)
        ready.stack.close()

Maths is marked before there is a model, by the same code without a judge.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack

import msgspec

from runtime import __version__
from runtime.closing import Closing
from runtime.judge.calibration import load_calibration
from runtime.judge.llm.locating import DEFAULT, Located, located
from runtime.judge.llm.opening import Options, open_judge
from runtime.judge.shelf import model_shelf
from runtime.marking.events import Author
from runtime.marking.item import Item
from runtime.marking.judgement import Judge
from runtime.marking.marker import Marker

Prepare = Callable[[Iterable[Item]], None]


class Ready(msgspec.Struct):
    """A loaded model as markers; ``writing`` also writes feedback, if the model can."""

    title: str
    plain: Marker
    writing: Marker
    prepare: Prepare
    stack: ExitStack


class Models(Closing):
    """The marker for maths, and what loads models. ``stopping`` is asked within their steps."""

    stopping: Callable[[], bool] | None = None

    def __init__(self) -> None:
        self.calibration = load_calibration()
        digest = msgspec.json.encode(self.calibration, order="deterministic")
        self.stamp = {
            "kindmark": __version__,
            "calibration": hashlib.sha256(digest).hexdigest(),
        }
        self.maths = self._marker(None)

    def load(self, model: str, *, cascade: bool) -> Ready:
        """Open a model by name or path. Raises ``ModelError`` and ``BadInputError`` as it fails."""
        found = located(model)
        with ExitStack() as stack:
            return self._large(found, cascade, stack) if found else self._embedded(stack)

    def close(self) -> None:
        """End the checker of maths."""
        self.maths.close()

    def _embedded(self, stack: ExitStack) -> Ready:
        from runtime.judge.embedded import load_judge  # noqa: PLC0415 - llama.cpp takes its time

        judge: Judge = stack.enter_context(load_judge())
        plain = stack.enter_context(self._marker(judge))
        title = model_shelf().named(DEFAULT).entry.title
        return Ready(title, plain, plain, _nothing, stack.pop_all())

    def _large(self, found: Located, cascade: bool, stack: ExitStack) -> Ready:
        opened = stack.enter_context(open_judge(found, Options(cascade, feedback=True)))
        opened.model.stopping = self._asked
        plain = stack.enter_context(self._marker(opened.judge))
        writing = stack.enter_context(self._marker(opened.judge, opened.author))
        title = found.entry.title if found.entry else found.path.stem
        return Ready(title, plain, writing, opened.model.prepare, stack.pop_all())

    def _marker(self, judge: Judge | None, author: Author | None = None) -> Marker:
        marker = Marker(judge, self.calibration, author)
        marker.stopping = self._asked
        return marker

    def _asked(self) -> bool:
        return self.stopping is not None and self.stopping()


def _nothing(_items: Iterable[Item]) -> None:
    """Prepare nothing: the embedded default needs no room made."""
