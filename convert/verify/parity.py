"""Holds a GGUF file against the Hugging Face folder it was made from: the same prompts, both ways.

    found = compare(folder, Path("essay-f16.gguf"), prompts)
    found.faults        # () if it says the same

Compared are the logits position by position (hidden states, for an encoder), the head, the tokens
and the chat template. What counts as the same depends on the file's kind: see ``parity_limits``.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from convert.gguf.tokens import token_differences
from convert.merge.base_folder import read_table
from convert.verify.hugging_face import Outputs, read_reference
from convert.verify.parity_head import Expected, HeadParity, compare_head
from convert.verify.parity_limits import UNROUNDED, Limits, kind_of, limits_of
from convert.verify.tally import Difference, Tally
from convert.verify.ways import opened, reading
from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge.context import Vectors
from runtime.judge.tokens import AnyIds


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """How far a file is from its model; ``faults`` is empty if it is as near as it must be.

    ``tokens`` says what is split differently.
    """

    file: str
    kind: str
    difference: Difference
    head: HeadParity | None = None
    tokens: tuple[str, ...] = ()
    template_equal: bool = True
    faults: tuple[str, ...] = ()

    def figures(self) -> dict[str, float]:
        """Return what was measured, by name."""
        names = ("max_diff", "mean_diff", "top1", "kl", "cosine")
        found = {name: getattr(self.difference, name) for name in names}
        if self.head:
            found |= {"head_max_diff": self.head.max_diff, "head_same": self.head.same}
        return {name: value for name, value in found.items() if value is not None}


def compare(  # noqa: PLR0913 - the last three are options
    folder: Path,
    gguf: Path,
    prompts: Sequence[AnyIds],
    *,
    reference: Sequence[Outputs] | None = None,
    head: Expected | None = None,
    adapter: Path | None = None,
) -> Parity:
    """Compare a file with the folder it was made from, on ``prompts`` of token ids.

    ``reference`` is what ``read_reference`` gave for them, for those who compare several files.
    With an ``adapter`` in GGUF, the file is its base and ``folder`` the two merged. Raises
    ``ModelError`` if one cannot be loaded or they have not the same vocabulary.
    """
    outputs = reference or read_reference(folder, prompts)
    header = gguf_header.read(gguf)
    kind = kind_of(header)
    tally = Tally()
    with opened(gguf, adapter, exact=kind in UNROUNDED) as way:
        with reading(way, max(map(len, prompts))) as read:
            for ids, wanted in zip(prompts, outputs, strict=True):
                _add(tally, wanted, read(ids), gguf)
        heads = compare_head(way, head, prompts, outputs) if head else None
    found = Parity(
        file=gguf.name,
        kind=kind,
        difference=tally.result(),
        head=heads,
        tokens=tuple(token_differences(folder, gguf)),
        template_equal=template_of(folder) == header.metadata.get("tokenizer.chat_template", ""),
    )
    return msgspec.structs.replace(found, faults=tuple(faults_of(found, limits_of(kind))))


def template_of(folder: Path) -> str:
    """Return the chat template of a tokenizer's folder, "" if it has none."""
    own = folder / "chat_template.jinja"
    if own.is_file():
        return own.read_bytes().decode("utf-8", "replace")
    path = folder / "tokenizer_config.json"
    found = read_table(path).get("chat_template") if path.is_file() else None
    return found if isinstance(found, str) else ""


def _add(tally: Tally, wanted: Outputs, pieces: Iterable[Vectors], gguf: Path) -> None:
    expected = wanted.hidden if wanted.logits is None else wanted.logits
    at = 0
    for piece in pieces:
        if piece.shape[1] != expected.shape[1]:
            raise ModelError(
                f"{gguf} gives {piece.shape[1]} numbers a token, and its model {expected.shape[1]}."
            )
        rows = expected[at : at + len(piece)]
        tally.add_logits(rows, piece) if wanted.logits is not None else tally.add_hidden(
            rows, piece
        )
        at += len(piece)


def faults_of(found: Parity, limits: Limits) -> Iterator[str]:
    """Yield what is wrong, as sentences. Comparisons are written so that NaN fails."""
    far = found.difference
    if limits.max_diff is not None and not far.max_diff <= limits.max_diff:
        yield f"A number is off by {far.max_diff:.2g}; {limits.max_diff:g} is allowed."
    if not far.mean_diff <= limits.relative * far.spread:
        share = far.mean_diff / far.spread
        yield f"Numbers are off by {share:.2g} of their spread; {limits.relative:g} is allowed."
    if limits.top1 is not None and far.top1 is not None and not far.top1 >= limits.top1:
        yield f"The likeliest token is the same in {far.top1:.1%}; {limits.top1:.1%} are needed."
    if far.kl is not None and not far.kl <= limits.kl:
        yield f"The KL divergence is {far.kl:.2g}; {limits.kl:.2g} is allowed."
    if far.cosine is not None and not far.cosine >= limits.cosine:
        yield f"A vector has cosine {far.cosine:.5f}; {limits.cosine:g} is needed."
    if found.tokens:
        yield f"Text is split differently: {found.tokens[0]}"
    if not found.template_equal:
        yield "The chat template is another one."
    if found.head:
        yield from found.head.faults(limits)
