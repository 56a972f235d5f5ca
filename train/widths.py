"""What fewer bits cost: the size, speed and figures of a finished stage at several widths.

    widths = measure_widths(recipe, stage, run / stage.name / "adapter", held_out)
    print(table(widths))

The adapter stays as it was trained; only the base under it is held in 16, 8 or 4 bits
(``evaluate_bits`` of the recipe). All of them answer the same held-out rows.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import msgspec

from train.bases import load_trained
from train.data.schema import Example
from train.evaluation import Evaluation
from train.recipe import Recipe, Stage
from train.stages import classify, dpo, prefer, sft
from train.stages.texts import Texts

_KINDS: Mapping[str, ModuleType] = {
    "sft": sft,
    "classify": classify,
    "prefer": prefer,
    "dpo": dpo,
}


class Width(msgspec.Struct, frozen=True):
    """A model at one width: its bytes in memory, tokens read in a second, what it then knows.

    ``bytes`` are weights and adapter without quantization constants (0.127 bits a weight in 4
    bits). ``tokens_a_second`` is reading, one text after another: what marking mostly does.
    """

    bits: int
    bytes: int
    tokens_a_second: float
    found: dict[str, Evaluation]


def measure_widths(
    recipe: Recipe, stage: Stage, adapter: Path, held_out: Sequence[Example]
) -> list[Width]:
    """Measure the adapter of a stage at each of ``recipe.evaluate_bits``, on the same rows.

    Raises ``ModelError`` if the adapter or its base cannot be loaded.
    """
    return [_measure(recipe, stage, adapter, held_out, bits) for bits in recipe.evaluate_bits]


def _measure(
    recipe: Recipe, stage: Stage, adapter: Path, held_out: Sequence[Example], bits: int
) -> Width:
    kind = _KINDS[stage.kind]
    loaded = load_trained(adapter, bits=bits)
    texts = Texts(loaded, stage.training.max_tokens)
    rows = kind.rows(stage, texts, held_out, recipe.seed)
    read = sum(tokens.length for row in rows.tokens for tokens in row)
    start = time.perf_counter()
    found = kind.measure(stage, texts, loaded.model, rows)
    seconds = time.perf_counter() - start
    return Width(bits, loaded.model.get_memory_footprint(), read / seconds, dict(found))


def table(widths: Sequence[Width]) -> str:
    """Return a Markdown table: a row a width, a column a measure of each evaluation."""
    names = [(name, measure) for name, measure, _ in _figures(widths[0])] if widths else []
    head = ["bits", "MB", "tokens/s", *(f"{name}: {measure}" for name, measure in names)]
    lines = [head, ["---"] * len(head), *([*_cells(width)] for width in widths)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _figures(width: Width) -> Iterator[tuple[str, str, float]]:
    for name, evaluation in width.found.items():
        for measure, measured in evaluation.comparison.measures.items():
            yield name, measure, measured.value


def _cells(width: Width) -> Iterator[str]:
    yield from (str(width.bits), f"{width.bytes / 1e6:,.1f}", f"{width.tokens_a_second:,.0f}")
    for _, _, value in _figures(width):
        yield f"{value:.3f}"
