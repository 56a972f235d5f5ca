"""Turns a stage of a run into GGUF files that are proven equal, and publishes them.

    convert_stage(open_job(stage, base, wishes, print))

merge -> gguf -> quantize -> verify -> publish; with run-time adapters, the adapter is converted by
itself and the base it is put on as it is. Everything lies in RUN/convert/STAGE until it is
published; what is there already, made from the same, is not made again.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from convert.gguf.llama_cpp_source import VERSION
from convert.merge.adapters import SETTINGS, WEIGHTS
from convert.pipeline import making
from convert.pipeline.checking import Checker, is_unquantized, reference_path, report_of
from convert.pipeline.job import Job
from convert.pipeline.ledger import Ledger, Step, run_steps
from convert.pipeline.publish import is_published, publish
from convert.pipeline.run_stage import slug
from convert.pipeline.wishes import KINDS

_BASE_FILES = ("*.safetensors", "*.json", "*.model", "*.txt", "*.jinja")


def convert_stage(job: Job) -> None:
    """Make, check and publish what the wishes ask for.

    Raises ``ModelError`` if a file is not equal to the model it was made from: such a file is not
    published, while others that are may be.
    """
    ledger = Ledger(job.work)
    plan = list(steps(job))
    if not is_published(job):
        ledger.forget(plan[-1])
    run_steps(plan, ledger, job.say, only=job.wishes.steps, force=job.wishes.force)


def steps(job: Job) -> Iterator[Step]:
    """Yield every step of a job in order; each names those it stands on."""
    after: tuple[str, ...] = ()
    if not job.stage.bare:
        yield _merge(job)
        after = ("merge",)
    if job.with_adapter:
        yield _adapter(job)
        after = ("merge", "adapter")
    yield from (_gguf(job, kind) for kind in _plain_kinds(job))
    checker, files = Checker(job), _checked(job)
    plain = [path for path in files if is_unquantized(path)]
    if job.wishes.items:
        yield _reference(job, checker, after)
    # A conversion that is wrong shows before time is spent on its quantizations.
    yield from (_verify(job, checker, path, after) for path in plain)
    if job.wishes.importance:
        yield _importance(job)
    yield from (_quant(job, quant) for quant in job.wishes.quants if quant not in KINDS)
    yield from (_verify(job, checker, path, after) for path in files if path not in plain)
    yield _publish(job, files)


def _merge(job: Job) -> Step:
    outputs = (job.merged, *([job.head] if job.head_kind == "beside" else []))
    settings = {"labels": job.stage.labels, "head": job.head_kind, "name": job.name}
    inputs = {**_base_files(job), **_adapter_files(job)}
    return _step("merge", inputs, settings, (), outputs, functools.partial(making.make_merged, job))


def _adapter(job: Job) -> Step:
    inputs = {**_base_files(job), **_adapter_files(job)}
    make = functools.partial(making.make_adapter, job)
    return _step("adapter", inputs, {"llama.cpp": VERSION}, (), (job.lora,), make)


def _gguf(job: Job, kind: str) -> Step:
    inputs, after = (_base_files(job), ()) if job.wishes.adapter_only else ({}, ("merge",))
    settings = {"llama.cpp": VERSION, "head": job.head_kind, "labels": job.stage.labels}
    make = functools.partial(making.make_gguf, job, kind)
    return _step(f"gguf-{kind}", inputs, settings, after, (job.file(kind),), make)


def _importance(job: Job) -> Step:
    given = job.wishes.importance
    inputs = {"items": given} if given else {}
    settings = {"prompt": job.stage.prompt, "most": job.stage.max_tokens}
    after = () if job.wishes.adapter_only else ("merge",)
    output = making.importance_file(job)
    if job.wishes.adapter_only:
        inputs |= _base_files(job)
    make = functools.partial(making.make_importance, job)
    return _step("importance", inputs, settings, after, (output,), make)


def _quant(job: Job, quant: str) -> Step:
    after = (f"gguf-{job.plain_kind}", *(["importance"] if job.wishes.importance else []))
    settings = {"keep": dict(job.wishes.keep), "llama.cpp": VERSION}
    make = functools.partial(making.make_quant, job, quant)
    return _step(f"quantize-{slug(quant)}", {}, settings, after, (job.file(quant),), make)


def _reference(job: Job, checker: Checker, after: tuple[str, ...]) -> Step:
    inputs = {"items": job.wishes.items} if job.wishes.items else {}
    output = (reference_path(job),)
    made = (*after, f"gguf-{job.plain_kind}")
    return _step(
        "verify-reference",
        inputs,
        {"prompt": job.stage.prompt},
        made,
        output,
        checker.score_reference,
    )


def _verify(job: Job, checker: Checker, path: Path, after: tuple[str, ...]) -> Step:
    kind = path.stem.rpartition("-")[2]
    reference = ("verify-reference",) if job.wishes.items else ()
    make = functools.partial(checker.check, path)
    output = (report_of(path),)
    settings = {"prompt": job.stage.prompt, "kind": job.stage.kind, "contract": job.stage.contract}
    return _step(
        f"verify-{slug(kind)}", {}, settings, (*after, _maker(path), *reference), output, make
    )


def _publish(job: Job, files: list[Path]) -> Step:
    checks = [f"verify-{slug(path.stem.rpartition('-')[2])}" for path in files]
    # What is published must lie here, not only its report.
    wished = [_maker(job.file(KINDS.get(quant, quant))) for quant in job.wishes.quants]
    after = (*checks, *wished, *(["adapter"] if job.with_adapter else []))
    make = functools.partial(publish, job, files)
    settings = {"store": str(job.wishes.store.resolve()), "name": job.name}
    return _step("publish", {}, settings, after, (job.work / "published.json",), make)


def _maker(path: Path) -> str:
    """Return the name of the step that makes a GGUF file."""
    kind = path.stem.rpartition("-")[2]
    return f"gguf-{kind}" if is_unquantized(path) else f"quantize-{slug(kind)}"


def _plain_kinds(job: Job) -> list[str]:
    """Return the types the converter writes: the base's own, 32 bits to check in, and as wished."""
    exact = ["f32"] if job.exact else []
    wished = [KINDS[quant] for quant in job.wishes.quants if quant in KINDS]
    return list(dict.fromkeys([job.plain_kind, *exact, *wished]))


def _checked(job: Job) -> list[Path]:
    """Return every GGUF file that is compared, the most exact first."""
    kinds = sorted(_plain_kinds(job), key=lambda kind: kind != "f32")
    quants = [quant for quant in job.wishes.quants if quant not in KINDS]
    return [job.file(kind) for kind in (*kinds, *quants)]


def _base_files(job: Job) -> dict[str, Path]:
    folder = job.base.folder
    found = sorted(path for pattern in _BASE_FILES for path in folder.glob(pattern))
    return {f"base/{path.name}": path for path in found}


def _adapter_files(job: Job) -> dict[str, Path]:
    folder = job.stage.adapter
    names = (WEIGHTS, SETTINGS, "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
    return {f"adapter/{name}": folder / name for name in names}


def _step(  # noqa: PLR0913, PLR0917 - the fields of a step
    name: str,
    inputs: Mapping[str, Path],
    settings: Mapping[str, object],
    after: tuple[str, ...],
    outputs: tuple[Path, ...],
    make: Callable[[], None],
) -> Step:
    return Step(name, name.partition("-")[0], inputs, settings, after, outputs, make)
