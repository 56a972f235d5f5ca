"""The program inside every bundle: installs from it where there is nothing but Python.

    python3 school.kindmark install --key 3f2a-90c1-... --to DIR
    python3 school.kindmark check --key school.pub
    python3 school.kindmark list --key school.pub

The program cannot vouch for itself: whoever can alter it can make it say that all is well. Its
signature is worth what the way is worth on which the fingerprint came. Who must be sure checks the
file where Kindmark is installed already, or compares its SHA-256 with what ``export`` printed.
Standard library only: this module travels inside every bundle.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.bundle.install import check_machine, install
from runtime.bundle.reading import Bundle, check
from runtime.bundle.trust import trusted
from runtime.command_line import OurParser
from runtime.errors import ExitCode, KindmarkError

_ACTIONS = {
    "install": "install Kindmark and everything in the bundle into one folder",
    "check": "read every byte and compare it with what was signed",
    "list": "say what is in it",
}
_EPILOG = """\
examples:
  python3 FILE install --key 3f2a-90c1-...   into ~/kindmark
  python3 FILE check --key school.pub

KEY is the fingerprint of who made the bundle, or their public key file. Get it from them, on
another way than the bundle itself."""


def main(argv: Sequence[str]) -> int:
    """Do what ``argv`` asks of the bundle that this program came in; errors become messages."""
    try:
        return _main(argv)
    except KindmarkError as error:
        _say(f"kindmark: {error.message}\n{error.remedy}".rstrip())
        return error.exit_code
    except OSError as error:
        _say(f"kindmark: {error.filename or 'The disk'}: {error.strerror or error}.")
        return ExitCode.BAD_INPUT
    except KeyboardInterrupt:
        _say("Stopped. The same command goes on from here.")
        return ExitCode.INTERRUPTED


def _main(argv: Sequence[str]) -> int:
    args = _parser().parse_args(argv or ["--help"])
    with check(args.bundle, trusted(args.key)) as bundle:
        if args.action == "list":
            print(described(bundle))
            return ExitCode.DONE
        if args.action == "install":
            check_machine(bundle)
        _say("Checking every byte ...")
        bundle.check_members()
        if args.action == "install":
            command = install(bundle, args.to, _say)
            _say(f"Kindmark is installed. Start it with: {command}")
        else:
            _say(f"All of it is as the owner of the key {bundle.trusted} signed it.")
    return ExitCode.DONE


def described(bundle: Bundle) -> str:
    """Return what is in a bundle, a line for each file."""
    manifest, machine = bundle.manifest, bundle.manifest.machine
    suits = f"Python {machine.python} on {machine.platform}" if machine else "any machine"
    head = f"Kindmark {manifest.kindmark}, made {manifest.made}, for {suits}"
    lines = [f"{member.bytes / 1e6:10.1f} MB  {member.name}" for member in manifest.members]
    return "\n".join([head, f"signed with {bundle.trusted}", *lines])


def _parser() -> argparse.ArgumentParser:
    parser = OurParser(
        prog=f"python3 {Path(sys.argv[0]).name}",
        description="A bundle of Kindmark: marks children's maths and writing, without a network.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    what = "; ".join(f"{name}: {does}" for name, does in _ACTIONS.items())
    parser.add_argument("action", choices=_ACTIONS, help=what)
    parser.add_argument("--key", required=True, help="whose bundles are trusted")
    folder = Path.home() / "kindmark"
    parser.add_argument(
        "--to", metavar="DIR", type=Path, default=folder, help="where to (default: %(default)s)"
    )
    parser.add_argument(
        "--bundle",
        metavar="FILE",
        type=Path,
        default=Path(sys.argv[0]),
        help="another bundle than the one this program came in",
    )
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
