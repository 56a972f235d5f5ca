"""What the practice judge reads at each step: class sets as token trees, by the prompt contract.

    work = ClassSets(practice_tokenizer(), Settings())
    step = work[17]                   the classes of step 17; the same each time

First come copies of random tokens, then drills (the end of an answer right after its reference),
then the true prompts, some with what code found, and some with the reason or the feedback that
marking asks for after the verdict.
"""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from runtime.judge.llm.asking import sentences
from runtime.judge.prompt import (
    CHATML_TEMPLATE,
    Prompt,
    Segment,
    answer_segments,
    give_feedback,
    give_reason,
    mark_maths,
    render,
    token_ids,
    verdict_answer,
)
from runtime.marking import maths
from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.scratch.classes import classes, ends
from train.scratch.settings import Settings
from train.scratch.teacher import feedback, reason
from train.scratch.trees import Ids, Leaf, Step, Tree, common, grown, packed
from train.scratch.vocabulary import CHATML

_STEPS_SEED = 10_000_000
"""Seeds of training steps begin here; smaller ones are for measuring."""

_COPIES = 6
"""Of the same tokens; half of them changed."""

_WITH_EVIDENCE = 0.1, 0.4
"""Share of classes that are told what code found: before the last steps, which learn words, and in
them. It gives the verdict away."""

_TOLD = 0.25, 0.8
"""Share of verdicts that a reason or feedback follows, which cost as much as two more answers."""


class ClassSets(Dataset[Step]):
    """Makes the token trees of every step."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: Settings) -> None:
        self._tokenizer, self._settings = tokenizer, settings
        self._known: dict[str, Ids] = {}
        prompts = [self.prompt(mark_maths(one.item())) for rows in classes(8, 0) for one in rows]
        self.prefix = prompts[0][: common(prompts)]

    def __len__(self) -> int:
        return self._settings.marking + self._settings.words

    def __getitem__(self, step: int) -> Step:
        """Return the rows of a step, counted from 0."""
        settings = self._settings
        seed = _STEPS_SEED * (1 + settings.seed) + step
        if step < settings.copies:
            return packed([], self.copies(random.Random(seed)), settings.drill_length)
        if step < settings.copies + settings.drills:
            drills = self._drills(ends(settings.drill_questions, seed))
            return packed([], drills, settings.drill_length)
        words = step >= settings.marking
        trees = self._trees(classes(settings.questions, seed), random.Random(seed), words)
        return packed(self.prefix, trees, settings.length)

    def prompt(self, prompt: Prompt) -> Ids:
        """Return the ids of a prompt, up to where the reply begins."""
        return token_ids(render(prompt, CHATML_TEMPLATE), self._encode)

    def reply(self, text: str) -> Ids:
        """Return the ids of a reply with its turn's end."""
        return token_ids(answer_segments(text, CHATML_TEMPLATE), self._encode)

    def copies(self, rng: random.Random) -> Iterator[Tree]:
        """Yield random tokens, each time with copies of them, half with one token changed.

        Nearly every token of a copy can be foretold, so that a network soon learns to look up what
        it copies. With that, whatever is surprising is wrong.
        """
        every, digits = range(len(CHATML), len(self._tokenizer)), self._encode("0123456789", False)
        for _ in range(self._settings.drill_questions):
            share = rng.choice((0.0, 0.5, 1.0))
            pool = [digits if rng.random() < share else every for _ in range(rng.randint(3, 12))]
            ids = [rng.choice(one) for one in pool]
            yield Tree([*ids, *self._encode("\n", True)], tuple(self._copies_of(ids, pool, rng)))

    def _copies_of(
        self, ids: Ids, pool: Sequence[Sequence[int]], rng: random.Random
    ) -> Iterator[Leaf]:
        end = self._encode("<|im_end|>", True)
        for number in range(_COPIES):
            copy, at = list(ids), rng.randrange(len(ids))
            if number % 2:
                copy[at] = rng.choice([one for one in pool[at] if one != ids[at]])
            yield self._leaf([*copy, *end], Verdict.INCORRECT if number % 2 else Verdict.CORRECT)

    def _drills(self, sets: Iterator[list[Example]]) -> Iterator[Tree]:
        for examples in sets:
            yield grown(
                0,
                [
                    self._leaf(token_ids(_bare(one), self._encode), _verdict(one))
                    for one in examples
                ],
            )

    def _trees(
        self, sets: Iterator[list[Example]], rng: random.Random, words: bool = False
    ) -> Iterator[Tree]:
        with maths.SymbolicChecker() as checker:
            for examples in sets:
                told = rng.random() < _WITH_EVIDENCE[words]
                leaves = []
                for one in examples:
                    found = maths.examine(one.item(), checker).evidence if told else ()
                    prompt = mark_maths(one.item(), sentences(found))
                    leaf = self._leaf(self.prompt(prompt), _verdict(one))
                    followed = rng.random() < _TOLD[words]
                    leaves.append(self._told(leaf, prompt, one, rng) if followed else leaf)
                yield grown(len(self.prefix), leaves)

    def _leaf(self, prompt: Ids, verdict: Verdict) -> Leaf:
        reply = self.reply(verdict_answer(verdict))
        weights = [1.0] * (len(prompt) + len(reply))
        weights[len(prompt)] = self._settings.verdict_weight
        return Leaf([*prompt, *reply], weights)

    def _told(self, leaf: Leaf, prompt: Prompt, example: Example, rng: random.Random) -> Leaf:
        """Return an answer's ids with a reason or feedback after its verdict."""
        verdict, rule = _verdict(example), example.rule or ""
        said = verdict_answer(verdict)
        if rng.random() < 0.5:
            asked, words = give_reason(prompt, said), reason(verdict, rng)
        else:
            asked, words = give_feedback(prompt, said, verdict), feedback(verdict, rule, rng)
        ids, reply = self.prompt(asked), self.reply(words)
        weights = [*leaf.weights[: len(ids)], *[0.0] * (len(ids) - len(leaf.weights))]
        return Leaf([*ids, *reply], [*weights, *[self._settings.told_weight] * len(reply)])

    def _encode(self, text: str, special: bool) -> Ids:
        """Tokenize; our own wording is the same in every prompt and is tokenized once."""
        if special and text in self._known:
            return self._known[text]
        found: Ids = self._tokenizer.encode(
            text, add_special_tokens=False, split_special_tokens=not special
        )
        if special:
            self._known[text] = found
        return found


def _verdict(example: Example) -> Verdict:
    return example.verdict or Verdict.INCORRECT


def _bare(example: Example) -> Sequence[Segment]:
    """Return reference and answer alone, of all that a prompt says."""
    return [
        Segment(example.reference or "", special=False),
        Segment("\n", special=True),
        Segment(example.text, special=False),
        Segment("<|im_end|>", special=True),
    ]
