"""What a stage's model is asked about a class set, as ids: what its files are compared on.

    items = read_items(Path("class.jsonl"))
    ids = prompt_ids("mark_maths", [one.item for one in items], encoder_of(merged))

The very prompts of marking (``runtime.judge.prompt``), through the model's own template.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from runtime.errors import BadInputError
from runtime.judge import prompt as contract
from runtime.judge.prompt import Prompt, Segment, render, token_ids
from runtime.locations import shipped_examples
from runtime.marking.item import Item, parse_item
from runtime.marking.mark import Verdict

Ids = list[int]


class Labelled(NamedTuple):
    """An item and its label, "" if it has none."""

    item: Item
    label: str


class Encoder(NamedTuple):
    """A folder's tokenizer: ``encode(text, special)``, its template, and both ends of a text."""

    encode: Callable[[str, bool], Ids]
    template: str
    bos: str
    eos: str


def read_items(path: Path) -> list[Labelled]:
    """Read a class set in JSONL with a field ``label``.

    Raises ``BadInputError`` naming the file and the line.
    """
    found = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path} cannot be read: {error}.", "Name a JSONL file.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("it is no JSON object")
            label = row.pop("label", "")
            found.append(Labelled(parse_item(row), "" if label is None else str(label)))
        except (ValueError, BadInputError) as error:
            raise BadInputError(f"{path}, line {number}: {error}", "Correct that line.") from error
    if not found:
        raise BadInputError(f"{path} holds no item.", "Name a class set with answers in it.")
    return found


def example_items() -> list[Item]:
    """Return the class set that comes with Kindmark: what is compared on where nothing is given."""
    return [one.item for one in read_items(shipped_examples() / "class-set.jsonl")]


def encoder_of(folder: Path) -> Encoder:
    """Load a folder's tokenizer with transformers: the one the model was trained with."""
    from transformers import AutoTokenizer  # noqa: PLC0415 - seconds to import

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)

    def encode(text: str, special: bool) -> Ids:
        split = not special
        return list(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=split))

    template = tokenizer.chat_template or contract.PLAIN_TEMPLATE
    return Encoder(encode, template, tokenizer.bos_token or "", tokenizer.eos_token or "")


def prompt_ids(name: str, items: Sequence[Item], encoder: Encoder) -> list[Ids]:
    """Return the ids of the prompt ``name`` for each item; without a name, of its bare text."""
    return [token_ids(_segments(name, item, encoder), encoder.encode) for item in items]


def _segments(name: str, item: Item, encoder: Encoder) -> list[Segment]:
    if not name:
        # What reads without a prompt reads a text between its own marks, as BERT does.
        return [Segment("[CLS]", True), Segment(item.text or "-", False), Segment("[SEP]", True)]
    return render(asked(name, item), encoder.template, bos=encoder.bos, eos=encoder.eos)


def replies(name: str) -> dict[str, str]:
    """Return how the reply begins for each label of a prompt; {} where it is no label.

    Scores are those of the scale 0 to 5, which rubrics have where they say nothing else.
    """
    verdicts = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
    match name:
        case "mark_maths" | "mark_short_answer":
            return {one.value: contract.verdict_answer(one) for one in verdicts}
        case "explain":
            return {
                one.value: contract.explanation_answer(one, "", "en").strip() for one in verdicts
            }
        case "mark_rubric" | "mark_essay":
            return {str(one): contract.score_answer(one, (0.0, 5.0)) for one in range(6)}
    return {}


def asked(name: str, item: Item) -> Prompt:  # noqa: PLR0911 - one return a prompt of the contract
    """Return the prompt ``name`` of the contract for an item."""
    match name:
        case "solve":
            return contract.solve(item.question)
        case "summarise":
            return contract.summarise(item.source or item.question)
        case "choose":
            return contract.choose(item.question, (item.text or "-", item.reference or "?"))
        case "explain":
            return contract.explain(item, ())
        case "compare_answers":
            return contract.compare_answers(item, item.text, item.reference or "")
        case "mark_maths":
            return contract.mark_maths(item)
        case "mark_short_answer":
            return contract.mark_short_answer(item)
        case "mark_essay":
            return contract.mark_essay(item)
    return contract.mark_rubric(item)
