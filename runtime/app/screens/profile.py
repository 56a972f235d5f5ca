"""Adds a learner, or changes one: nickname, picture, age, language, and a PIN for who wants one.

learner = await app.push_screen_wait(ProfileDialog())
changed = await change_profile(app, learner)        None: nothing was changed
app.did(changed.said, changed.undo)
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Footer, Input, Label

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkDialog
from runtime.app.widgets.profile_fields import Profile, ProfileFields
from runtime.errors import KindmarkError
from runtime.records.store.rows import Learner
from runtime.records.store.sealed_pin import SealedPin
from runtime.words import N_, _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

_NAME_CHARS = 30


class ProfileDialog(KindmarkDialog[Learner | None]):
    """Answers with the new learner, or with ``about`` as changed; or ``None``."""

    HELP = N_("""\
# A learner

A **nickname** is enough, with a **picture**; two children may share a nickname if their pictures
differ. The **age** chooses how Kindmark speaks: in short words to younger children.

A **PIN** is four digits or more, typed twice. It keeps classmates out; leave it empty to do without
one. Who has forgotten theirs asks at the teacher's desk.

Only the teacher's desk can take a learner away, with all the work: nobody does so by mistake.
""")
    DEFAULT_CSS = """
    ProfileDialog > .dialog { width: 72; max-width: 100%; max-height: 100%; padding: 0 1;
        border-title-style: bold; }
    ProfileDialog .message { height: auto; width: 100%; color: $error; padding: 0 1; }
    ProfileDialog .buttons { height: auto; padding: 0 1; }
    ProfileDialog .buttons Button { margin-right: 2; }
    """

    def __init__(self, about: Learner | None = None) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """Yield the fields and two buttons."""
        asked = _("Add a learner")
        if self._about:
            name = one_line(self._about.nickname, _NAME_CHARS)
            asked = _("The profile of {name}").format(name=name)
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            # In the border: all fields are to fit in 24 lines.
            dialog.border_title = Content(asked).markup
            yield ProfileFields(self._about, self.app.settings.spoken())
            yield Label("", classes="message")
            with Horizontal(classes="buttons"):
                label = _("Keep") if self._about else _("Add")
                yield Button(label, variant="primary", id="ok")
                yield Button(_("Back"), id="cancel")
        yield Footer(show_command_palette=False)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.action_back()

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _ok(self) -> None:
        self.start(self._keep(), group="keep", exclusive=True)

    async def _keep(self) -> None:
        fields = self.query_one(ProfileFields)
        try:
            profile, pin = fields.profile, fields.pin
            self.dismiss(await self.app.in_store(lambda: self._kept(profile, pin)))
        except KindmarkError as error:
            said = f"{error.message} {error.remedy}".strip()
            self.query_one(".message", Label).update(Content(said))

    def _kept(self, profile: Profile, pin: str | None) -> Learner:
        """Keep the learner and the PIN together, or neither."""
        store, about = self.app.store, self._about
        with store.database.write():
            if about:
                learner = store.learners.change(about.id, **profile._asdict())
            else:
                learner = store.learners.add(*profile)
            if pin:
                store.pins.set(pin, learner.id)
            elif pin is not None:
                store.pins.remove(learner.id)
            return store.learners.get(learner.id)


class Changed(NamedTuple):
    """A profile that was changed, in words, and how that is taken back."""

    learner: Learner
    said: str
    undo: Callable[[], Awaitable[None]]


async def change_profile(app: "KindmarkApp", learner: Learner) -> Changed | None:
    """Have a profile changed; whether whoever sits there may is the caller's to know.

    In a worker. Raises ``ReadOnlyStoreError`` where nothing can be changed.
    """
    store = app.store
    store.need_to_write()
    sealed = await app.in_store(lambda: store.pins.sealed(learner.id))
    learner = await app.in_store(lambda: store.learners.get(learner.id))
    changed = await app.push_screen_wait(ProfileDialog(learner))
    if changed is None or not await app.in_store(lambda: _differs(app, learner, changed, sealed)):
        return None

    async def undo() -> None:
        await app.in_store(lambda: _put_back(app, learner, sealed))

    name = one_line(changed.nickname, _NAME_CHARS)
    return Changed(changed, _("The profile of {name} was changed.").format(name=name), undo)


def _differs(app: "KindmarkApp", before: Learner, after: Learner, sealed: SealedPin | None) -> bool:
    return before != after or app.store.pins.sealed(after.id) != sealed


def _put_back(app: "KindmarkApp", learner: Learner, sealed: SealedPin | None) -> None:
    store = app.store
    with store.database.write():
        store.learners.change(
            learner.id,
            nickname=learner.nickname,
            avatar=learner.avatar,
            age_band=learner.age_band,
            language=learner.language,
        )
        store.pins.put_back(sealed, learner.id)
