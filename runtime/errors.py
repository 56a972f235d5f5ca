"""Errors a user meets: one sentence of what and where, one of what to do.

Every error that reaches a front end is a ``KindmarkError``; anything else is a defect of ours
and leaves with the exit code ``INTERNAL``.
"""

from enum import IntEnum


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

    title = "Something went wrong"
    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep what went wrong and where (``message``) and what to do about it (``remedy``)."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class BadInputError(KindmarkError):
    """An input file, row or option that cannot be used as it is."""

    title = "This input cannot be used"
    exit_code = ExitCode.BAD_INPUT


class ModelError(KindmarkError):
    """A model file that is missing, damaged or not what its name says."""

    title = "The model cannot be used"
    exit_code = ExitCode.MODEL_UNUSABLE
