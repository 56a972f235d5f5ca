"""Tells whether an adapter was trained on the base it is to be merged into.

check_belongs(open_base(base), Path("RUN/solve/adapter"))

Names and shapes of weights are compared when they are merged. This looks at what they cannot show:
Llama and Qwen2 name their layers alike, and a base of the right shape may number its tokens
differently. Two bases of one family and size that share their vocabulary cannot be told apart.
"""

from pathlib import Path

from convert.merge.base_folder import Base, read_table
from runtime.errors import ModelError

_REMEDY = "Give the base it was trained on; its name is in adapter_config.json."


def check_belongs(base: Base, adapter: Path) -> None:
    """Raise ``ModelError`` if the adapter's record or tokenizer is that of another base.

    An adapter folder without either, such as one that Kindmark did not make, passes.
    """
    trained = _architecture(adapter / "base.json")
    if trained and trained != base.architecture:
        raise ModelError(
            f"The adapter in {adapter} was trained on a {trained} base; the one in {base.folder} "
            f"is {base.architecture}.",
            _REMEDY,
        )
    own, other = (read_vocabulary(folder) for folder in (adapter, base.folder))
    strange = sorted(token for token in own.keys() & other.keys() if own[token] != other[token])
    if strange:
        raise ModelError(
            f"The adapter in {adapter} is for another base: it numbers {len(strange)} tokens "
            f"differently, such as {strange[0]!r}.",
            _REMEDY,
        )


def read_vocabulary(folder: Path) -> dict[str, int]:
    """Return the id of every token in ``tokenizer.json``; nothing if there is no such file.

    Raises ``ModelError`` if the file is damaged.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        return {}
    read = read_table(path)
    try:
        added = {token["content"]: token["id"] for token in read.get("added_tokens") or ()}
        return {**_learnt(read["model"]["vocab"]), **added}
    except (KeyError, TypeError, IndexError) as error:
        raise ModelError(f"{path} does not describe a tokenizer.", "Fetch it again.") from error


def _learnt(vocabulary: dict[str, int] | list[tuple[str, float]]) -> dict[str, int]:
    if isinstance(vocabulary, dict):
        return vocabulary
    # Unigram models list [token, score] in the order of the ids.
    return {token: at for at, (token, _) in enumerate(vocabulary)}


def _architecture(path: Path) -> str:
    if not path.is_file():
        return ""
    base = read_table(path).get("base")
    found = base.get("architecture") if isinstance(base, dict) else None
    return found if isinstance(found, str) else ""
