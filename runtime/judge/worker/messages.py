"""What the app and its marking process say to each other: MessagePack over two pipes.

    write(pipe, MarkItems(1, (item,)))
    reply = read_reply(pipe)        None at the end of the pipe

Pipes and not sockets, so that "no socket is open" holds for both of them. A message is its length
(4 bytes, big-endian) and its bytes.
"""

from typing import IO, Literal

import msgspec

from runtime.marking.events import Event
from runtime.marking.item import Item


class _Message(msgspec.Struct, frozen=True, tag=True):
    """A request or a reply; ``number`` pairs the two."""

    number: int


class _Request(_Message, frozen=True, kw_only=True):
    """What the app asks. ``language``: what its user reads, and so what errors are to speak."""

    language: str = "en"


class Open(_Request, frozen=True):
    """Load a model by its catalogue name or path, "" for the embedded default."""

    model: str = ""
    cascade: bool = True


class MarkItems(_Request, frozen=True):
    """Mark answers; what comes of them is ``Heard`` as it comes. ``feedback``: by the model."""

    items: tuple[Item, ...]
    feedback: bool = False


class Look(_Request, frozen=True):
    """Say how a maths answer is read. Answered at once, also while answers are marked."""

    item: Item


class Compare(_Request, frozen=True):
    """Say how alike texts are in meaning."""

    texts: tuple[str, ...]


class Stop(_Request, frozen=True):
    """Give up the request of this number; what was heard of it stands."""


Request = Open | MarkItems | Look | Compare | Stop


class Opened(_Message, frozen=True):
    """The model is there; ``title`` is its name for people."""

    title: str


class Heard(_Message, frozen=True):
    """Something new about the items of a ``MarkItems``, whose places the event counts."""

    event: Event


class Finished(_Message, frozen=True):
    """Every item of a ``MarkItems`` has its mark."""


class Looked(_Message, frozen=True):
    """How an answer is read, in words; "" if it is not read as a value."""

    reading: str


class Compared(_Message, frozen=True):
    """Cosines of each text with each, row by row as float32."""

    cosines: bytes


class Stopped(_Message, frozen=True):
    """A request was given up."""


class Failed(_Message, frozen=True):
    """A request failed: what a user is told, and whether the model or the request is at fault."""

    message: str
    remedy: str
    kind: Literal["model", "input", "defect"] = "defect"


Reply = Opened | Heard | Finished | Looked | Compared | Stopped | Failed

_LENGTH = 4


def write(pipe: IO[bytes], message: Request | Reply) -> None:
    """Send one message. Raises ``OSError`` if nobody reads any more."""
    data = msgspec.msgpack.encode(message)
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def read_request(pipe: IO[bytes]) -> Request | None:
    """Wait for a request; ``None`` at the end. Raises ``msgspec.DecodeError`` for what is none."""
    data = _read(pipe)
    return None if data is None else _REQUESTS.decode(data)


def read_reply(pipe: IO[bytes]) -> Reply | None:
    """Wait for a reply; ``None`` at the end. Raises ``msgspec.DecodeError`` for what is none."""
    data = _read(pipe)
    return None if data is None else _REPLIES.decode(data)


def _read(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "big")
    data = pipe.read(size)
    return data if len(data) == size else None


_REQUESTS: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
