"""Opens a language model as a judge, with all that belongs to it, and closes it again.

    with open_judge(located("qwen2.5-1.5b"), Options(memory=2_000_000_000)) as opened:
        marker = Marker(opened.judge, calibration, opened.author)

Before the model stands a cascade, unless it is switched off.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Entry, sha256
from runtime.judge.decoding.prefix_store import PrefixStore
from runtime.judge.llm.cascade import Cascade
from runtime.judge.llm.feedback import FEEDBACK_TOKENS, LlmAuthor
from runtime.judge.llm.fits import Fit, fits_of
from runtime.judge.llm.judge import LlmJudge
from runtime.judge.llm.locating import Located, file_of
from runtime.judge.llm.memory import Means
from runtime.judge.llm.subjects import Brought, Subjects
from runtime.judge.measure.tuned import tuned
from runtime.judge.shelf import Shelved, model_shelf
from runtime.locations import model_store, prefix_cache
from runtime.marking.events import Author
from runtime.marking.judgement import Judge, ReadingJudge
from runtime.words import _


class Options(NamedTuple):
    """How a model is used: behind a ``cascade``, for ``feedback`` too, within ``memory`` bytes.

    Without ``memory`` it may use what is free. ``stored``: what the model read of questions and
    rubrics is kept on disk for the next class. ``fitted``: probabilities are read as was fitted to
    labels, here or in training, and not as the model gives them.
    """

    cascade: bool = True
    feedback: bool = False
    memory: int | None = None
    stored: bool = True
    fitted: bool = True


class Opened(NamedTuple):
    """An open model: what judges with it, the model alone, and what writes with it, if asked.

    ``notes`` are what whoever chose the model should know.
    """

    judge: ReadingJudge
    model: LlmJudge
    author: Author | None = None
    notes: tuple[str, ...] = ()


@contextmanager
def open_judge(found: Located, options: Options) -> Iterator[Opened]:
    """Load a model. Raises ``ModelError`` if it, an adapter or a head cannot be used."""
    means = Means(
        memory=options.memory,
        store=PrefixStore(prefix_cache()) if options.stored else None,
        reply=FEEDBACK_TOKENS if options.feedback else 0,
        tuned=tuned(),
    )
    brought = _brought(found)
    base = model_digest(found)
    fits = fits_of(model_store(), base) if options.fitted else None
    digests = {"model": base, **_digests(found, brought, fits)}
    with ExitStack() as stack:
        name = found.entry.name if found.entry else ""
        subjects = stack.enter_context(Subjects.open(found.path, brought, base=name, fits=fits))
        model = stack.enter_context(LlmJudge(subjects, means, digests))
        judge: ReadingJudge = model
        if options.cascade:
            judge = stack.enter_context(Cascade(model, _encoder(stack)))
        author = LlmAuthor(subjects, model.memory, model.room) if options.feedback else None
        yield Opened(judge, model, author, unused(found))


def unused(found: Located) -> tuple[str, ...]:
    """Return a sentence on every adapter on the base of which nothing says what it answers."""
    return tuple(
        f"The adapter {name!r} is not used: nothing says what it was trained to answer. Convert its"
        " run again (kindmark convert RUN)."
        for name in _aimless(found)
    )


def _aimless(found: Located) -> list[str]:
    return [one.entry.name for one in found.adapters if not one.entry.trained]


def _brought(found: Located) -> list[Brought]:
    """Return the adapters with their heads, and what the base itself was trained for."""
    base = found.entry
    if found.name in _aimless(found):
        raise BadInputError(
            _("Nothing says what the adapter {adapter!r} was trained to answer.").format(
                adapter=found.name
            ),
            _("Convert its run again (kindmark convert RUN), or use its base {base!r}.").format(
                base=found.adapters[0].entry.base
            ),
        )
    brought = [_adapter(one) for one in found.adapters if one.entry.trained]
    if base and base.trained:
        brought.append(Brought(base.name, None, base.trained, _head(base)))
    return brought


def _adapter(one: Shelved) -> Brought:
    entry = one.entry
    return Brought(entry.name, file_of(one), entry.trained, _head(entry), entry.base)


def _head(entry: Entry) -> Path | None:
    """Return the head of a classifier; what was trained to reply has no use for one."""
    if not entry.trained or entry.trained.purpose != "classify":
        return None
    heads = [one for one in model_shelf().standing_on(entry.name) if one.entry.kind == "head"]
    return file_of(heads[0]) if heads else None


def _digests(
    found: Located, brought: Sequence[Brought], fits: Sequence[Fit] | None
) -> dict[str, str]:
    """Return SHA-256 digests of all adapters and heads together and of all fits, if there are any,
    and the names of adapters that are not used."""
    files = [path for one in brought for path in (one.path, one.head) if path]
    digests = {}
    if files:
        digests["adapters"] = hashlib.sha256("".join(map(sha256, files)).encode()).hexdigest()
    if aimless := _aimless(found):
        digests["unused"] = ", ".join(aimless)
    if fits:
        digests["fitted"] = hashlib.sha256(msgspec.json.encode(fits)).hexdigest()
    return digests


def model_digest(found: Located) -> str:
    """Return the SHA-256 of the base, as the catalogue has it or else of every byte."""
    known = found.entry.file if found.entry else ()
    pinned = next((one.sha256 for one in known if one.name == found.path.name), "")
    return pinned or sha256(found.path)


def _encoder(stack: ExitStack) -> Judge | None:
    """Return the embedded default; a machine without it does without that stage."""
    from runtime.judge.embedded import load_judge  # noqa: PLC0415

    try:
        return stack.enter_context(load_judge())
    except ModelError:
        return None
