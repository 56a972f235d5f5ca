"""What the commands of ``kindmark data`` do; the data go to stdout, progress to stderr."""

import argparse
import functools
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from runtime import __version__
from runtime.errors import BadInputError
from train.data.audit import audit
from train.data.audit_text import plain
from train.data.digest import json_lines
from train.data.load import load
from train.data.manifest import Manifest
from train.data.options import sources_of
from train.data.pairs import preference_pairs
from train.data.prepare import HELD_OUT, TRAIN, Plan, prepare, stage_plan
from train.data.readable import readable
from train.data.schema import Example
from train.data.store import encoded, is_saved, load_saved, save
from train.recipe import Recipe, Source, load_recipe

HERE = Path()


def make(args: argparse.Namespace, argv: Sequence[str]) -> None:
    """Read sources, or those of a recipe's stage, and keep them as a data set."""
    say = _sayer(args)
    _check_something(args)
    if args.recipe:
        recipe = load_recipe(args.recipe)
        stage = recipe.stage_named(_stage_name(recipe, args.stage))
        seed, sources, plan, below = recipe.seed, stage.data, stage_plan(stage), args.data
    else:
        seed, sources, plan, below = args.seed, sources_of(args), _plan(args), HERE
    prepared = prepare(sources, plan, below, seed, say)
    manifest = Manifest(
        command=_command(argv),
        seed=seed,
        sources=tuple(one for source in sources for one in _origins(source, below)),
        notes=tuple(note for source in sources for note in _notes(source, below)) + prepared.notes,
        kindmark=__version__,
    )
    saved = save(prepared.parts, args.out, manifest, args.force)
    for note in prepared.notes:
        say(note)
    counts = ", ".join(f"{name} {part.examples:,}" for name, part in saved.parts.items())
    say(f"{args.out} and its zip: {counts} examples.")
    sys.stdout.write(f"{saved.sha256}  {args.out}\n")


def check(args: argparse.Namespace) -> None:
    """Print an audit of everything that is read."""
    found = audit(_examples(args), args.budget)
    sys.stdout.write(encoded(found) if args.json else plain(found))


def pairs(args: argparse.Namespace) -> None:
    """Write preference pairs as JSON lines."""
    found = preference_pairs(_examples(args), args.seed, args.per_question, args.least_margin)
    _sayer(args)(f"{len(found):,} pairs")
    lines = json_lines(found)
    if args.out is None:
        sys.stdout.write(lines.decode())
    else:
        _write(args.out, lines, args.force)


def show(args: argparse.Namespace) -> None:
    """Print a few examples, evenly spaced, for a person to read."""
    examples = _examples(args)
    step = max(1, len(examples) // args.number)
    texts = [readable(example) for example in examples[::step][: args.number]]
    sys.stdout.write("\n".join(texts))


def list_simulators() -> None:
    """Print the simulators, a line each."""
    from train.simulate import SIMULATORS  # noqa: PLC0415 - passages are read on import

    width = max(map(len, SIMULATORS), default=0)
    for name, simulate in sorted(SIMULATORS.items()):
        first = (simulate.__doc__ or "").strip().partition("\n")[0]
        what = first.removeprefix("Yield ``count`` ").replace("``", "")
        sys.stdout.write(f"{name:{width}}  {what}".rstrip() + "\n")


def _plan(args: argparse.Namespace) -> Plan:
    shares = args.parts or {}
    if args.held_out and not shares:
        shares = {TRAIN: 1 - args.held_out, HELD_OUT: args.held_out}
    return Plan(shares=shares, labels=args.classes, clean=args.clean, balance=args.balance)


def _stage_name(recipe: Recipe, given: str | None) -> str:
    """Return the stage asked for; a recipe of one stage needs none."""
    if given or len(recipe.stage) == 1:
        return given or recipe.stage[0].name
    names = ", ".join(stage.name for stage in recipe.stage)
    raise BadInputError(
        f"Recipe {recipe.name} has several stages.", f"Name one with --stage: {names}."
    )


def _check_something(args: argparse.Namespace) -> None:
    if args.source and args.recipe:
        raise BadInputError(
            "Give either SOURCE or --recipe, not both.", "The recipe names its own sources."
        )
    if not args.source and not args.recipe:
        raise BadInputError(
            "There is no SOURCE to read.",
            "Name a simulator, a file or a hub dataset, or a recipe with --recipe.",
        )


def _examples(args: argparse.Namespace) -> list[Example]:
    say = _sayer(args)
    found: list[Example] = []
    for source in sources_of(args):
        say(f"Reading {source.name} ...")
        found += load(source, HERE, args.seed, say)
    return found


def _origins(source: Source, below: Path) -> tuple[Source, ...]:
    """Return whose work a source is: of a saved data set, what that was made from."""
    path = below / source.name
    saved = source.kind == "file" and is_saved(path)
    return load_saved(path).manifest.sources if saved else (source,)


def _notes(source: Source, below: Path) -> tuple[str, ...]:
    path = below / source.name
    saved = source.kind == "file" and is_saved(path)
    return load_saved(path).manifest.notes if saved else ()


def _command(argv: Sequence[str]) -> str:
    """Return the command as it would be typed; where it writes to changes nothing in the data."""
    words: list[str] = []
    waiting = iter(argv)
    for word in waiting:
        if word in {"-o", "--out"}:
            next(waiting, None)
        elif not word.startswith("--out=") and word not in {"--force", "--quiet"}:
            words.append(word)
    return shlex.join(["kindmark", "data", *words, "-o", "DIR"])


def _write(path: Path, lines: bytes, force: bool) -> None:
    if path.exists() and not force:
        raise BadInputError(
            f"{path} is there already.", "Choose another name, or overwrite it with --force."
        )
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_bytes(lines)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        reason = os.strerror(error.errno or 0)
        raise BadInputError(f"{path} cannot be written: {reason}.", "Name another file.") from None


def _sayer(args: argparse.Namespace) -> Callable[[str], None]:
    return (lambda message: None) if args.quiet else functools.partial(print, file=sys.stderr)
