"""``kindmark bundle``: Kindmark, models and question sets in one signed file, for USB sticks.

kindmark bundle key school.key
kindmark bundle export school.kindmark --key school.key --items week1.jsonl
kindmark bundle import school.kindmark --trust school.pub
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from runtime.cli import console
from runtime.cli.options import Parser, named
from runtime.command_line import OurParser
from runtime.errors import ExitCode
from runtime.locations import model_store, sets_folder

_EXAMPLES = """\
  kindmark bundle key school.key             make a key pair: school.key and school.pub
  kindmark bundle export school.kindmark --key school.key --items week1.jsonl
                                             all models here, question sets, Kindmark itself
  python3 school.kindmark install --key FINGERPRINT
                                             on a machine with nothing but Python
  kindmark bundle import school.kindmark --trust FINGERPRINT
                                             where Kindmark is installed already

Keep school.key to yourself; give the fingerprint on another way than the bundle.
"""


def main(argv: Sequence[str]) -> int:
    """Make a key, write a bundle or read one. Raises ``KindmarkError`` for what is wrong."""
    args = _parser().parse_args(argv)
    action = {"key": _key, "export": _export, "import": _import, "show": _show}[args.action]
    return action(args)


def _parser() -> Parser:
    parser = Parser("bundle", "Pack Kindmark into one signed file, or take it out.", _EXAMPLES)
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", parser_class=OurParser
    )
    key = actions.add_parser("key", help="make a key pair that signs bundles")
    key.add_argument("file", metavar="FILE", type=_path, help="the private key; .pub goes beside")
    _add_export(actions.add_parser("export", help="write a bundle"))
    taking = actions.add_parser("import", help="take models and question sets out of a bundle")
    showing = actions.add_parser("show", help="check a bundle and list what is in it")
    for reading in (taking, showing):
        reading.add_argument("bundle", metavar="FILE", type=_path, help="the bundle")
        trust = "fingerprint or public key file of who made it"
        reading.add_argument("--trust", metavar="KEY", required=True, help=trust)
    taking.add_argument("--store", metavar="DIR", type=_path, help="where models go")
    taking.add_argument("--to", metavar="DIR", type=_path, help="where items/ and rubrics/ go")
    # Given by the installing program, which has just read every byte.
    taking.add_argument("--members-checked", action="store_true", help=argparse.SUPPRESS)
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT", type=_path, help="the bundle, a new file")
    parser.add_argument("--key", metavar="FILE", type=_path, required=True, help="a private key")
    models = "models of the store (default: all that are here; none after --models alone)"
    parser.add_argument("--models", metavar="NAME", nargs="*", type=named, help=models)
    for name, what in (("items", "question sets"), ("rubrics", "rubrics")):
        parser.add_argument(
            f"--{name}", metavar="FILE", nargs="+", type=_path, default=[], help=what
        )
    wheels = parser.add_mutually_exclusive_group()
    packed = "a folder of wheels (default: what is installed here, packed again)"
    wheels.add_argument("--wheels", metavar="DIR", type=_path, help=packed)
    wheels.add_argument("--no-wheels", action="store_true", help="for machines with Kindmark")


def _path(text: str) -> Path:
    return Path(named(text))


def _key(args: argparse.Namespace) -> int:
    from runtime.bundle import keys, trust  # noqa: PLC0415

    public, path = keys.make(args.file)
    console.say(f"{args.file} signs your bundles: keep it to yourself, and keep a copy of it.")
    console.say(f"{path} is for everybody. Its fingerprint, to read out or print:")
    print(trust.fingerprint(public))
    return ExitCode.DONE


def _export(args: argparse.Namespace) -> int:
    from runtime.bundle import exporting, keys, trust  # noqa: PLC0415

    signer = keys.read_signer(args.key)
    models = None if args.models is None else tuple(args.models)
    chosen = exporting.Chosen(
        models, tuple(args.items), tuple(args.rubrics), args.wheels, args.no_wheels
    )
    done = exporting.export(args.out, chosen, signer, console.say)
    console.say(f"{args.out}: {done.bytes / 1e6:,.0f} MB, {len(done.manifest.members)} files.")
    console.say(f"Fingerprint of the key: {trust.fingerprint(signer.public)}")
    console.say("SHA-256 of the whole file, to compare before its program is started:")
    print(done.sha256)
    return ExitCode.DONE


def _import(args: argparse.Namespace) -> int:
    from runtime.bundle import importing, keys, reading, trust  # noqa: PLC0415

    with reading.check(args.bundle, trust.trusted(args.trust), keys.verify) as bundle:
        if not args.members_checked:
            bundle.check_members()
        store, folder = args.store or model_store(), args.to or sets_folder()
        for path in importing.take(bundle, store, folder):
            print(path)
    return ExitCode.DONE


def _show(args: argparse.Namespace) -> int:
    from runtime.bundle import keys, program, reading, trust  # noqa: PLC0415

    with reading.check(args.bundle, trust.trusted(args.trust), keys.verify) as bundle:
        bundle.check_members()
        print(program.described(bundle))
    return ExitCode.DONE
