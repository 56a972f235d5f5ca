"""Fetches a base from the hub, through huggingface_hub (``pip install 'kindmark[hub]'``).

    pull_files(entry, store, say)        the entry's GGUF files, checked and recorded
    pull_weights(entry, store, say)      its 16-bit weights, to train on and convert

A fetch that was stopped goes on where it stopped: what has come lies in a folder of its own in the
store, and is moved when it is whole, sound and, where the catalogue pins a hash, exactly that.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import cast

import msgspec

from runtime.errors import ModelError, reason_of
from runtime.judge import gguf_header
from runtime.judge.catalogue import Entry, Hub, ModelFile, sha256
from runtime.judge.hub_file import SECONDS, Source, fetch_file
from runtime.judge.shelf import put
from runtime.words import _

Say = Callable[[str], None]

WEIGHTS = ("*.safetensors", "*.json", "*.jinja", "tokenizer.model", "vocab.txt", "merges.txt")
"""What a base is trained and converted from; other formats of the same weights stay there."""


class Weights(msgspec.Struct, frozen=True):
    """Where the weights in a folder are from: written last, so it also says they are whole."""

    repository: str
    revision: str


def pull_files(entry: Entry, store: Path, say: Say) -> list[Path]:
    """Put the entry's files into ``store`` and their hashes into the user's catalogue.

    Raises ``ModelError`` if the hub cannot be reached or what comes is not what was asked for.
    """
    hub = _hub(entry)
    if not hub.gguf:
        raise ModelError(
            _("The hub has no GGUF file of {model} that the catalogue could name.").format(
                model=entry.title
            ),
            _(
                "Fetch the weights and convert them: kindmark models pull {name}"
                " --weights, then kindmark convert {name}"
            ).format(name=entry.name),
        )
    part = store / f".pulling-{entry.name}"
    with _explained(entry, hub.gguf, part):
        source = _connect(hub.gguf, hub.gguf_revision)
        for file in entry.file:
            say(f"Fetching {file.name} from {hub.gguf} ...")
            fetch_file(source, file.name, part)
    files = tuple(_checked(file, part) for file in entry.file)
    paths = [store / file.name for file in files]
    for path in paths:
        (part / path.name).replace(path)
    fixed = msgspec.structs.replace(hub, gguf_revision=source.revision)
    put(store, [msgspec.structs.replace(entry, file=files, hub=fixed)])
    shutil.rmtree(part, ignore_errors=True)
    return paths


def pull_weights(entry: Entry, store: Path, say: Say) -> Path:
    """Put the 16-bit weights into a folder of ``store`` and return it.

    Raises ``ModelError`` as ``pull_files`` does.
    """
    hub = _hub(entry)
    part, folder = store / f".pulling-{entry.name}-weights", weights_folder(entry, store)
    with _explained(entry, hub.weights, part):
        source = _connect(hub.weights, hub.revision)
        names = [name for name in source.names if any(fnmatch(name, one) for one in WEIGHTS)]
        # Some repositories hold the same weights again in another form, in a folder.
        for name in (name for name in names if "/" not in name):
            say(f"Fetching {name} from {hub.weights} ...")
            fetch_file(source, name, part)
    about = Weights(hub.weights, source.revision)
    (part / "weights.json").write_bytes(msgspec.json.encode(about))
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)
    return folder


def weights_folder(entry: Entry, store: Path) -> Path:
    """Return where the 16-bit weights of an entry lie or would lie."""
    return store / f"{entry.name}-weights"


def by_hand(entry: Entry) -> str:
    """Return how to bring an entry's file where there is no network."""
    return _(
        "Bring the file from a machine with a network: kindmark models add FILE --name"
        " {name}; or a bundle: kindmark bundle import FILE"
    ).format(name=entry.name)


def _hub(entry: Entry) -> Hub:
    if not entry.hub:
        how = "kindmark convert default" if entry.build else by_hand(entry)
        raise ModelError(
            _("{model} is not fetched from the hub.").format(model=entry.title),
            _("Get it with: {how}").format(how=how),
        )
    return entry.hub


def _connect(repository: str, revision: str) -> Source:
    from huggingface_hub import HfApi  # noqa: PLC0415 - an extra, and slow to import

    # The library reads its own variable once, when it is imported; tests and proxies set it later.
    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None)
    info = api.model_info(repository, revision=revision or None, timeout=SECONDS)
    names = tuple(one.rfilename for one in info.siblings or ())
    return Source(api, repository, str(info.sha), names)


@contextmanager
def _explained(entry: Entry, repository: str, part: Path) -> Iterator[None]:
    """Turn what huggingface_hub raises into a sentence and a way out."""
    try:
        from huggingface_hub import errors  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise ModelError(
            _("Fetching models needs huggingface_hub, which is not installed."),
            _("Install it with: pip install 'kindmark[hub]'. {by_hand}").format(
                by_hand=by_hand(entry)
            ),
        ) from None
    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelError(
            _("{repository} is given only to those who have accepted its licence.").format(
                repository=repository
            ),
            _("Accept it on its page, then log in with: hf auth login"),
        ) from error
    except (errors.RepositoryNotFoundError, errors.RemoteEntryNotFoundError) as error:
        raise ModelError(
            _("The hub has no such file in {repository}.").format(repository=repository),
            by_hand(entry),
        ) from error
    # Its own errors stand on those of the HTTP library it uses, which has changed before; the
    # library in Rust that some files come through raises RuntimeError.
    except (
        cast(type[Exception], errors.HfHubHTTPError.__bases__[0]),
        OSError,
        RuntimeError,
    ) as error:
        raise _failed(error, entry, part) from error


def _failed(error: Exception, entry: Entry, part: Path) -> ModelError:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EACCES}:
        return ModelError(
            _("{folder} cannot be written: {reason}.").format(
                folder=part.parent, reason=reason_of(error)
            ),
            _("Make room, or name another folder in KINDMARK_MODELS; then pull again."),
        )
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return ModelError(
        _("There is no way to the hub from this machine, or it broke off: {why}.").format(
            why=why.rstrip(".")
        ),
        _("With a network again, the same command goes on. {by_hand}").format(
            by_hand=by_hand(entry)
        ),
    )


def _checked(file: ModelFile, folder: Path) -> ModelFile:
    """Return ``file`` with its size and hash. What is not sound is removed: it would stay so."""
    path = folder / file.name
    remedy = _("Pull it again.")
    try:
        gguf_header.read(path, remedy)
        found = sha256(path)
        if file.sha256 and found != file.sha256:
            raise ModelError(
                _(
                    "{file} is not what the catalogue records: its SHA-256 is {found}..., and"
                    " {wanted}... is needed."
                ).format(file=file.name, found=found[:12], wanted=file.sha256[:12]),
                remedy,
            )
    except ModelError:
        path.unlink(missing_ok=True)
        raise
    return ModelFile(name=file.name, bytes=path.stat().st_size, sha256=found)
