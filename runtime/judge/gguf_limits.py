"""What llama.cpp takes for granted in a GGUF file's metadata.

It checks much by itself and refuses politely; what stands here are the assertions at which it would
end the whole process instead, found in its sources (llama.cpp in llama-cpp-python 0.3.36) and by
fuzzing: ``load_hparams`` in src/llama-model.cpp, ``load``, ``tokenize`` and ``byte_to_token`` in
src/llama-vocab.cpp, the loader of split files in src/llama-model-loader.cpp.
"""

import struct
from collections.abc import Mapping

from runtime.judge.gguf_cursor import INT32, STRING, Buffer, DamagedError, List, Value, strings
from runtime.words import _

_MOST_LAYERS = 512
_MOST_EXPERTS = 1024
# Token counts are 32 bits wide with a sign, and the longest contexts have some ten million.
_MOST_POSITIONS = 1 << 27
_SCALINGS = ("none", "linear", "yarn", "longrope")
# The type of a token that stands for one byte.
_BYTE = 6
# Kinds of vocabularies -> the tokens that begin, close and part texts where a file does not say.
_NONE = 2**32
_ENDS = {
    **{"llama": (1, 2, _NONE), "bert": (101, _NONE, 102), "gpt2": (11, 11, _NONE)},
    **{"t5": (_NONE, 1, _NONE), "gemma4": (_NONE, _NONE, _NONE)},
}
# Those whose texts begin with a token unless a file says otherwise.
_BEGINNING = ("llama", "gpt2", "gemma4")

Metadata = Mapping[str, Value]
Lists = Mapping[str, List]


def check_metadata(metadata: Metadata, lists: Lists, data: Buffer) -> None:
    """Raise ``DamagedError`` for what llama.cpp would not survive."""
    if _number(metadata, "split.count", 0) > 1:
        # It would open other files, by names made up from this one's.
        raise DamagedError(
            _("it is one part of several; join them first (llama-gguf-split --merge)")
        )
    architecture = str(metadata.get("general.architecture", ""))
    if metadata.get("general.type") == "adapter":
        return
    _check_layers(metadata, architecture)
    _check_experts(metadata, lists, architecture)
    _check_vocabulary(metadata, lists, data)


def _check_layers(metadata: Metadata, architecture: str) -> None:
    layers = _number(metadata, f"{architecture}.block_count", 1)
    _demand(1 <= layers <= _MOST_LAYERS, _("it claims {layers} layers").format(layers=layers))
    extra = _number(metadata, f"{architecture}.nextn_predict_layers", 0)
    _demand(0 <= extra < layers, _("it claims {extra} layers more than it has").format(extra=extra))
    positions = _number(metadata, f"{architecture}.context_length", 1)
    _demand(
        1 <= positions <= _MOST_POSITIONS,
        _("it claims a context of {positions} tokens").format(positions=positions),
    )
    scaling = metadata.get(f"{architecture}.rope.scaling.type", "none")
    _demand(
        scaling in _SCALINGS,
        _("it scales positions in an unknown way ({scaling!r})").format(scaling=scaling),
    )
    for key in ("attention.head_count", "attention.head_count_kv"):
        heads = _number(metadata, f"{architecture}.{key}", 1)
        _demand(heads >= 1, _("it claims {heads} attention heads").format(heads=heads))
    for key in ("layer_norm_epsilon", "layer_norm_rms_epsilon"):
        small = metadata.get(f"{architecture}.attention.{key}", 0.0)
        sound = not isinstance(small, float) or 0 <= small < 1
        _demand(sound, _("it divides by a senseless number ({key})").format(key=key))


def _check_experts(metadata: Metadata, lists: Lists, architecture: str) -> None:
    name = f"{architecture}.expert_"
    used = _number(metadata, f"{name}used_count", 1 if f"{name}used_count" in lists else 0)
    total, groups = _number(metadata, f"{name}count", 0), _number(metadata, f"{name}group_count", 0)
    in_use = _number(metadata, f"{name}group_used_count", 0)
    sound = 0 <= total <= _MOST_EXPERTS and 0 <= used <= total and 0 <= groups <= max(0, total - 1)
    if total:
        sound &= used > 0
    if groups > 1:
        sound &= not total % groups and 0 < in_use < groups
    _demand(sound, _("its {total} experts cannot be chosen from as it says").format(total=total))


def _check_vocabulary(metadata: Metadata, lists: Lists, data: Buffer) -> None:
    kind = metadata.get("tokenizer.ggml.model")
    if kind is None:
        # llama.cpp says itself that it needs one.
        return
    _demand(kind in _ENDS, _("its vocabulary is of an unknown kind ({kind!r})").format(kind=kind))
    listed = lists.get("tokenizer.ggml.tokens")
    if not listed or listed.kind != STRING or not listed.length:
        raise DamagedError(_("its vocabulary is missing"))
    tokens = strings(data, listed)
    for name in ("scores", "token_type"):
        other = lists.get(f"tokenizer.ggml.{name}")
        _demand(
            not other or other.length == listed.length,
            _("its vocabulary has {length} tokens, but another number of {name}").format(
                length=listed.length, name=name
            ),
        )
    known = {token or b"[EMPTY_%d]" % i for i, token in enumerate(tokens)}
    _demand(len(known) == len(tokens), _("its vocabulary has a token twice"))
    if kind == "bert":
        _check_types(lists, data)
    if kind == "llama":
        lacking = [
            i for i in range(256) if b"<0x%02X>" % i not in known and bytes([i]) not in known
        ]
        _demand(
            not lacking,
            _("its vocabulary lacks {count} of the 256 bytes").format(count=len(lacking)),
        )
    _check_ends(metadata, str(kind), len(tokens))


def _check_types(lists: Lists, data: Buffer) -> None:
    """Refuse tokens for single bytes where llama.cpp knows of none."""
    listed = lists.get("tokenizer.ggml.token_type")
    if listed and listed.kind == INT32:
        types = struct.unpack_from(f"<{listed.length}i", data, listed.at)
        _demand(_BYTE not in types, _("its vocabulary has tokens for single bytes"))


def _check_ends(metadata: Metadata, kind: str, size: int) -> None:
    """Demand the tokens that llama.cpp puts at the ends of a text."""
    usual = dict(zip(("bos", "eos", "seperator"), _ENDS[kind], strict=True))
    begins = metadata.get("tokenizer.ggml.add_bos_token", kind in _BEGINNING)
    closes = metadata.get("tokenizer.ggml.add_eos_token", kind == "t5")
    wanted = {"bos": begins or kind == "bert", "eos": closes, "seperator": kind == "bert"}
    for name in (name for name, is_wanted in wanted.items() if is_wanted):
        # One that is out of range is left out, and the usual one stands.
        tokens = usual[name], _number(metadata, f"tokenizer.ggml.{name}_token_id", size)
        _demand(min(tokens) < size, _("its vocabulary has no token for {name}").format(name=name))


def _number(metadata: Metadata, key: str, usual: int) -> int:
    """Return a whole number; another kind of value is refused by llama.cpp itself."""
    found = metadata.get(key, usual)
    return found if isinstance(found, int) and not isinstance(found, bool) else usual


def _demand(sound: bool, fault: str) -> None:
    if not sound:
        raise DamagedError(fault)
