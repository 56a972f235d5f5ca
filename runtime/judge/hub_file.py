"""Fetches one file of a repository on the hub; a fetch that was stopped goes on where it stopped.

fetch_file(source, "model.safetensors", folder)

huggingface_hub does the talking (addresses, tokens, redirects, its own tries again). Its downloads
into a folder keep nothing of a stopped one, though, and a school's line takes an hour for a model.
"""

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from runtime.errors import ModelError
from runtime.judge.catalogue import sha256
from runtime.words import _

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SECONDS = 10
"""A hub that has not answered by then is out of reach; huggingface_hub itself waits as long."""
_SHA256 = re.compile("[0-9a-f]{64}")


class Source(NamedTuple):
    """A repository at one commit (``revision``), and the ``names`` of all its files."""

    api: "HfApi"
    repository: str
    revision: str
    names: tuple[str, ...]


def fetch_file(source: Source, name: str, folder: Path) -> Path:
    """Fetch a file into ``folder`` unless it is there, and return its path.

    Raises ``ModelError`` if what came has another hash than the hub says; what huggingface_hub and
    the system raise passes through.
    """
    from huggingface_hub import hf_hub_url  # noqa: PLC0415
    from huggingface_hub.file_download import http_get  # noqa: PLC0415

    api = source.api
    url = hf_hub_url(source.repository, name, revision=source.revision, endpoint=str(api.endpoint))
    about = api.get_hf_file_metadata(url=url, timeout=SECONDS)
    target = folder / name
    # The name says what it is a part of: a new version is not put behind half of an old one.
    part = folder / f"{name}.{zlib.crc32(str(about.etag).encode()):08x}.part"
    if target.is_file() and target.stat().st_size == about.size:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with part.open("ab") as file:
        http_get(
            about.location,
            file,
            resume_size=file.tell(),
            headers=_headers(api, url, about.location),
            expected_size=about.size,
        )
    _check(part, str(about.etag), name)
    part.replace(target)
    return target


def _headers(api: "HfApi", url: str, location: str) -> dict[str, str]:
    """Return what to send along: the user's token to the hub alone, not where it sends us on to."""
    # Documented, but not marked as exported.
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # noqa: PLC0415
        build_hf_headers,
    )

    same = urlsplit(url).netloc == urlsplit(location).netloc
    found: dict[str, str] = build_hf_headers(token=api.token if same else False)
    return found


def _check(part: Path, etag: str, name: str) -> None:
    """Compare with the hash the hub has for large files; of small ones it has another kind."""
    if _SHA256.fullmatch(etag) and sha256(part) != etag:
        part.unlink()
        raise ModelError(_("{name} was damaged on the way.").format(name=name), _("Pull it again."))
