"""Makes the files of a conversion, one function a step. ``pipeline`` says when each is due."""

from pathlib import Path

from convert.disk import check_room
from convert.gguf.llama_cpp_source import llama_cpp_source
from convert.gguf.lora import lora_to_gguf
from convert.gguf.to_gguf import GgufHead, to_gguf
from convert.merge.head import HeadWeights, split_head
from convert.merge.merging import merge_folder
from convert.pipeline.job import Job
from convert.pipeline.stage_prompts import encoder_of, example_items, prompt_ids, read_items
from convert.pipeline.wishes import KINDS
from convert.quantize.quantize import quantize
from convert.verify.calibration import PLAIN, Calibration
from runtime.errors import ModelError
from runtime.judge.side_head import Pooler, SideHead, numbers, rows, save_side_head

_SHARES = {"F32": 4.0, "F16": 2.0, "BF16": 2.0, "Q8_0": 1.1, "Q6_K": 0.85, "Q5_K_M": 0.75}
"""Bytes a weight, rounded up; the 4-bit types take about 0.65."""
_IMPORTANCE_PROMPTS = 64
"""More hardly change which columns are large, and each is read in float32."""


def check_disk(job: Job) -> None:
    """Raise ``NoRoomError`` unless everything fits that this job writes, in work and store."""
    kinds = {job.plain_kind.upper(), *job.wishes.quants, *(["F32"] if job.exact else [])}
    files = sum(_SHARES.get(kind, 0.65) for kind in kinds) * job.parameters
    merged = _SHARES[job.plain_kind.upper()] * job.parameters
    check_room(job.work, round(files + merged))
    published = sum(_SHARES.get(kind, 0.65) for kind in job.wishes.quants) * job.parameters
    check_room(job.wishes.store, round(published))


def make_merged(job: Job) -> None:
    """Merge the adapter into the 16-bit base, and take its head out."""
    check_disk(job)
    merge_folder(job.base.folder, job.stage.adapter, job.merged, job.say)
    make_head(job)


def make_adapter(job: Job) -> None:
    """Write the adapter as GGUF."""
    source = llama_cpp_source(job.say, job.wishes.sdist)
    lora_to_gguf(job.stage.adapter, job.base.folder, job.lora, source, job.say)


def make_head(job: Job) -> None:
    """Write the side head, if the head goes beside the model."""
    if job.head_kind == "beside":
        save_side_head(side_head(job), job.head)


def make_gguf(job: Job, kind: str) -> None:
    """Convert to GGUF with llama.cpp's own converter."""
    source = llama_cpp_source(job.say, job.wishes.sdist)
    head = GgufHead(job.stage.labels, head_weights(job)) if job.head_kind == "inside" else None
    to_gguf(
        job.source, job.file(kind), KINDS[kind.upper()], source, head=head, name=job.model,
        say=job.say,
    )  # fmt: skip


def make_importance(job: Job) -> None:
    """Measure how large each column's input is on the given class set."""
    from convert.quantize.importance import measure_importance  # noqa: PLC0415 - needs torch

    job.say("Measuring which columns matter ...")
    measure_importance(job.source, importance_prompts(job), importance_file(job))


def make_quant(job: Job, quant: str) -> None:
    """Quantize the plain file."""
    job.say(f"Quantizing to {quant} ...")
    importance = importance_file(job) if job.wishes.importance else None
    quantize(job.plain, job.file(quant), quant, keep=job.wishes.keep, importance=importance)


def importance_file(job: Job) -> Path:
    """Return where the importance of the columns is kept."""
    return job.work / "importance.npz"


def importance_prompts(job: Job) -> list[list[int]]:
    """Return the prompts of the class set that importance is measured on."""
    given = job.wishes.importance
    items = [one.item for one in read_items(given)] if given else example_items()
    encoder = encoder_of(job.stage.adapter)
    found = prompt_ids(job.stage.prompt, items[:_IMPORTANCE_PROMPTS], encoder)
    return [ids[: job.stage.max_tokens] for ids in found]


def head_weights(job: Job) -> HeadWeights:
    """Return the adapter's head. Raises ``ModelError`` if it has none though it should."""
    found = split_head(job.stage.adapter)
    if found is None or len(found.weight) != len(job.stage.labels):
        have = 0 if found is None else len(found.weight)
        raise ModelError(
            f"The head in {job.stage.adapter} has {have} outputs, and the stage has "
            f"{len(job.stage.labels)} labels.",
            "Train the stage again.",
        )
    return found


def side_head(job: Job, calibration: Calibration = PLAIN) -> SideHead:
    """Return the adapter's head as it is read at run time."""
    weights = head_weights(job)
    zeros = [0.0] * len(weights.weight)
    pooler = weights.pooler and Pooler(
        weights=rows(weights.pooler[0]), bias=numbers(weights.pooler[1])
    )
    return SideHead(
        name=f"{job.name}-head",
        base=job.name,
        labels=job.stage.labels,
        weights=rows(weights.weight),
        bias=numbers(zeros if weights.bias is None else weights.bias),
        temperature=calibration.temperature,
        cuts=calibration.cuts,
        # BERT's classifier reads the first token, all others the last.
        pooling="first" if job.base.architecture == "bert" else "last",
        pooler=pooler,
    )
