"""The smallest marker: a tiny BERT, settings, and graded answers of ours."""

import torch
from torch import Tensor

from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.bases import Loaded, load_base
from train.data.schema import Example
from train.marker.building import Tokenize, build
from train.marker.network import MarkerNetwork
from train.marker.questions import Question, gather
from train.marker.settings import Settings
from train.recipe import Adapter, Base, Quantization, Recipe, load_recipe

SETTINGS = Settings(
    folds=2,
    answers=4,
    other_reference=0.5,
    rank=0.5,
)
ADAPTER = Adapter(
    rank=4,
    alpha=8,
    dropout=0.0,
    targets=("query", "key", "value", "attention.output.dense"),
)

PUDDLE = ("Why does the puddle dry up in the sun?", "The sun heats the water, and it evaporates.")
ICE = ("What happens to ice in a warm room?", "It melts. The water then takes the room's heat.")
ANSWERS = (
    (PUDDLE, "the water evaporates because it is heated by the sun", True),
    (PUDDLE, "it turns into gas and goes up into the air", True),
    (PUDDLE, "the water sinks into the ground", False),
    (PUDDLE, "the puddle dries up in the sun", False),
    (PUDDLE, "because it is the sun and the heat makes it go away", True),
    (PUDDLE, "heat from the sun turns the water to vapour", True),
    (PUDDLE, "water evaporates!", True),
    (PUDDLE, "", False),
    (ICE, "it melts and becomes water", True),
    (ICE, "it stays as it is", False),
    (ICE, "it gets colder", False),
)


def examples() -> list[Example]:
    """Return the answers in turn, a question's not side by side."""
    mixed = ANSWERS[::2] + ANSWERS[1::2]
    return [example(f"{at}", *row) for at, row in enumerate(mixed)]


def example(name: str, asked: tuple[str, str], answer: str, right: bool) -> Example:
    question, reference = asked
    return Example(
        id=name,
        set="ours",
        group=question,
        task=Task.SHORT_ANSWER,
        question=question,
        reference=reference,
        answer=answer,
        verdict=Verdict.CORRECT if right else Verdict.INCORRECT,
    )


def recipe() -> Recipe:
    return Recipe(
        name="small",
        title="",
        follows="",
        seed=3,
        base=Base(hub="nobody/nothing", architecture="bert", licence=""),
        quantization=Quantization(bits=16),
        adapter=ADAPTER,
        stage=load_recipe("minilm-marker").stage,
    )


def loaded() -> Loaded:
    return load_base(recipe(), "embed", tiny=True)


def questions(base: Loaded) -> list[Question]:
    return gather(examples(), Tokenize(base))


def network(base: Loaded, rank: float = SETTINGS.rank) -> MarkerNetwork:
    """Return a network in which every trained weight says something, ready to mark."""
    found = build(base, ADAPTER, questions=2, rank=rank, seed=1)
    random = torch.Generator().manual_seed(2)
    for weight in found.parameters():
        if weight.requires_grad:
            weight.data += 0.1 * torch.randn(weight.shape, generator=random)
    return found.eval()


def gradients(module: torch.nn.Module) -> dict[str, Tensor]:
    return {name: one.grad for name, one in module.named_parameters() if one.grad is not None}
