"""Several subjects over one base in memory: each an adapter, with its head and its prompt.

    with Subjects.open(base, [Brought("maths-qwen", path, trained)]) as subjects:
        for subject, name, places in subjects.groups(items):
            sequences.use(subject.adapters, subject.digest)

An item goes to the adapter that was trained on its prompt, else to the base alone. Groups come by
subject, so that a class set switches once a subject. Everything stands on one ``Model``: the base
is mapped once, and an adapter is a few megabytes beside it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge.catalogue import Trained
from runtime.judge.llm.basis import PromptName, prompt_names
from runtime.judge.llm.chat_model import ChatModel
from runtime.judge.llm.fits import Fit, Scaling, trained_scaling
from runtime.judge.lora import REMEDY, LoraAdapter, Scaled
from runtime.judge.prompt import contract_digest
from runtime.judge.side_head import SideHead, load_side_head
from runtime.marking.item import Item
from runtime.words import _, noted

_FULL = 1.0
"""An adapter counts as it was trained."""


class Brought(NamedTuple):
    """What a catalogue knows of an adapter, or of the base itself (without a ``path``).

    ``base`` is the name of the model that it belongs to, "" where that is not known.
    """

    name: str
    path: Path | None = None
    trained: Trained | None = None
    head: Path | None = None
    base: str = ""


class Subject(NamedTuple):
    """A way to use the base: with these adapters, asked and read as ``trained`` says.

    ``trained`` is ``None`` where nothing was trained for what is asked: then nothing is calibrated.
    ``digest`` is the SHA-256 of its files one after the other, "" for the base alone; ``notes`` are
    what a teacher should know of it.
    """

    name: str
    adapters: tuple[Scaled, ...] = ()
    trained: Trained | None = None
    head: SideHead | None = None
    digest: str = ""
    notes: tuple[str, ...] = ()


class Group(NamedTuple):
    """Items, by their places, that one subject is asked about with one prompt of the contract.

    ``scaling`` is how its probabilities are to be read, ``None`` where nothing was ever fitted.
    """

    subject: Subject
    name: PromptName
    places: tuple[int, ...]
    scaling: Scaling | None = None


class Subjects(Closing):
    """An open base and all that was brought for it. It owns ``chat`` and closes it."""

    def __init__(
        self,
        chat: ChatModel,
        brought: Sequence[Brought] = (),
        base: str = "",
        fits: Sequence[Fit] | None = (),
    ) -> None:
        """Load adapters and heads; ``base`` is the name of the base, where it has one.

        ``fits`` are those made with this base. They count before what training fitted, and ``None``
        leaves out that as well. Raises ``ModelError`` if a file is missing, damaged or made for
        another base.
        """
        self.chat = chat
        self._is_scaled = fits is not None
        self._fits = {
            (one.adapter, one.prompt): one.scaling
            for one in fits or ()
            if one.contract == contract_digest()
        }
        self._open: list[LoraAdapter] = []
        self._subjects: list[Subject] = []
        try:
            for one in brought:
                self._subjects.append(self._subject(one, base))
        except ModelError:
            self._close_adapters()
            raise
        self.bare = Subject("")

    @classmethod
    def open(
        cls,
        path: Path,
        brought: Sequence[Brought] = (),
        *,
        base: str = "",
        template: str | None = None,
        fits: Sequence[Fit] | None = (),
    ) -> Self:
        """Load a base from a GGUF file and what was brought for it.

        Raises ``ModelError`` as ``ChatModel.open`` does, and as the constructor does.
        """
        chat = ChatModel.open(path, template)
        try:
            return cls(chat, brought, base, fits)
        except ModelError:
            chat.close()
            raise

    def groups(self, items: Sequence[Item]) -> list[Group]:
        """Return the items by subject and prompt, subjects in the order they were brought in.

        Within a group the items keep their order; every item is in one group.
        """
        chosen: dict[tuple[int, PromptName], list[int]] = {}
        for place, item in enumerate(items):
            chosen.setdefault(self._chosen(item), []).append(place)
        known = [*self._subjects, self.bare]
        return [
            Group(known[at], name, tuple(places), self._scaling(known[at], name))
            for (at, name), places in sorted(chosen.items())
        ]

    def close(self) -> None:
        """Free adapters and base; a second call does nothing."""
        self._close_adapters()
        self.chat.close()

    def _scaling(self, subject: Subject, name: PromptName) -> Scaling | None:
        if not self._is_scaled:
            return None
        own = self._fits.get((subject.digest, name))
        return own or trained_scaling(subject.trained, name)

    def _chosen(self, item: Item) -> tuple[int, PromptName]:
        names = prompt_names(item)
        fitting = (
            (at, name)
            for name in names
            for at, subject in enumerate(self._subjects)
            if subject.trained and subject.trained.prompt == name
        )
        return next(fitting, (len(self._subjects), names[0]))

    def _subject(self, one: Brought, base: str) -> Subject:
        if one.base and base and one.base != base:
            raise ModelError(
                _("The adapter {name!r} belongs to the base {base!r}, not to {wanted!r}.").format(
                    name=one.name, base=one.base, wanted=base
                ),
                _(REMEDY),
            )
        head = load_side_head(one.head, self.chat.model.width) if one.head else None
        if one.trained and one.trained.purpose == "classify" and head is None:
            raise ModelError(
                _("{name!r} answers with a head, and its head is missing.").format(name=one.name),
                _("Bring in the head as well: kindmark models add"),
            )
        return Subject(
            name=one.name,
            adapters=((self._adapter(one.path), _FULL),) if one.path else (),
            trained=one.trained,
            head=head,
            digest=_digest([path for path in (one.path, one.head) if path]),
            notes=tuple(_notes(one)),
        )

    def _adapter(self, path: Path) -> LoraAdapter:
        self._open.append(LoraAdapter.open(self.chat.model, path))
        return self._open[-1]

    def _close_adapters(self) -> None:
        for adapter in self._open:
            adapter.close()
        self._open.clear()


def _digest(paths: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest() if paths else ""


def _notes(one: Brought) -> Iterator[str]:
    if one.trained and one.trained.contract not in {"", contract_digest()}:
        yield noted(
            "{name} was trained with other words than it is asked with now;"
            " how sure it is was measured with those.",
            name=one.name,
        )
