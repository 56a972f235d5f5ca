"""GGUF files in pieces, to be put together again wrongly; written independently of our reader."""

import math
import random
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING, ARRAY = 8, 9
# Types of tensors: code -> (values in a block, bytes in a block).
BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 6: (32, 22), 8: (32, 34), 9: (32, 40), 12: (256, 144)},
    **{14: (256, 210), 15: (256, 292), 20: (32, 18), 24: (1, 1), 26: (1, 4), 28: (1, 8)},
    **{30: (1, 2), 35: (256, 66), 39: (32, 17)},
}


class Pieces(NamedTuple):
    """A file's metadata (name, kind, raw value), tensors (name, shape, kind, offset) and data."""

    entries: list[tuple[bytes, int, bytes]]
    tensors: list[tuple[bytes, list[int], int, int]]
    data: bytes


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def texts(values: list[bytes]) -> bytes:
    return struct.pack("<IQ", STRING, len(values)) + b"".join(map(text, values))


def taken_apart(path: Path) -> Pieces:
    raw = path.read_bytes()
    count, entries = struct.unpack_from("<QQ", raw, 8)
    at = 24
    found: list[tuple[bytes, int, bytes]] = []
    tensors: list[tuple[bytes, list[int], int, int]] = []

    def string() -> bytes:
        nonlocal at
        (length,) = struct.unpack_from("<Q", raw, at)
        at += 8 + length
        return raw[at - length : at]

    def value(kind: int) -> None:
        nonlocal at
        if kind == STRING:
            string()
        elif kind == ARRAY:
            inner, length = struct.unpack_from("<IQ", raw, at)
            at += 12
            if inner == STRING:
                for _ in range(length):
                    string()
            else:
                at += length * SIZES[inner]
        else:
            at += SIZES[kind]

    for _ in range(entries):
        name = string()
        (kind,) = struct.unpack_from("<I", raw, at)
        at += 4
        start = at
        value(kind)
        found.append((name, kind, raw[start:at]))
    for _ in range(count):
        name = string()
        (dimensions,) = struct.unpack_from("<I", raw, at)
        shape = list(struct.unpack_from(f"<{dimensions}Q", raw, at + 4))
        kind, offset = struct.unpack_from("<IQ", raw, at + 4 + 8 * dimensions)
        at += 4 + 8 * dimensions + 12
        tensors.append((name, shape, kind, offset))
    return Pieces(found, tensors, raw[-(-at // 32) * 32 :])


def put_together(pieces: Pieces, version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(pieces.tensors), len(pieces.entries))
    for name, kind, value in pieces.entries:
        head += text(name) + struct.pack("<I", kind) + value
    for name, shape, kind, offset in pieces.tensors:
        sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += text(name) + sizes + struct.pack("<IQ", kind, offset)
    return head + bytes(-len(head) % 32) + pieces.data


def changed(pieces: Pieces, name: bytes, kind: int, value: bytes) -> Pieces:
    """Return the pieces with one entry of the metadata set to this value."""
    kept = [entry for entry in pieces.entries if entry[0] != name]
    return pieces._replace(entries=[*kept, (name, kind, value)])


def spoilt(pieces: Pieces, chance: random.Random) -> Pieces:
    """Return the pieces with one or two things wrong, of the kinds that someone may try."""
    for _ in range(chance.randint(1, 2)):
        pieces = chance.choice(_WAYS)(pieces, chance)
    return pieces


_NUMBERS = (0, 1, 2, 3, 5, 7, 31, 33, 100, 511, 512, 513, 4096, 65537, 2**31 - 1, 2**31, 2**32 - 1)
_BIG = (*_NUMBERS, 2**32, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
_WORDS = (
    b"",
    b"x",
    b"llama",
    b"bert",
    b"gpt2",
    b"none",
    b"test",
    b"t5",
    b"../../x",
    b"\0",
    b"%s%n",
)
_NEW = (b"split.count", b"split.no", b"general.alignment", b"general.type", b"pooling_type")


def _of_kinds(pieces: Pieces, chance: random.Random, kinds: Iterable[int]) -> int | None:
    """Return the place of some entry of one of these kinds."""
    found = [i for i, entry in enumerate(pieces.entries) if entry[1] in kinds]
    return chance.choice(found) if found else None


def _number(pieces: Pieces, chance: random.Random) -> Pieces:
    i = _of_kinds(pieces, chance, SIZES)
    if i is None:
        return pieces
    name, kind, old = pieces.entries[i]
    new = chance.choice(_NUMBERS).to_bytes(8, "little")[: len(old)]
    return _with_entry(pieces, i, (name, kind, new.ljust(len(old), b"\0")))


def _float(pieces: Pieces, chance: random.Random) -> Pieces:
    i = _of_kinds(pieces, chance, {6})
    if i is None:
        return pieces
    new = struct.pack("<f", chance.choice((0.0, -1.0, 1e30, -1e30, math.inf, -math.inf, math.nan)))
    return _with_entry(pieces, i, (pieces.entries[i][0], 6, new))


def _word(pieces: Pieces, chance: random.Random) -> Pieces:
    i = _of_kinds(pieces, chance, {STRING})
    if i is None:
        return pieces
    return _with_entry(pieces, i, (pieces.entries[i][0], STRING, text(chance.choice(_WORDS))))


def _gone(pieces: Pieces, chance: random.Random) -> Pieces:
    if not pieces.entries:
        return pieces
    i = chance.randrange(len(pieces.entries))
    return pieces._replace(entries=pieces.entries[:i] + pieces.entries[i + 1 :])


def _twice(pieces: Pieces, chance: random.Random) -> Pieces:
    return pieces._replace(entries=[*pieces.entries, chance.choice(pieces.entries)])


def _another_kind(pieces: Pieces, chance: random.Random) -> Pieces:
    i = chance.randrange(len(pieces.entries))
    name, _, old = pieces.entries[i]
    return _with_entry(pieces, i, (name, chance.randint(0, 13), old))


def _added(pieces: Pieces, chance: random.Random) -> Pieces:
    architecture = pieces.tensors[0][0].split(b".")[0]
    name = chance.choice((*_NEW, b"%s.expert_count" % architecture))
    entry = (name, 4, struct.pack("<I", chance.choice(_NUMBERS)))
    return pieces._replace(entries=[*pieces.entries, entry])


def _list(pieces: Pieces, chance: random.Random) -> Pieces:
    """Shorten a list, lengthen it, or claim another length or kind."""
    i = _of_kinds(pieces, chance, {ARRAY})
    if i is None:
        return pieces
    name, _, old = pieces.entries[i]
    if len(old) < 12:
        # Another change has made it a list.
        return pieces
    inner, length = struct.unpack_from("<IQ", old)
    kind = chance.choice((inner, inner, chance.randint(0, 13)))
    length = chance.choice((length, length - 1, length + 1, 0, 1, *_BIG))
    body = struct.pack("<IQ", kind, length % 2**64) + old[12:]
    return _with_entry(pieces, i, (name, ARRAY, body))


def _token(pieces: Pieces, chance: random.Random) -> Pieces:
    """Empty, repeat or drop tokens, the list staying well formed."""
    i = next((i for i, e in enumerate(pieces.entries) if e[0] == b"tokenizer.ggml.tokens"), None)
    if i is None:
        return pieces
    name, _, old = pieces.entries[i]
    tokens, at = [], 12
    while at < len(old):
        (length,) = struct.unpack_from("<Q", old, at)
        tokens.append(old[at + 8 : at + 8 + length])
        at += 8 + length
    if not tokens:
        return pieces
    ways: tuple[Callable[[], object], ...] = (
        lambda: tokens.__setitem__(0, b""),
        lambda: tokens.__setitem__(-1, tokens[0]),
        lambda: tokens.__setitem__(chance.randrange(len(tokens)), b"\xff\xfe"),
        lambda: tokens.__setitem__(chance.randrange(len(tokens)), b"a" * 70_000),
        lambda: tokens.__delitem__(slice(1, None)),
        tokens.pop,
    )
    chance.choice(ways)()
    return _with_entry(pieces, i, (name, ARRAY, texts(tokens)))


def _tensor(pieces: Pieces, chance: random.Random) -> Pieces:
    i = chance.randrange(len(pieces.tensors))
    name, shape, kind, offset = pieces.tensors[i]
    names = (b"", b"../../../etc/x", b"a" * 64, b"C:\\x", pieces.tensors[-1][0], b"blk.99.x")
    ways: tuple[Callable[[], tuple[bytes, list[int], int, int]], ...] = (
        lambda: (chance.choice(names), shape, kind, offset),
        lambda: (name, [chance.choice(_BIG), *shape[1:]], kind, offset),
        lambda: (name, shape[::-1], kind, offset),
        lambda: (name, [*shape, 1], kind, offset),
        lambda: (name, shape * 3, kind, offset),
        lambda: (name, shape, chance.randint(0, 45), offset),
        lambda: (name, shape, kind, chance.choice(_BIG)),
        lambda: (name, shape, kind, offset + 32),
    )
    new = chance.choice(ways)()
    return pieces._replace(tensors=[*pieces.tensors[:i], new, *pieces.tensors[i + 1 :]])


def _relaid(pieces: Pieces, chance: random.Random) -> Pieces:
    """Change a tensor's shape or type and move all others: only the network does not fit."""
    i = chance.randrange(len(pieces.tensors))
    name, shape, kind, offset = pieces.tensors[i]
    if chance.random() < 0.5:
        kind = chance.choice(list(BLOCKS))
    else:
        j = chance.randrange(len(shape))
        size = chance.choice((1, 2, shape[j] // 2, shape[j] - 1, shape[j] + 1, shape[j] * 2))
        shape = [*shape[:j], max(1, size), *shape[j + 1 :]]
    tensors, at = list(pieces.tensors), 0
    tensors[i] = (name, shape, kind, offset)
    for k, (other, sizes, code, _) in enumerate(tensors):
        tensors[k] = (other, sizes, code, at)
        values, size = BLOCKS.get(code, (1, 4))
        at += -(-math.prod(sizes) // values * size // 32) * 32
    if at > 2 * len(pieces.data) + 1_000_000:
        # Another change has made it senseless already.
        return pieces
    data = (pieces.data * (1 + at // max(1, len(pieces.data))))[:at]
    return pieces._replace(tensors=tensors, data=data)


def _swapped(pieces: Pieces, chance: random.Random) -> Pieces:
    """Give two tensors each other's names: nothing is out of place, but shapes may not fit."""
    one, other = (chance.randrange(len(pieces.tensors)) for _ in range(2))
    tensors = list(pieces.tensors)
    tensors[one] = (pieces.tensors[other][0], *pieces.tensors[one][1:])
    tensors[other] = (pieces.tensors[one][0], *pieces.tensors[other][1:])
    return pieces._replace(tensors=tensors)


def _data(pieces: Pieces, chance: random.Random) -> Pieces:
    """Cut the data, or fill a part of it with what is no number."""
    if chance.random() < 0.3:
        return pieces._replace(data=pieces.data[: chance.randrange(len(pieces.data))])
    at = chance.randrange(len(pieces.data))
    spoilt = pieces.data[:at] + b"\xff" * 4096 + pieces.data[at + 4096 :]
    return pieces._replace(data=spoilt[: len(pieces.data)])


def _with_entry(pieces: Pieces, i: int, entry: tuple[bytes, int, bytes]) -> Pieces:
    return pieces._replace(entries=[*pieces.entries[:i], entry, *pieces.entries[i + 1 :]])


_WAYS = (
    *(_number, _number, _number, _word, _gone, _twice, _another_kind, _added, _list, _token),
    *(_float, _tensor, _tensor, _relaid, _relaid, _swapped, _data),
)
