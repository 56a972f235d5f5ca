"""The sequences of a context as a tree of what they share: every shared run is read once.

    sequences = Sequences(context)
    first, second = sequences.hold([Prompt(ids), Prompt(others)])
    first.logits                    (vocabulary,) after the last token
    sequences.release(first)        what it was stays in memory until the room is needed

The radix attention of SGLang (Zheng et al. 2024), over llama.cpp's unified cache: a class shares
the question, an answer's criteria share the answer, and its feedback all of that. Layers with a
sliding window forget, so there a prompt branches only where one was meant to: at the end of what
the prompts of one call share and at the end of what is public.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge.batches import Piece
from runtime.judge.decoding.admission import Admission, Held, Prompt, Row
from runtime.judge.decoding.branches import BranchContext, OutOfRoomError
from runtime.judge.decoding.packing import packed
from runtime.judge.decoding.residents import Residents
from runtime.judge.lora import Scaled
from runtime.judge.tokens import AnyIds, Ids
from runtime.words import _

if TYPE_CHECKING:
    from runtime.judge.decoding.prefix_store import PrefixStore

__all__ = ["Held", "Prompt", "Sequences"]


class Sequences(Closing):
    """Holds prompts and what they share. Not for use by two threads at once.

    ``read_tokens`` counts what was decoded through it so far. What ``store`` keeps of public
    beginnings is filed under ``key``, which names the model, such as the digest of its file.
    """

    def __init__(
        self, context: BranchContext, store: "PrefixStore | None" = None, key: str = ""
    ) -> None:
        self.context = context
        self.read_tokens = 0
        self._store = store
        self._key = key
        self._name = ""
        self._adapters: tuple[Scaled, ...] = ()
        self._begin()
        context.spare = self._spare

    def close(self) -> None:
        """Forget every sequence; the context stays its owner's."""
        self.context.spare = None
        self._begin()

    def use(self, adapters: Sequence[Scaled], name: str = "") -> None:
        """Read with just these adapters from now on; all that was read with others is forgotten.

        ``name`` tells what is stored of them apart. Raises ``ModelError`` as ``Context.use`` does.
        """
        if tuple(adapters) != self._adapters or name != self._name:
            self._begin()
            self.context.use(adapters)
            self._adapters, self._name = tuple(adapters), name

    @property
    def free(self) -> int:
        """How many more sequences could be held."""
        return self._residents.free

    @property
    def room(self) -> int:
        """How many more tokens could be read, beside those that are held."""
        return self._residents.room

    def hold(self, prompts: Sequence[Prompt]) -> list[Held]:
        """Read what no sequence holds yet and return the prompts, in order.

        Raises ``OutOfRoomError`` if they do not fit beside what is held, ``StoppedError`` or
        ``ModelError`` as ``BranchContext.read`` does or if a prompt is empty; then none is held.
        """
        for prompt in prompts:
            self._check(prompt)
        before = set(self._residents.own)
        # Prompts are told apart by their bytes.
        asked = [one._replace(ids=np.ascontiguousarray(one.ids, np.int32)) for one in prompts]
        try:
            return Admission(self._residents, self, asked).held()
        except BaseException:
            for number in set(self._residents.own) - before:
                self._residents.give_back(number)
            raise
        finally:
            self._residents.pinned.clear()
            self._residents.tree.prune()

    def release(self, held: Held) -> None:
        """Give a sequence back; what it was may serve later prompts until the room is needed.

        A sequence that is not held (any more) is left alone.
        """
        residents, number = self._residents, held.sequence
        if number not in residents.own:
            return
        own, node = residents.own[number], residents.at[number]
        if residents.tree.splits and len(own) > 1:
            # What it was grown by; the last token stays apart, as logits come only of reading it.
            longer = residents.tree.place(np.concatenate([node.ids, own[:-1]]))
            if longer.parent is node and not longer.present:
                residents.move(number, longer)
        residents.give_back(number)
        residents.tree.prune()

    def retreat(self, held: Held, length: int) -> None:
        """Forget what a sequence holds from position ``length`` on, which is at least 1.

        With a window what came before has to be read again. Raises as ``hold`` does then.
        """
        residents, number = self._residents, held.sequence
        node = residents.at[number]
        ids = np.concatenate([node.ids, residents.own[number]])[:length]
        if not residents.tree.splits:
            self._read_again(number, ids)
            return
        self.context.drop(number, length)
        if length <= node.end:
            residents.fall(number, residents.tree.place(ids[:-1]))
        residents.own[number] = ids[residents.at[number].end :]

    def grow(self, held: Held, more: AnyIds) -> Held:
        """Read more tokens after a sequence, at least one, and return it with the logits then.

        What the caller itself has read into the sequence counts as the first of ``more``. Raises
        as ``hold`` does; then the sequence holds what it held before.
        """
        residents, number = self._residents, held.sequence
        known = residents.at[number].end + len(residents.own[number])
        more = np.asarray(more, np.int32)
        there = min(self.context.length(number) - known, len(more) - 1)
        self.context.drop(number, known + there)
        try:
            row = self.read([Piece(number, more[there:], known + there, 1)])[number]
        except BaseException:
            self.context.drop(number, known)
            raise
        residents.own[number] = np.concatenate([residents.own[number], more])
        return Held(number, known + len(more), row)

    def read(self, pieces: Sequence[Piece]) -> dict[int, Row]:
        """Read pieces in as few steps as they take; return the last wanted row a sequence.

        For those who hold the sequences; raises as ``BranchContext.read`` does.
        """
        rows: dict[int, Row] = {}
        for step in packed(pieces, self.context.limits):
            found = self.context.read(step, fixed=True)
            self.read_tokens += sum(len(piece.ids) for piece in step)
            rows.update(zip((p.sequence for p in step if p.wanted), found, strict=True))
        return rows

    def restore(self, number: int, ids: Ids) -> bool:
        """Let an empty sequence hold public ids as they were stored; say whether it does."""
        return bool(self._store and self._store.load(self.context, number, self._file, ids))

    def keep(self, number: int, ids: Ids) -> None:
        """Store what a sequence holds: just ``ids``, all of them public."""
        if self._store:
            self._store.save(self.context, number, self._file, ids)

    @property
    def _file(self) -> str:
        return f"{self._key}\0{self._name}"

    def _spare(self, cells: int) -> bool:
        return self._residents.spare(cells)

    def _read_again(self, number: int, ids: Ids) -> None:
        node = self._residents.at[number]
        while node.parent and node.end >= len(ids):
            node = node.parent
        self._residents.fall(number, node)
        self._residents.own[number] = ids[node.end :]
        self.context.drop(number)
        if node.parent:
            self.context.copy(self._residents.holder(node), number, node.end)
        self.read([Piece(number, ids[node.end :], node.end)])

    def _begin(self) -> None:
        self.context.clear()
        self._residents = Residents(self.context)

    def _check(self, prompt: Prompt) -> None:
        count, positions = len(prompt.ids), self.context.model.positions
        if not count:
            raise ModelError(_("A prompt of no tokens cannot be read."))
        if count > positions:
            raise ModelError(
                _(
                    "A prompt of {count} tokens is too long: the model knows {positions} positions."
                ).format(count=count, positions=positions),
                _("Shorten the answer or the source."),
            )
        if count > self.context.cells:
            raise OutOfRoomError(
                _("A prompt of {count} tokens does not fit; {most} is the most.").format(
                    count=count, most=self.context.cells
                ),
                _("Shorten the answer or the source."),
            )
