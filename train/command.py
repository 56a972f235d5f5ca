"""``kindmark train``: turn graded work into adapters and heads, one recipe at a time.

    kindmark train list                         the recipes there are
    kindmark train gemma3n-math --dry-run       steps, tokens, memory and time; loads nothing
    kindmark train gemma3n-math --data DIR      train it, all its stages
    kindmark train gemma3n-math --tiny          the whole path in a minute, on a CPU
    accelerate launch --num_processes 4 -m train.command qwen3-reasoning-it    on four GPUs

    kindmark train essays --data DIR            fit the essay head that ships there
    kindmark train calibrate --data DIR         measure the maths evidence and write its rates
    kindmark train practice-judge --out DIR     a small causal model from scratch, see its --help

RECIPE is a name from the list or a .toml file of yours. For essays and calibrate, DIR holds
one folder a set, named at the top of train/jobs.py.
"""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from runtime.command_line import OurParser, at_least, training_half
from runtime.errors import BadInputError, KindmarkError
from runtime.locations import shipped_models
from train.recipe import Recipe, load_recipe, recipe_names, tiny_recipe

_JOBS = ("essays", "calibrate")
_FROM_SCRATCH = "practice-judge"


def main(argv: list[str]) -> int:
    """Run one training command. Raises ``BadInputError`` if the training half is not installed."""
    if argv and argv[0] == _FROM_SCRATCH:
        from train.scratch import practice_judge  # noqa: PLC0415

        return practice_judge.main(argv[1:])
    if argv and argv[0] in _JOBS:
        return _run_job(_job_parser().parse_args(argv))
    options = _parser().parse_args(argv)
    if options.recipe == "list":
        sys.stdout.write(_list())
        return 0
    recipe = _on_base(_checked(load_recipe(options.recipe), options), options.base)
    if options.dry_run:
        _describe(recipe, options)
        return 0
    _train(recipe, options)
    return 0


def _run_job(options: argparse.Namespace) -> int:
    with training_half("Training"):
        from train import jobs  # noqa: PLC0415 - scikit-learn takes a second to import
    fit = {"essays": jobs.fit_essays, "calibrate": jobs.write_calibration}[options.command]
    fit(options.data, options.out)
    return 0


def _train(recipe: Recipe, options: argparse.Namespace) -> None:
    with training_half("Training"):
        # The bases first: they silence what some libraries say while they are imported.
        from train import bases, runner  # noqa: F401, PLC0415 - torch takes seconds to import
    runner.train(
        recipe,
        runner.Options(
            data=options.data,
            runs=options.runs,
            name=options.name,
            tiny=options.tiny,
            resume=options.resume,
            stages=tuple(options.stage),
            max_steps=options.max_steps,
            seed=options.seed,
            quiet=options.quiet,
            cpu=options.cpu,
        ),
    )


def _describe(recipe: Recipe, options: argparse.Namespace) -> None:
    from train.estimate_text import describe  # noqa: PLC0415 - only a dry run needs it

    # What accelerate tells the processes it starts; one of them speaks.
    devices = int(os.environ.get("WORLD_SIZE", "1"))
    if os.environ.get("RANK", "0") != "0":
        return
    if options.seed is not None:
        recipe = msgspec.structs.replace(recipe, seed=options.seed)
    if options.tiny:
        recipe = tiny_recipe(recipe)
    sys.stdout.write(describe(recipe, devices, tiny=options.tiny, stages=options.stage))


def _checked(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    for name in options.stage:
        recipe.stage_named(name)
    if options.data is not None and not options.data.is_dir():
        raise BadInputError(f"There is no folder {options.data}.", "Correct --data.")
    return recipe


def _on_base(recipe: Recipe, folder: Path | None) -> Recipe:
    """Return the recipe with its base read from a folder, if one is named."""
    if folder is None:
        return recipe
    if not folder.is_dir():
        raise BadInputError(f"There is no folder {folder}.", "Correct --base.")
    base = msgspec.structs.replace(recipe.base, folder=str(folder))
    return msgspec.structs.replace(recipe, base=base)


def _list() -> str:
    recipes = [load_recipe(name) for name in recipe_names()]
    width = max(len(recipe.name) for recipe in recipes)
    return "".join(f"{recipe.name:{width}}  {recipe.title}\n" for recipe in recipes)


def _parser() -> argparse.ArgumentParser:
    parser = OurParser(
        prog="kindmark train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", metavar="RECIPE", help="a name, a .toml file, or: list")
    parser.add_argument("--data", type=Path, help="folder of the files that the recipe names")
    parser.add_argument("--base", type=Path, metavar="DIR", help="the base from here, not the hub")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--name", default="", help="name of this run (recipe and time)")
    parser.add_argument("--tiny", action="store_true", help="a tiny random model, simulators only")
    parser.add_argument("--dry-run", action="store_true", help="say what it would take, and stop")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--stage", nargs="+", action="extend", default=[], metavar="NAME", help="only these stages"
    )
    parser.add_argument(
        "--max-steps", type=at_least(0), default=0, metavar="N", help="stop after N"
    )
    parser.add_argument("--seed", type=at_least(0), metavar="N", help="in place of the recipe's")
    parser.add_argument("--cpu", action="store_true", help="the true size without a GPU: days")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def _job_parser() -> argparse.ArgumentParser:
    parser = OurParser(prog="kindmark train")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in _JOBS:
        command = commands.add_parser(name)
        command.add_argument("--data", type=Path, required=True, help="folder of the sets")
        command.add_argument(
            "-o", "--out", type=Path, default=shipped_models(), help="folder to write to"
        )
    return parser


def _as_module() -> int:
    """Run as ``accelerate launch`` does, which knows nothing of our errors."""
    try:
        return main(sys.argv[1:])
    except KindmarkError as error:
        sys.stderr.write(f"{error.title}: {error.message} {error.remedy}\n")
        return error.exit_code


if __name__ == "__main__":
    raise SystemExit(_as_module())
