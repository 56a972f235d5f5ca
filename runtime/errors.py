"""Errors a user meets: one sentence of what and where, one of what to do.

Every error that reaches a front end is a ``KindmarkError``; anything else is a defect of ours
and leaves with the exit code ``INTERNAL``.
"""

from enum import IntEnum

from runtime.words import N_, _

_REASONS = (
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No such file or directory"),
    N_("File exists"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("File too large"),
    N_("File name too long"),
    N_("Too many open files"),
    N_("Input/output error"),
    N_("Cannot allocate memory"),
)
"""What operating systems most often say, in English whatever the language in use."""


class ExitCode(IntEnum):
    """What the command tells the shell."""

    DONE = 0
    """Everything that was asked for is done."""
    SOME_UNMARKED = 1
    """Done, but some rows could not be marked; each says why."""
    BAD_INPUT = 2
    """Bad usage or an input file that cannot be used; nothing was marked."""
    MODEL_UNUSABLE = 3
    """A model is missing or unusable; the message names the command that mends it."""
    INTERNAL = 4
    """A defect of ours."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C (128 + SIGINT, as shells count); what was marked is on disk."""


class KindmarkError(Exception):
    """Base of every error meant for a user's eyes."""

    title = N_("Something went wrong")
    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep what went wrong and where (``message``) and what to do about it (``remedy``)."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class BadInputError(KindmarkError):
    """An input file, row or option that cannot be used as it is."""

    title = N_("This input cannot be used")
    exit_code = ExitCode.BAD_INPUT


class ModelError(KindmarkError):
    """A model file that is missing, damaged or not what its name says."""

    title = N_("The model cannot be used")
    exit_code = ExitCode.MODEL_UNUSABLE


def reason_of(error: OSError) -> str:
    """Return why the operating system refused, in the language in use where that is known."""
    said = error.strerror or type(error).__name__
    return _(said)
