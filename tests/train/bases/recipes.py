"""The smallest recipe of each architecture, for the tests of the bases."""

from train.recipe import Adapter, Architecture, Base, Quantization, Recipe, load_recipe

DECODERS: tuple[Architecture, ...] = ("gemma3n", "gemma", "qwen2", "qwen3", "llama")


def recipe(architecture: Architecture, *, hub: str = "nobody/nothing", seed: int = 3) -> Recipe:
    attention = ("query", "value") if architecture == "bert" else ("q_proj", "k_proj", "v_proj")
    return Recipe(
        name="small",
        title="",
        follows="",
        seed=seed,
        base=Base(hub=hub, architecture=architecture, licence=""),
        quantization=Quantization(bits=4),
        adapter=Adapter(rank=8, alpha=16, dropout=0.0, targets=attention),
        stage=load_recipe("qwen2.5-judge").stage,
    )
