"""Answers that share what they begin with, on every architecture of the recipes."""

from collections.abc import Callable

import numpy as np
import pytest

from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.engine import Model
from tests.convert.verify.conftest import DECODERS, Tiny

SHARED = 200
"""Three windows of the tiny Gemma 3n: what it branches from lies in part behind the window."""

NEAR = 5e-3
"""Gemma's nets come nearest to it, as llama.cpp rounds GELU to 16 bits."""


@pytest.mark.parametrize("architecture", DECODERS)
def test_each_reads_as_it_does_alone(tiny: Callable[[str], Tiny], architecture: str) -> None:
    one = tiny(architecture)
    tails = one.prompts
    shared = (tails[0] * SHARED)[:SHARED]
    prompts = [Prompt(np.array(shared + tail, np.int32), SHARED) for tail in tails]
    with (
        Model(one.gguf) as model,
        BranchContext(model, BranchLimits(1024, 8, exact=True)) as context,
        CausalContext(model, CausalLimits(512, exact=True)) as alone,
    ):
        sequences = Sequences(context)
        together = [held.logits for held in sequences.hold(prompts)]
        assert sequences.read_tokens == SHARED + sum(map(len, tails))
        for prompt, given in zip(prompts, together, strict=True):
            [wanted] = alone.logits(prompt.ids, first=len(prompt.ids) - 1)
            assert np.abs(given - wanted).max() < NEAR
