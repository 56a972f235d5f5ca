"""The ``kindmark`` command: finds the command by its name and answers for every way it can end.

kindmark grade class.jsonl -o marks.jsonl
"""

import difflib
import errno
import importlib
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from runtime import __version__
from runtime.cli import console
from runtime.errors import BadInputError, ExitCode, KindmarkError

_OUTPUT_FAILED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF, errno.EIO})
"""What writing can fail with long after a file was opened."""


class Command(NamedTuple):
    """The module that has ``main(argv)``, and what it does in a few words."""

    module: str
    summary: str


# Modules are named, not imported: --help must not wait for numpy or llama.cpp.
COMMANDS: Mapping[str, Command] = {
    "app": Command("runtime.cli.app", "study sessions and a marking desk, on the screen"),
    "grade": Command("runtime.cli.grade", "mark a class set (JSONL or CSV)"),
    "demo": Command("runtime.cli.demo", "mark the example class set that comes with Kindmark"),
    "eval": Command("runtime.cli.evaluate", "compare marks with teachers' labels"),
    "bench": Command("runtime.cli.bench", "measure how fast models judge on this machine"),
    "models": Command("runtime.cli.models", "list the models and whether they are there"),
    "bundle": Command("runtime.cli.bundle", "carry Kindmark and models on a USB stick, signed"),
    "records": Command("runtime.cli.records", "back up, export, erase learners and their work"),
    "doctor": Command("runtime.cli.doctor", "check this machine and say what is missing"),
    "convert": Command("convert.command", "build a model file (GGUF) for this machine"),
    "data": Command("train.data.command", "make, check, split and keep training data"),
    "train": Command("train.command", "fit heads and adapters on graded work"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors become messages, never tracebacks."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _fill_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A table on an old terminal had better show "?" than nothing; data are always UTF-8.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _dispatch(arguments)
        # A closed pipe shows itself here, not after Python has begun to shut down.
        sys.stdout.flush()
        return code
    except KindmarkError as error:
        console.show_error(error)
        _flush_if_possible()
        return error.exit_code
    except BrokenPipeError:
        _leave_stdout()
        return ExitCode.DONE
    except KeyboardInterrupt:
        console.say("Stopped.")
        return ExitCode.INTERRUPTED
    except Exception as error:
        if _is_output_failure(error):
            return _report_output(error)
        _report_defect(error, arguments)
        return ExitCode.INTERNAL


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        sys.stdout.write(_help())
        return ExitCode.DONE if arguments else ExitCode.BAD_INPUT
    if arguments[0] in {"-V", "--version"}:
        sys.stdout.write(f"kindmark {__version__}\n")
        return ExitCode.DONE
    command = _command(arguments[0])
    try:
        return int(importlib.import_module(command.module).main(arguments[1:]))
    except SystemExit as ending:
        # How argparse leaves after --help.
        return ending.code if isinstance(ending.code, int) else ExitCode.DONE


def _command(name: str) -> Command:
    if name in COMMANDS:
        return COMMANDS[name]
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    raise BadInputError(
        f"There is no command {name!r}.",
        f"Is '{near[0]}' meant?" if near else "See the commands with: kindmark --help",
    )


def _help() -> str:
    commands = "\n".join(f"  {name:8} {command.summary}" for name, command in COMMANDS.items())
    codes = "\n".join(f"  {code:<8d} {_meaning(code)}" for code in ExitCode)
    return f"""usage: kindmark COMMAND [OPTIONS]

Marks children's maths and writing on this machine. Nothing a child writes leaves it.

commands:
{commands}

examples:
  kindmark demo
  kindmark grade class.jsonl -o marks.jsonl
  kindmark grade --help

exit codes:
{codes}

options:
  --help     show this, or the help of a command
  --version  show the version
"""


def _meaning(code: ExitCode) -> str:
    return {
        ExitCode.DONE: "done",
        ExitCode.SOME_UNMARKED: "done, but some rows could not be marked; each says why",
        ExitCode.BAD_INPUT: "bad usage or a file that cannot be used; nothing was marked",
        ExitCode.MODEL_UNUSABLE: "a model is missing or unusable; the message says what mends it",
        ExitCode.INTERNAL: "a defect of Kindmark",
        ExitCode.INTERRUPTED: "stopped by Ctrl-C; what was marked is on disk",
    }[code]


def _fill_closed_streams() -> None:
    """Stand in for streams the shell has closed (``>&-``): no other file may get their numbers.

    What is written to a closed stdout fails when it is flushed, as it would on a full disk.
    """
    # In this order, each takes the lowest free number, which is the one of its stream.
    if sys.__stdin__ is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), "r", encoding="utf-8")
    if sys.__stdout__ is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.__stderr__ is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _flush_if_possible() -> None:
    """Flush what a failed write to stdout has left, or Python would complain as it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        _leave_stdout()


def _leave_stdout() -> None:
    """Let Python flush into nothing as it ends: the reader (``head``) has left, or the disk."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())


def _is_output_failure(error: Exception) -> bool:
    return isinstance(error, OSError) and not error.filename and error.errno in _OUTPUT_FAILED


def _report_output(error: Exception) -> ExitCode:
    reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
    console.show_error(
        BadInputError(
            f"The standard output cannot be written: {reason}.",
            "Make room or send it elsewhere, and run the same command again.",
        )
    )
    _leave_stdout()
    return ExitCode.BAD_INPUT


def _report_defect(error: Exception, arguments: Sequence[str]) -> None:
    path = _write_log(error, arguments)
    kept = f"What happened is written in {path}." if path else "The log could not be written."
    console.show_error(
        KindmarkError(
            f"This is a defect of Kindmark ({type(error).__name__}), not of your file.",
            f"{kept} Please report it; the log may quote what children wrote.",
        )
    )


def _write_log(error: Exception, arguments: Sequence[str]) -> Path | None:
    import platformdirs  # noqa: PLC0415

    now = datetime.now(UTC)
    lines = [f"kindmark {__version__}, Python {sys.version}, {sys.platform}", f"{arguments=}"]
    try:
        folder = platformdirs.user_log_path("kindmark", appauthor=False, ensure_exists=True)
        path = folder / f"defect-{now:%Y%m%d-%H%M%S-%f}.log"
        path.write_text("\n".join([*lines, *traceback.format_exception(error)]), "utf-8")
    except OSError:
        return None
    return path


if __name__ == "__main__":
    sys.exit(main())
