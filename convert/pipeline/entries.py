"""What the catalogue says of what a conversion publishes: a base, or an adapter on one, and a head.

entries_of(job, models, earlier, head)
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from convert.pipeline.checking import calibration_of
from convert.pipeline.job import Job
from runtime.judge.adding import memory_mb
from runtime.judge.catalogue import Entry, ModelFile, Trained, sha256
from runtime.judge.shelf import model_shelf


def entries_of(
    job: Job, models: Sequence[Path], earlier: Sequence[ModelFile], head: Path | None
) -> list[Entry]:
    """Return the entries for files that lie in the store.

    ``models`` are the GGUF files of this time, ``earlier`` those of the same model from before.
    """
    trained = _trained(job)
    if not job.wishes.adapter_only:
        found = [_merged(job, models, earlier, trained)]
    else:
        found = [_bare(job, models)]
    if job.with_adapter:
        lora = job.wishes.store / job.lora.name
        found.append(_entry(job, job.name, "adapter", [lora], trained, base=job.model))
    if head:
        found.append(_entry(job, f"{job.name}-head", "head", [head], trained, base=job.name))
    return found


def _merged(
    job: Job, models: Sequence[Path], earlier: Sequence[ModelFile], trained: Trained
) -> Entry:
    entry = _entry(job, job.name, "base", models, trained)
    return _sized(job, msgspec.structs.replace(entry, file=_joined(earlier, entry.file)))


def _bare(job: Job, models: Sequence[Path]) -> Entry:
    """Return the entry of a base without an adapter, which may be there in other sizes, and may
    come with Kindmark.
    """
    entry, store = _entry(job, job.model, "base", models, None), job.wishes.store
    known = [one.entry for one in model_shelf(store).models]
    same = next((one for one in known if one.name == job.model), None)
    if same is None:
        return _sized(job, entry)
    here = [file for file in same.file if file.sha256 and (store / file.name).is_file()]
    return _sized(job, msgspec.structs.replace(same, file=_joined(here, entry.file)))


def _joined(before: Sequence[ModelFile], new: Sequence[ModelFile]) -> tuple[ModelFile, ...]:
    names = {file.name for file in new}
    return (*(file for file in before if file.name not in names), *new)


def _sized(job: Job, entry: Entry) -> Entry:
    least = min(memory_mb(file.bytes) for file in entry.file)
    return msgspec.structs.replace(entry, parameters=job.parameters, memory_mb=least)


def _entry(  # noqa: PLR0913 - the last one is an option
    job: Job,
    name: str,
    kind: str,
    files: Sequence[Path],
    trained: Trained | None,
    *,
    base: str = "",
) -> Entry:
    origin = job.stage.origin
    title = f"{origin.base.hub}{', tiny and random, to try the path' if origin.tiny else ''}"
    if trained:
        title = f"{job.stage.recipe}, stage {job.stage.name}, on {title}"
    rows = [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)} for path in files
    ]
    fields = {
        "name": name,
        "kind": kind,
        "title": title,
        # What is made from a base may be used as the base may.
        "licence": origin.base.licence,
        "source": f"https://huggingface.co/{origin.base.hub}",
        "base": base,
        "file": rows,
    }
    return msgspec.structs.replace(msgspec.convert(fields, Entry), trained=trained)


def _trained(job: Job) -> Trained:
    stage, calibration = job.stage, calibration_of(job)
    return Trained(
        purpose=stage.origin.purpose,
        recipe=stage.recipe,
        stage=stage.name,
        prompt=stage.prompt,
        contract=stage.contract,
        labels=stage.labels,
        temperature=calibration.temperature,
        cuts=calibration.cuts,
    )
