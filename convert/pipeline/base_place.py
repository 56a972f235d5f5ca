"""Where the 16-bit base of a run lies on this machine.

base_folder(stage, given=None, store=model_store())
bare_stage("qwen3-4b", store, given=None)          a base of the catalogue, without any adapter
"""

from pathlib import Path

from convert.merge.base_folder import open_base
from convert.pipeline.run_stage import BARE, Base, Origin, RunStage
from runtime.errors import BadInputError
from runtime.judge.hub import weights_folder
from runtime.judge.prompt import contract_digest
from runtime.judge.shelf import model_shelf


def base_folder(stage: RunStage, given: Path | None, store: Path) -> Path:
    """Return the folder of the 16-bit base: as given, from the run, the store or the hub's cache.

    Raises ``BadInputError`` if it is nowhere on this machine.
    """
    base, tiny = stage.origin.base, stage.origin.tiny
    places = [given] if given else [stage.run / "base"] if tiny else _places(base, store)
    found = next((place for place in places if place and place.is_dir()), None)
    if found:
        return found
    if given:
        raise BadInputError(f"There is no folder {given}.", "Correct --base.")
    if tiny:
        raise BadInputError(
            f"{stage.run} has no folder 'base': it was trained before tiny bases were kept.",
            "Train it again, or name the folder of its base with --base.",
        )
    raise BadInputError(
        f"The base {base.hub} is not on this machine.",
        f"Fetch it: {_pull(base)}; or name its folder with --base.",
    )


def bare_stage(name: str, store: Path, given: Path | None) -> RunStage | None:
    """Return a stage that stands for a base of the catalogue without any adapter.

    None if the catalogue has no base of that name that is fetched. Raises ``BadInputError`` if its
    weights are not here.
    """
    found = [m.entry for m in model_shelf(store).models if m.entry.name == name and m.entry.hub]
    if not found or not found[0].hub:
        return None
    entry, hub = found[0], found[0].hub
    folder = given or weights_folder(entry, store)
    if not folder.is_dir():
        raise BadInputError(
            f"The weights of {name} are not here.",
            f"Fetch them: kindmark models pull {name} --weights; or name their folder with --base.",
        )
    architecture = open_base(folder).architecture
    origin = Origin(Base(hub.weights, architecture, entry.licence), "causal", 0, False, 0)
    return RunStage(
        run=folder,
        name=name,
        origin=origin,
        recipe="",
        kind=BARE,
        prompt="mark_short_answer",
        labels=(),
        contract=contract_digest(),
        max_tokens=2048,
        data=(),
    )


def _places(base: Base, store: Path) -> list[Path | None]:
    shelved = [m.entry for m in model_shelf(store).models if m.entry.hub]
    pulled = [
        weights_folder(one, store) for one in shelved if one.hub and one.hub.weights == base.hub
    ]
    return [Path(base.folder) if base.folder else None, *pulled, _cached(base)]


def _cached(base: Base) -> Path | None:
    """Return where huggingface_hub keeps the base, if training has fetched it."""
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - an extra
        from huggingface_hub.errors import LocalEntryNotFoundError  # noqa: PLC0415

        revision = base.revision or None
        return Path(snapshot_download(base.hub, revision=revision, local_files_only=True))
    except (ImportError, LocalEntryNotFoundError, ValueError):
        return None


def _pull(base: Base) -> str:
    known = [m.entry for m in model_shelf().models if m.entry.hub]
    names = [entry.name for entry in known if entry.hub and entry.hub.weights == base.hub]
    return f"kindmark models pull {names[0]} --weights" if names else f"hf download {base.hub}"
