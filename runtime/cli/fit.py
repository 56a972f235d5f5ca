"""Which models fit this machine and how long a class takes with each: ``--fit`` of two commands.

fit = foreseen_here(say=console.say)
show(fit)
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from runtime.cli.bench_models import ModelFile, catalogue_files
from runtime.errors import BadInputError, KindmarkError
from runtime.machine import this_machine

if TYPE_CHECKING:
    from runtime.judge.measure.classroom import ClassSize
    from runtime.judge.measure.fit import Pace
    from runtime.judge.measure.shape import Shape
    from runtime.judge.measure.tuned import Tuned

Say = Callable[[str], None]


class FitRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is foreseen for one file; None is unknown. Seconds are those of a class.

    ``memory_mb`` must be free; ``peak_mb`` counts pages of the file that were copied, too.
    ``basis`` says where the model's shape is from: its "file", what was "published", or "" if
    nothing is known; "measured" for an encoder, which is quickly done.
    """

    name: str
    file: str
    basis: str = ""
    parameters: int | None = None
    memory_mb: int | None = None
    peak_mb: int | None = None
    fits: bool | None = None
    verdicts: float | None = None
    with_feedback: float | None = None
    read: float | None = None
    write: float | None = None
    problem: str = ""


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """This machine, measured, and the models on it. ``answers`` and so on are of the class."""

    threads: int
    step: int
    gflops: float
    gigabytes_a_second: float
    free_memory_mb: int
    shared: int
    answers: int
    answer: int
    feedback: int
    models: list[FitRow]


def foreseen_here(
    say: Say, extra: Iterable[ModelFile] = (), size: "ClassSize | None" = None
) -> Fit:
    """Measure the machine, keep what it computes fastest with, and foresee every model.

    ``extra`` are files beside those of the catalogues, ``size`` is a class of another size than
    usual. It takes a minute on two cores. Raises ``BadInputError`` if there is no room for probes.
    """
    from runtime.judge.measure.classroom import ClassSize  # noqa: PLC0415
    from runtime.judge.measure.fit import kind_of  # noqa: PLC0415

    known = [_Known.of(name, path, there) for name, path, there in _files(extra)]
    try:
        with tempfile.TemporaryDirectory(prefix="kindmark-fit-") as folder:
            chosen, paces = _paces(Path(folder), known, say)
    except OSError as error:
        raise BadInputError(
            f"What measures this machine cannot be written: {error.strerror}.",
            "Name a folder with 1 GB of room in the environment variable TMPDIR.",
        ) from None
    size = size or ClassSize()
    machine = _Machine(chosen, this_machine().free_memory_mb, size)
    rows = [
        _row(one, paces[kind_of(one.shape)], machine) if one.shape else _without_shape(one)
        for one in known
    ]
    first = paces["Q4_K_M"]
    return Fit(
        threads=chosen.threads or 0,
        step=chosen.step,
        gflops=first.flops / 1e9,
        gigabytes_a_second=first.bandwidth / 1e9,
        free_memory_mb=machine.free_mb,
        models=rows,
        **size._asdict(),
    )


class _Machine(NamedTuple):
    """How it computes, its free memory in megabytes (0: unknown), and for what class."""

    chosen: "Tuned"
    free_mb: int
    size: "ClassSize"


class _Known(msgspec.Struct, frozen=True):
    """A file, and the shape that is known of it."""

    name: str
    path: Path
    basis: str = ""
    shape: "Shape | None" = None
    encodes: bool = False
    problem: str = ""

    @classmethod
    def of(cls, name: str, path: Path, there: bool) -> "_Known":
        from runtime.judge import gguf_header  # noqa: PLC0415
        from runtime.judge.measure.published import published  # noqa: PLC0415
        from runtime.judge.measure.shape import read_shape  # noqa: PLC0415

        if not there:
            shape = published(name, path.name)
            return cls(name, path, "published" if shape else "", shape)
        try:
            if gguf_header.read(path).architecture == "bert":
                return cls(name, path, "measured", encodes=True)
            return cls(name, path, "file", read_shape(path))
        except KindmarkError as error:
            return cls(name, path, problem=error.message)


def _files(extra: Iterable[ModelFile]) -> Iterator[tuple[str, Path, bool]]:
    listed = list(catalogue_files())
    yield from listed
    paths = {path for _, path, _ in listed}
    yield from ((one.name, one.path, True) for one in extra if one.path not in paths)


def _paces(folder: Path, known: list[_Known], say: Say) -> "tuple[Tuned, dict[str, Pace]]":
    """Return how this machine computes fastest, and what each kind of probe takes then."""
    from runtime.judge.engine import Model  # noqa: PLC0415
    from runtime.judge.measure.fit import kind_of, measure_pace  # noqa: PLC0415
    from runtime.judge.measure.probe import write_probe  # noqa: PLC0415
    from runtime.judge.measure.tuning import tune  # noqa: PLC0415

    with Model(write_probe(folder, "Q4_K_M")) as model:
        chosen = tune(model, say)
    _keep(chosen, say)
    kinds = {"Q4_K_M", *(kind_of(one.shape) for one in known if one.shape)}
    paces = {}
    for kind in sorted(kinds):
        say(f"measuring with weights in {kind}")
        paces[kind] = measure_pace(write_probe(folder, kind), chosen)
    return chosen, paces


def _keep(chosen: "Tuned", say: Say) -> None:
    from runtime.judge.measure.tuned import keep  # noqa: PLC0415

    try:
        path = keep(chosen)
    except OSError as error:
        say(f"It cannot be kept: {error.strerror}. Kindmark goes on with its defaults.")
        return
    say(f"{chosen.threads} threads, steps of {chosen.step} tokens: kept in {path}")


def _row(known: _Known, pace: "Pace", machine: _Machine) -> FitRow:
    from runtime.judge.measure.fit import foresee  # noqa: PLC0415

    assert known.shape
    found = foresee(known.shape, pace, machine.size, machine.chosen.step)
    megabytes = found.memory // 1_000_000
    return FitRow(
        name=known.name,
        file=known.path.name,
        basis=known.basis,
        parameters=known.shape.parameters,
        memory_mb=megabytes,
        peak_mb=found.peak // 1_000_000,
        fits=megabytes <= machine.free_mb if machine.free_mb else None,
        verdicts=found.verdicts,
        with_feedback=found.with_feedback,
        read=found.read,
        write=found.write,
    )


def _without_shape(known: _Known) -> FitRow:
    row = FitRow(name=known.name, file=known.path.name, basis=known.basis, problem=known.problem)
    return _measured(known, row) if known.encodes else row


def _measured(known: _Known, row: FitRow) -> FitRow:
    """Measure an encoder: it takes a second or two."""
    from runtime.judge.measure.decoders import Effort  # noqa: PLC0415
    from runtime.judge.measure.running import Measured, every, measured  # noqa: PLC0415
    from runtime.judge.measure.tuned import tuned  # noqa: PLC0415

    [run] = every([(known.name, known.path, "")], [tuned()])
    try:
        found = Measured(run, list(measured(run, Effort())))
    except KindmarkError as error:
        return msgspec.structs.replace(row, problem=error.message)
    peak = found.median("peak")
    return msgspec.structs.replace(
        row,
        memory_mb=int(peak) if peak else None,
        peak_mb=int(peak) if peak else None,
        fits=True,
        verdicts=found.median("class"),
    )
