"""The fields of a profile: nickname, picture, age, language, and a PIN typed twice.

yield ProfileFields(learner, spoken="en")       without a learner: empty
fields.profile, fields.pin                      what stands there; raises ``BadInputError``
"""

from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Select

from runtime.app.avatars import NAMES, picture
from runtime.app.widgets.tick import Tick
from runtime.errors import BadInputError
from runtime.records.store.rows import AVATARS, AgeBand, Learner
from runtime.words import LANGUAGES, _

PIN_LEAST, PIN_CHARS = 4, 12
DIGITS = r"\d*"
"""All that a field for a PIN takes, in any script that has digits: other keys do nothing."""
_NICKNAME_CHARS = 40


class Profile(NamedTuple):
    """What is known of a learner: no more than this."""

    nickname: str
    avatar: str
    age_band: AgeBand
    language: str


class ProfileFields(Vertical):
    """Two fields in a row."""

    DEFAULT_CSS = """
    ProfileFields { height: auto; }
    ProfileFields .pair { height: auto; }
    ProfileFields Label { width: 100%; }
    ProfileFields .field { width: 1fr; height: auto; padding: 0 1; }
    ProfileFields Tick { margin: 0 1; border: none; height: 1; }
    """

    def __init__(self, learner: Learner | None, spoken: str) -> None:
        super().__init__()
        self._learner, self._spoken = learner, spoken

    def compose(self) -> ComposeResult:
        """Yield the fields as they stand for the learner."""
        one = self._learner
        pictures = [(Content(f"{picture(name)}  {_(NAMES[name])}"), name) for name in AVATARS]
        ages = [(_("7 to 9 years"), "7-9"), (_("10 to 12 years"), "10-12"), (_("13 and up"), "13+")]
        languages = [(name, code) for code, name in LANGUAGES.items()]
        nickname = one.nickname if one else ""
        avatar = one.avatar if one and one.avatar in AVATARS else AVATARS[0]
        age = one.age_band.value if one else AgeBand.MIDDLE.value
        language = one.language if one and one.language in LANGUAGES else self._spoken
        with Horizontal(classes="pair"):
            yield _field(_("Nickname"), Input(nickname, id="nickname", max_length=_NICKNAME_CHARS))
            yield _field(
                _("Picture"), Select(pictures, value=avatar, allow_blank=False, id="avatar")
            )
        with Horizontal(classes="pair"):
            yield _field(_("Age"), Select(ages, value=age, allow_blank=False, id="age"))
            yield _field(
                _("Language"), Select(languages, value=language, allow_blank=False, id="language")
            )
        yield from self._pin_fields()

    def _pin_fields(self) -> ComposeResult:
        has_pin = bool(self._learner and self._learner.has_pin)
        label = _("New PIN (empty: it stays)") if has_pin else _("PIN (digits; may stay empty)")
        with Horizontal(classes="pair"):
            yield _field(label, pin_field("pin"))
            yield _field(_("The same again"), pin_field("again"))
        if has_pin:
            yield Tick(_("Do without a PIN from now on"), id="no-pin")

    @property
    def profile(self) -> Profile:
        """What stands in the fields, as the records take it."""
        avatar, age, language = (
            str(self.query_one(name, Select).value) for name in ("#avatar", "#age", "#language")
        )
        nickname = self.query_one("#nickname", Input).value
        return Profile(nickname, avatar, AgeBand(age), language)

    @property
    def pin(self) -> str | None:
        """The PIN that was typed; "" to do without one, ``None`` to leave it as it is.

        Raises ``BadInputError`` if it was not typed the same twice.
        """
        pin, again = (self.query_one(name, Input) for name in ("#pin", "#again"))
        if pin.value != again.value:
            pin.value = again.value = ""
            pin.focus()
            raise BadInputError(_("The two PINs are not the same."), _("Type both once more."))
        if self.query("#no-pin") and self.query_one("#no-pin", Tick).value:
            return ""
        return pin.value or None


def pin_field(name: str, placeholder: str = "") -> Input:
    """Return a field for a PIN: it shows no digit, and takes nothing else."""
    return Input(
        id=name,
        password=True,
        max_length=PIN_CHARS,
        restrict=DIGITS,
        placeholder=placeholder,
    )


def _field(label: str, field: Widget) -> Widget:
    return Vertical(Label(label), field, classes="field")
