"""What can be wrong with a recipe, said with file and key.

raise explained(path, error, {"": ["name", ...], "stage": [...]})    what the readers refused
for message, remedy in problems(recipe): ...                          what is wrong between keys
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runtime.errors import BadInputError

if TYPE_CHECKING:
    from train.recipe import Recipe, Stage

Keys = Mapping[str, Sequence[str]]


class Problem(NamedTuple):
    """What is wrong, and what to do about it."""

    message: str
    remedy: str


def meant(name: str, known: Sequence[str]) -> str:
    """Return a remedy for a name that is not known: the nearest, else all there are."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"Is '{near[0]}' meant?" if near else f"There are: {', '.join(known)}."


def problems(recipe: "Recipe") -> Iterator[Problem]:
    """Yield what is wrong between the keys of a recipe, first things first."""
    earlier = ["base"]
    for stage in recipe.stage:
        for problem in _stage_problems(stage, earlier):
            yield Problem(f"stage {stage.name}: {problem.message}", problem.remedy)
        earlier.append(stage.name)


def _stage_problems(stage: "Stage", earlier: list[str]) -> Iterator[Problem]:
    if stage.name in earlier:
        yield Problem("the name is taken.", f"Taken are: {', '.join(earlier)}.")
    if stage.start and stage.start not in earlier:
        message = f"start names {stage.start!r}, which is no earlier stage."
        yield Problem(message, meant(stage.start, earlier))
    if stage.kind == "classify" and len(set(stage.labels)) < max(2, len(stage.labels)):
        yield Problem("classify needs two or more different labels.", "Write labels = [...].")
    if stage.kind != "classify" and stage.labels:
        yield Problem(f"labels are for classify, not for {stage.kind}.", "Take the labels out.")
    if (stage.kind == "embed") != (stage.prompt == ""):
        yield Problem("every kind but embed has a prompt.", 'Write, say: prompt = "mark_maths".')
    for source in stage.data:
        if source.kind == "simulator" and source.count == 0:
            yield Problem(f"simulator {source.name} makes nothing.", "Write, say: count = 1000.")


def explained(path: Path, error: Exception, keys: Keys) -> BadInputError:
    """Return the error a user meets; ``keys`` are the known keys by the name of their table."""
    text, _, place = str(error).partition(" - at `$")
    at = place.rstrip("`").lstrip(".")
    if found := re.search(r"unknown field `(.*)`", text):
        return _unknown(path, at, found.group(1), keys)
    if found := re.search(r"missing required field `(.*)`", text):
        return BadInputError(f"{path}: {_key(at, found.group(1))} is missing.", "Write it.")
    if at:
        return BadInputError(f"{path}: {at}: {_plain(text)}.", "Put it right in the file.")
    return BadInputError(f"{path} is not a recipe: {_plain(text)}.", "See train/recipes.")


def _unknown(path: Path, at: str, name: str, keys: Keys) -> BadInputError:
    table = re.sub(r"\[.*?\]", "", at).rpartition(".")[2]
    known = keys[table]
    return BadInputError(f"{path}: there is no key {_key(at, name)}.", meant(name, known))


def _key(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _plain(text: str) -> str:
    return text.replace("`", "").rstrip(".")
