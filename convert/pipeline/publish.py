"""Publishes what has passed: files into the model store, then the entry into the user's catalogue.

publish(job, [job.file("f16"), job.file("Q8_0")])

A file that failed its check stays in the working folder, and leaves the store if an earlier check
had let it in. The catalogue is written last: until then, nothing new counts.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from convert.pipeline import making
from convert.pipeline.card import card
from convert.pipeline.checking import Check, calibration_of, read_check, require_equal
from convert.pipeline.entries import entries_of
from convert.pipeline.job import Job
from convert.pipeline.ledger import Ledger
from convert.pipeline.wishes import KINDS
from convert.whole import whole_file
from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge.catalogue import ModelFile
from runtime.judge.shelf import drop, model_shelf, own_entries, put
from runtime.judge.side_head import save_side_head

_RECORD = "published.json"


class Published(msgspec.Struct, frozen=True):
    """What a job has published: the SHA-256 of the unquantized model (``plain``) and of each file,
    and the names of its entries.
    """

    plain: str
    files: dict[str, str]
    entries: tuple[str, ...]


def publish(job: Job, files: Sequence[Path]) -> None:
    """Put every wished file that passed, adapter, head and card into the store.

    Raises ``ModelError`` if the conversion itself is not equal to its model, or, after publishing
    the others, if a file has failed.
    """
    checks = [read_check(path) for path in files]
    for check in checks:
        require_equal(check, job)
    wished = {job.file(KINDS.get(quant, quant)).name for quant in job.wishes.quants}
    passed = [check for check in checks if check.passed and check.file in wished]
    failed = [check for check in checks if not check.passed]
    if passed:
        _publish(job, passed, checks)
    if failed:
        _withdraw(job, [check.file for check in failed])
        said = " ".join(f"{check.file}: {check.why}" for check in failed)
        raise ModelError(
            f"Not published, since it did not pass. {said}",
            "Try more bits (--quant Q6_K,Q8_0), the embeddings in more (--keep token_embd=F16), or "
            "--importance FILE.",
        )


def is_published(job: Job) -> bool:
    """Tell whether all that a job has published is still in the store and the catalogue."""
    record = _record(job)
    if record is None:
        return False
    ledger, names = Ledger(job.work), {one.name for one in own_entries(job.wishes.store)}
    whole = all(ledger.hash(job.wishes.store / name) == sha for name, sha in record.files.items())
    return whole and names >= set(record.entries)


def _publish(job: Job, passed: Sequence[Check], checks: Sequence[Check]) -> None:
    store, ledger = job.wishes.store, Ledger(job.work)
    store.mkdir(parents=True, exist_ok=True)
    models = [job.work / check.file for check in passed]
    for path in (*models, *([job.lora] if job.with_adapter else [])):
        _place(path, store / path.name)
    earlier = _earlier(job, ledger.hash(job.plain))
    entries = entries_of(job, [store / path.name for path in models], earlier, _place_head(job))
    if not job.stage.bare:
        with whole_file(store / f"{job.name}.md") as part:
            part.write_text(card(job, entries, checks), "utf-8")
    put(store, entries)
    files = {file.name: file.sha256 for entry in entries for file in entry.file}
    names = tuple(entry.name for entry in entries)
    record = Published(ledger.hash(job.plain), files, names)
    with whole_file(job.work / _RECORD) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
    for entry in entries:
        job.say(f"Published {entry.name} ({entry.kind}): {store / entry.file[0].name}")


def _earlier(job: Job, plain: str) -> list[ModelFile]:
    """Return the files of the same model that were published before, in other sizes."""
    record = _record(job)
    if record is None or record.plain != plain:
        return []
    entry = next((one for one in own_entries(job.wishes.store) if one.name == job.model), None)
    return [file for file in (entry.file if entry else ()) if file.name in record.files]


def _withdraw(job: Job, names: Sequence[str]) -> None:
    store, ledger = job.wishes.store, Ledger(job.work)
    entry = next((one for one in own_entries(store) if one.name == job.model), None)
    files = entry.file if entry else ()
    hashes = {name: ledger.hash(job.work / name) for name in names}
    gone = [file for file in files if hashes.get(file.name) == file.sha256]
    if entry is None or not gone:
        return
    left = tuple(file for file in files if file not in gone)
    if left:
        put(store, [msgspec.structs.replace(entry, file=left)])
    else:
        below = [one.entry.name for one in model_shelf(store).standing_on(entry.name)]
        drop(store, {entry.name, *below})
    for file in gone:
        (store / file.name).unlink(missing_ok=True)
        job.say(f"Withdrawn: {file.name} was published before and does not pass now.")


def _place(path: Path, target: Path) -> None:
    """Put a file into the store; on one disk it takes no second room."""
    with whole_file(target) as part:
        try:
            os.link(path, part)
        except OSError:
            shutil.copyfile(path, part)
        gguf_header.read(part)


def _place_head(job: Job) -> Path | None:
    target = job.wishes.store / f"{job.name}.head.json"
    if job.head_kind == "beside":
        save_side_head(making.side_head(job, calibration_of(job)), target)
        return target
    if job.head_kind == "features":
        with whole_file(target) as part:
            shutil.copyfile(job.stage.folder / "right-wrong.json", part)
        return target
    return None


def _record(job: Job) -> Published | None:
    try:
        return msgspec.json.decode((job.work / _RECORD).read_bytes(), type=Published)
    except (OSError, msgspec.DecodeError):
        return None
