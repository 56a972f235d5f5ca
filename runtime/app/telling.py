"""An app that says what went wrong, and what to do about it, wherever that came from.

    class KindmarkApp(TellingApp): ...
    app.tell(error)

A ``KindmarkError`` is for people, and ends nothing. Every other exception is a defect and ends the
app; ``app.defect`` is for its caller to report, as nothing of it is shown.
"""

from textual.app import App
from textual.message import Message
from textual.worker import WorkerFailed

from runtime.errors import KindmarkError
from runtime.words import _

_SECONDS = 15
"""How long an error stands: two sentences, read slowly."""


class TellingApp(App[object]):
    """Errors meant for people are told to them as toasts."""

    defect: Exception | None = None
    """What ended the app, if it was no key."""

    def tell(self, error: KindmarkError) -> None:
        """Say what went wrong and what to do about it."""
        self.notify(
            f"{error.message} {error.remedy}".strip(),
            title=_(error.title),
            severity="error",
            timeout=_SECONDS,
            markup=False,
        )

    async def _dispatch_message(self, message: Message) -> None:
        # What is meant for people is told to them, whichever key or timer it came of.
        try:
            await super()._dispatch_message(message)
        except KindmarkError as error:
            self.tell(error)

    def _handle_exception(self, error: Exception) -> None:
        # The same for what escapes from workers, as ``WorkerFailed``.
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, KindmarkError):
            self.tell(cause)
        else:
            self.defect = self.defect or (cause if isinstance(cause, Exception) else error)
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own shows the source with all values: what children wrote would be among them.
        self._close_messages_no_wait()
